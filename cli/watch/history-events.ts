/** From the history of an execution on AWS to the events that a run on this machine would tell. */
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { RunEvent } from '../../workflows/events/run-event.ts';

/** A task that was scheduled. */
interface ScheduledTask {
  readonly state: string;
  /** Name of its EMR step; null: it is none. */
  readonly step: string | null;
  readonly at: number;
}

const NO_PROGRESS = { recordsIn: 0, recordsOut: 0, bytes: 0, total: null } as const;

/** Reads a history, each event once and in order. */
export class HistoryReader {
  /** State of each event, by its id. */
  readonly #states = new Map<number, string>();
  /** Task of each event, by its id. */
  readonly #tasks = new Map<number, ScheduledTask>();
  /** Times that a state's task failed since it was entered. */
  readonly #failures = new Map<string, number>();
  #directory: string | null = null;
  #runId: string;

  /** @param runId - of the execution, where no state says another */
  constructor(runId: string) {
    this.#runId = runId;
  }

  /** Place of the run's directory, once a state has told it. */
  get directory(): string | null {
    return this.#directory;
  }

  /** What an event of the history means for whoever looks on. */
  read(event: HistoryEvent): readonly RunEvent[] {
    const { id = 0, previousEventId = 0, type = '' } = event;
    const at = (event.timestamp ?? new Date(0)).toISOString();
    const task = this.#tasks.get(previousEventId);
    if (task !== undefined) this.#tasks.set(id, task);
    const state = event.stateEnteredEventDetails?.name ?? event.stateExitedEventDetails?.name ?? this.#states.get(previousEventId) ?? '';
    this.#states.set(id, state);
    if (type.endsWith('StateEntered')) return this.#entered(state, at, type);
    if (type.endsWith('StateExited'))
      return [...this.#runOf(event.stateExitedEventDetails?.output, at), { type: 'state.exited', at, state, kind: type.replace('StateExited', '') }];
    if (type === 'TaskScheduled') return this.#scheduled(id, state, at, event);
    if (type === 'TaskSucceeded') return task?.step == null ? [] : [{ type: 'step.finished', at, step: task.step, ...timeOf(task, at), progress: NO_PROGRESS }];
    return this.#failed(event, state, task, at);
  }

  #entered(state: string, at: string, type: string): readonly RunEvent[] {
    this.#failures.delete(state);
    return [{ type: 'state.entered', at, state, kind: type.replace('StateEntered', '') }];
  }

  #scheduled(id: number, state: string, at: string, { taskScheduledEventDetails: details }: HistoryEvent): readonly RunEvent[] {
    const step = details?.resource === 'addStep.sync' ? stepNameIn(details.parameters) : null;
    this.#tasks.set(id, { state, step, at: Date.parse(at) });
    const failures = this.#failures.get(state) ?? 0;
    return [
      ...(failures === 0 ? [] : [{ type: 'state.retried', at, state, attempt: failures } as const]),
      ...(step === null ? [] : [{ type: 'step.started', at, step, args: [] } as const]),
    ];
  }

  #failed(event: HistoryEvent, state: string, task: ScheduledTask | undefined, at: string): readonly RunEvent[] {
    const details =
      event.taskFailedEventDetails ?? event.taskTimedOutEventDetails ?? event.taskStartFailedEventDetails ?? event.taskSubmitFailedEventDetails ?? null;
    if (details === null) return [];
    this.#failures.set(state, (this.#failures.get(state) ?? 0) + 1);
    const { error = '', cause = '' } = details;
    const failed = { type: 'state.failed', at, state, error, cause } as const;
    return task?.step == null ? [failed] : [{ type: 'step.failed', at, step: task.step, cause: `${error} ${cause}`.trim(), log: '' }, failed];
  }

  /** The state after the run was prepared names its directory. */
  #runOf(output: string | undefined, at: string): readonly RunEvent[] {
    if (this.#directory !== null || output === undefined || !output.includes('"directory"')) return [];
    const { run } = parsed<{ readonly run?: { readonly id?: string; readonly directory?: string } }>(output) ?? {};
    if (typeof run?.directory !== 'string') return [];
    this.#directory = run.directory;
    this.#runId = run.id ?? this.#runId;
    return [{ type: 'run.started', at, runId: this.#runId, runDirectory: run.directory }];
  }
}

function timeOf(task: ScheduledTask, at: string): { readonly seconds: number } {
  return { seconds: (Date.parse(at) - task.at) / 1000 };
}

function stepNameIn(parameters: string | undefined): string | null {
  return parsed<{ readonly Step?: { readonly Name?: string } }>(parameters ?? '')?.Step?.Name ?? null;
}

function parsed<T>(text: string): T | null {
  try {
    return JSON.parse(text) as T;
  } catch {
    return null;
  }
}
