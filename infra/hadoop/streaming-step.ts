/** A `hadoop-streaming` step: the client runs the job, YARN and the job history tell how far it is and why it failed. */
import type { StepProgress } from '../../workflows/events/run-event.ts';
import type { ClusterStep, StepOutcome } from '../../workflows/plan/cluster-step.ts';
import { type ClientEnd, runClient } from './client-process.ts';
import { attemptCause, clientCause } from './failure-cause.ts';
import { NO_PROGRESS } from './job-progress.ts';
import type { Jobs, TaskAttempt } from './jobs.ts';
import { type ApplicationEnder, endApplications, tagOf } from './step-applications.ts';

/** What a step needs of its cluster. */
export interface StepSurroundings extends ApplicationEnder {
  readonly jobs: Jobs;
  /** The words before the step's own. */
  readonly command: readonly string[];
  /** A folder of this step's own: LocalJobRunner puts links into it. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly pollMilliseconds: number;
  readonly onProgress: (progress: StepProgress) => void;
  readonly onAttemptFailed: (attempt: string, cause: string, log: string) => void;
}

/** How a step ended, and how far it came. */
export interface StepEnd {
  readonly outcome: StepOutcome;
  readonly progress: StepProgress;
}

/** Runs it. */
export async function runStreamingStep(step: ClusterStep, around: StepSurroundings, signal: AbortSignal): Promise<StepEnd> {
  const run = new StreamingStep(step, around);
  return await run.end(signal);
}

const JOB = /\b(job_\d+_\d+)\b/;

class StreamingStep {
  readonly #step: ClusterStep;
  readonly #around: StepSurroundings;
  #job: string | null = null;
  #progress = NO_PROGRESS;

  constructor(step: ClusterStep, around: StepSurroundings) {
    this.#step = step;
    this.#around = around;
  }

  async end(signal: AbortSignal): Promise<StepEnd> {
    const { command, directory, env, pollMilliseconds } = this.#around;
    let asking: Promise<void> = Promise.resolve();
    const timer = setInterval(() => {
      asking = asking.then(() => this.#look());
    }, pollMilliseconds);
    const onLine = (line: string): void => {
      this.#job ??= JOB.exec(line)?.[1] ?? null;
    };
    const end = await runClient({ command: [...command, ...this.#step.args.slice(1)], directory, env, signal, onLine }).finally(() => clearInterval(timer));
    await asking;
    return { outcome: signal.aborted ? await this.#cancelled() : await this.#outcome(end), progress: this.#progress };
  }

  async #look(): Promise<void> {
    const progress = this.#job === null ? null : await this.#around.jobs.progress(this.#job);
    if (progress === null || JSON.stringify(progress) === JSON.stringify(this.#progress)) return;
    this.#progress = progress;
    this.#around.onProgress(progress);
  }

  /** The client that was ended leaves its job behind; so does one that was ended before it said which. */
  async #cancelled(): Promise<StepOutcome> {
    const tag = tagOf(this.#step.args);
    const known = this.#job === null ? [] : [this.#job.replace(/^job_/, 'application_')];
    return await endApplications(this.#around, { known, tag, name: this.#step.name });
  }

  async #outcome({ code, log }: ClientEnd): Promise<StepOutcome> {
    const job = this.#job;
    if (job === null) return code === 0 ? { status: 'completed' } : { status: 'failed', cause: clientCause(log, code), log };
    const finished = await this.#around.jobs.finished(job);
    await this.#look();
    const troubled = finished === null || finished.troubledAttempts === 0 ? [] : await this.#troubled(job);
    if (code === 0) return { status: 'completed' };
    const last = troubled.findLast(({ state }) => state === 'FAILED') ?? troubled.at(-1);
    if (last !== undefined) return { status: 'failed', cause: `${last.id}: ${last.cause}`, log: last.log };
    return { status: 'failed', cause: attemptCause(finished?.diagnostics ?? '') || clientCause(log, code), log };
  }

  /** Tells the attempts that did not end well. */
  async #troubled(job: string): Promise<readonly (Pick<TaskAttempt, 'id' | 'state'> & { readonly cause: string; readonly log: string })[]> {
    const told = [];
    for (const attempt of await this.#around.jobs.troubledAttempts(job)) {
      const [cause, log] = [attemptCause(attempt.diagnostics), await this.#around.jobs.log(attempt)];
      this.#around.onAttemptFailed(attempt.id, cause, log);
      told.push({ id: attempt.id, state: attempt.state, cause, log });
    }
    return told;
  }
}
