/** MapReduce jobs: while one runs its ApplicationMaster answers behind the resource manager, afterwards the job history. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { StepProgress } from '../../workflows/events/run-event.ts';
import { type JobCounters, progressOf } from './job-progress.ts';
import { type Rest, rest } from './rest.ts';

/** A job as it ended. */
export interface FinishedJob {
  readonly diagnostics: string;
  /** Attempts that failed, or that were killed because their node was lost. */
  readonly troubledAttempts: number;
}

/** An attempt of a task. */
export interface TaskAttempt {
  readonly id: string;
  readonly state: string;
  readonly diagnostics: string;
  readonly finishTime: number;
  /** `host:port` of the web service of the node. */
  readonly nodeHttpAddress: string;
  readonly assignedContainerId: string;
}

interface Task {
  readonly id: string;
  readonly state: string;
  readonly successfulAttempt: string;
}

/** Counts of attempts that did not end well, as the history has them. */
const TROUBLES = ['failedMapAttempts', 'failedReduceAttempts', 'killedMapAttempts', 'killedReduceAttempts'] as const;

type HistoryJob = { readonly diagnostics?: string } & Readonly<Partial<Record<(typeof TROUBLES)[number], number>>>;

/** The history lags behind a job's end by a moment. */
const HISTORY_MILLISECONDS = 15_000;

/** Characters of a log that are kept. */
const LOG_CHARACTERS = 8_000;

/** Asks about jobs. */
export class Jobs {
  readonly #resourceManager: Rest;
  readonly #history: Rest;
  readonly #user: string;

  constructor(resourceManager: Rest, history: Rest, user: string) {
    this.#resourceManager = resourceManager;
    this.#history = history;
    this.#user = user;
  }

  /** How far it is; null while nobody says. */
  async progress(job: string): Promise<StepProgress | null> {
    const application = job.replace(/^job_/, 'application_');
    const path = `/ws/v1/mapreduce/jobs/${job}/counters`;
    const answer = (await this.#resourceManager.get(`/proxy/${application}${path}`)) ?? (await this.#history.get(path.replace('/v1/', '/v1/history/')));
    const { jobCounters } = (answer ?? {}) as { jobCounters?: JobCounters };
    return jobCounters === undefined ? null : progressOf(jobCounters);
  }

  /** What became of a job; null where the history does not know it. */
  async finished(job: string): Promise<FinishedJob | null> {
    for (const end = Date.now() + HISTORY_MILLISECONDS; ; await sleep(300)) {
      const { job: found } = ((await this.#history.get(`/ws/v1/history/mapreduce/jobs/${job}`)) ?? {}) as { job?: HistoryJob };
      if (found !== undefined) {
        const troubledAttempts = TROUBLES.reduce((sum, name) => sum + (found[name] ?? 0), 0);
        return { diagnostics: found.diagnostics ?? '', troubledAttempts };
      }
      if (Date.now() > end) return null;
    }
  }

  /** The attempts that did not end well, the first to end first. */
  async troubledAttempts(job: string): Promise<readonly TaskAttempt[]> {
    const base = `/ws/v1/history/mapreduce/jobs/${job}/tasks`;
    const { tasks } = ((await this.#history.get(base)) ?? {}) as { tasks?: { task?: readonly Task[] } };
    const again = (tasks?.task ?? []).filter(({ state, successfulAttempt }) => state !== 'SUCCEEDED' || !successfulAttempt.endsWith('_0'));
    const attempts: TaskAttempt[] = [];
    for (const { id } of again) {
      const { taskAttempts } = ((await this.#history.get(`${base}/${id}/attempts`)) ?? {}) as { taskAttempts?: { taskAttempt?: readonly TaskAttempt[] } };
      attempts.push(...(taskAttempts?.taskAttempt ?? []).filter(({ state, diagnostics }) => state !== 'SUCCEEDED' && diagnostics !== ''));
    }
    return attempts.sort((a, b) => a.finishTime - b.finishTime);
  }

  /** The end of what an attempt wrote to standard error: from its node, or from the history where logs are gathered. Empty: nobody has it. */
  async log({ nodeHttpAddress, assignedContainerId }: TaskAttempt): Promise<string> {
    const node = rest(nodeHttpAddress ? [`http://${nodeHttpAddress}`] : [], this.#user);
    const path = `containerlogs/${assignedContainerId}/stderr`;
    const text = (await node.text(`/ws/v1/node/${path}`)) ?? (await this.#history.text(`/ws/v1/history/${path}`)) ?? '';
    return text.slice(-LOG_CHARACTERS);
  }
}
