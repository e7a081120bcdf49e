/** Executes a definition on this machine as Step Functions would. */
import { ExecutionAbortedError, ExecutionError, StateMachine } from 'aws-local-stepfunctions';
import type { EventSink } from '../../../workflows/events/run-event.ts';
import { adapted, STARTED } from './adapt.ts';
import type { Bindings } from './bindings.ts';
import { callOf, type MachineDefinition, type PlacedState, placedStates } from './definition.ts';
import { type BoundCalls, guard } from './guard.ts';
import { RunningTasks } from './running-tasks.ts';
import { stateEvents } from './state-events.ts';
import { checkedSize, TaskError } from './task-error.ts';

/** An execution to be. */
export interface Execution {
  readonly definition: MachineDefinition;
  readonly arn: string;
  readonly name: string;
  readonly startedAt: Date;
  readonly input: unknown;
  readonly bindings: Bindings;
  readonly emit: EventSink;
  /** Stops it, as StopExecution does. */
  readonly signal: AbortSignal;
  /** What waits, and those between retries, are multiplied by. */
  readonly waitFactor: number;
}

/** How it ended, by the names of Step Functions. */
export type ExecutionEnd =
  | { readonly status: 'SUCCEEDED'; readonly output: unknown }
  | { readonly status: 'FAILED' | 'TIMED_OUT'; readonly error: string; readonly cause: string }
  | { readonly status: 'ABORTED' };

type Interpreter = ConstructorParameters<typeof StateMachine>[0];

/** Executes it. @throws DefinitionRefusedError before anything runs */
export async function execute(order: Execution): Promise<ExecutionEnd> {
  const { definition, bindings, signal } = order;
  guard(definition, boundCalls(bindings));
  const tasks = new RunningTasks();
  const machine = new StateMachine(adapted(definition, order.waitFactor) as unknown as Interpreter, { validationOptions: { noValidate: true } });
  const states = placedStates(definition);
  const run = machine.run(order.input as never, {
    overrides: { taskResourceLocalHandlers: taskHandlers(states, bindings, tasks), waitTimeOverrides: waits(states, order.waitFactor) },
    context: { Execution: { Id: order.arn, Name: order.name }, [STARTED]: order.startedAt.toISOString() } as never,
  });
  const limits = new Limits(definition, run.abort);
  const stop = (): void => run.abort();
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  const told = stateEvents(run.eventLogs, order.emit, { tasks, tooLarge: (error) => limits.exceed(error) });
  try {
    return { status: 'SUCCEEDED', output: await run.result };
  } catch (error) {
    return limits.end ?? endOf(error);
  } finally {
    signal.removeEventListener('abort', stop);
    limits.close();
    await tasks.close();
    await told.drained();
  }
}

/** What may be called. */
function boundCalls({ calls, functions }: Bindings): BoundCalls {
  return { calls: new Set(Object.keys(calls)), functions };
}

function taskHandlers(states: readonly PlacedState[], { calls }: Bindings, tasks: RunningTasks) {
  const handler = (placed: PlacedState) => async (input: unknown) => {
    const { name, state } = placed;
    checkedSize(name, 'input', input);
    const binding = calls[callOf(state) ?? ''];
    if (binding === undefined) throw new TaskError('States.Runtime', `nothing is bound to ${String(state.Resource)}`);
    const result = await tasks.run(placed, async (task) => await binding(input as Readonly<Record<string, unknown>>, task));
    return checkedSize(name, 'result', JSON.parse(JSON.stringify(result ?? null))) as never;
  };
  return Object.fromEntries(states.filter(({ state }) => state.Type === 'Task').map((placed) => [placed.name, handler(placed)]));
}

function waits(states: readonly PlacedState[], factor: number): Readonly<Record<string, number>> {
  return Object.fromEntries(states.filter(({ state }) => state.Type === 'Wait').map(({ name, state }) => [name, Number(state.Seconds) * 1000 * factor]));
}

/** What ends an execution from outside: its own time-out, and data that outgrow a state between two tasks. */
class Limits {
  end: ExecutionEnd | null = null;
  readonly #abort: () => void;
  readonly #timer: NodeJS.Timeout;

  constructor({ TimeoutSeconds }: MachineDefinition, abort: () => void) {
    this.#abort = abort;
    const seconds = Number(TimeoutSeconds ?? Number.POSITIVE_INFINITY);
    // Beyond what a timer can count nobody waits on one machine.
    const expire = (): void => this.#stop({ status: 'TIMED_OUT', error: 'States.Timeout', cause: `the execution took longer than ${seconds} seconds` });
    this.#timer = setTimeout(expire, Math.min(seconds * 1000, 2 ** 31 - 1)).unref();
  }

  exceed({ name, message }: TaskError): void {
    this.#stop({ status: 'FAILED', error: name, cause: message });
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #stop(end: ExecutionEnd): void {
    this.end ??= end;
    this.#abort();
  }
}

function endOf(error: unknown): ExecutionEnd {
  if (error instanceof ExecutionAbortedError) return { status: 'ABORTED' };
  const cause = error instanceof ExecutionError ? error.cause : error;
  if (!(cause instanceof Error)) return { status: 'FAILED', error: 'States.Runtime', cause: String(cause) };
  return { status: 'FAILED', error: isNamed(cause) ? cause.name : 'States.Runtime', cause: cause.message };
}

/** Errors of tasks, of Fail states and of the language have their name; any other is a defect of a definition or of the interpreter. */
function isNamed(error: Error): boolean {
  return error instanceof TaskError || 'isCatchable' in error;
}
