/** Runs one step of the plan to its end: again while `decideRetry` allows, each try with a fresh output. */
import { decideRetry } from '../../workflows/plan/decide-retry.ts';
import type { PlannedStep } from '../../workflows/plan/run-plan.ts';
import type { StepId } from '../../workflows/plan/run-progress.ts';
import type { LocalRun } from './local-run.ts';
import type { RunJournal } from './run-journal.ts';

/** A step failed in all its tries; the run ends. */
export class StepFailedError extends Error {
  override readonly name = 'StepFailedError';
  readonly code = 'STEP_FAILED';
  readonly retryable = false;
  readonly step: string;
  /** Last lines of standard error of the attempt that failed it. */
  readonly log: string;

  constructor(step: string, cause: string, log: string, why: string) {
    super(`step ${step} failed: ${cause} (${why})`);
    this.step = step;
    this.log = log;
  }
}

/** The run was told to stop. */
export class RunInterruptedError extends Error {
  override readonly name = 'RunInterruptedError';
  readonly code = 'RUN_INTERRUPTED';
  readonly retryable = true;

  constructor() {
    super('the run was interrupted');
  }
}

/** Runs steps at the same time; when one fails, the others are cut off. @throws StepFailedError, RunInterruptedError */
export async function runStepsTogether(run: LocalRun, journal: RunJournal, ids: readonly StepId[]): Promise<void> {
  const failure = new AbortController();
  const together = { ...run, signal: AbortSignal.any([run.signal, failure.signal]) };
  const ends = await Promise.allSettled(ids.map((id) => runStep(together, journal, id).catch((error) => stopOthers(failure, error))));
  const failed = ends.filter((end) => end.status === 'rejected').map((end) => end.reason);
  if (failed.length > 0) throw failed.find((error) => !(error instanceof RunInterruptedError)) ?? failed[0];
}

function stopOthers(failure: AbortController, error: unknown): never {
  failure.abort();
  throw error;
}

/** Runs a step. @throws StepFailedError, RunInterruptedError */
export async function runStep(run: LocalRun, journal: RunJournal, id: StepId): Promise<void> {
  for (;;) {
    const step = journal.plan.steps[id];
    if (step === null) return;
    const outcome = await timed(run, journal, step);
    if (outcome.status === 'completed') return;
    if (outcome.status === 'cancelled' || run.signal.aborted) throw new RunInterruptedError();
    const decision = decideRetry(run.facts, journal.plan.progress, { type: 'step-failed', step: id, cause: outcome.cause });
    if (decision.plan === null) throw new StepFailedError(step.name, outcome.cause, outcome.log, decision.why);
    await journal.adopt(decision.plan);
  }
}

async function timed(run: LocalRun, journal: RunJournal, step: PlannedStep) {
  if (run.signal.aborted) throw new RunInterruptedError();
  journal.statistics.push(step.statistics);
  const begun = performance.now();
  try {
    return await run.cluster.run({ name: step.name, args: step.args }, run.signal);
  } catch (error) {
    throw run.signal.aborted ? new RunInterruptedError() : error;
  } finally {
    journal.seconds[step.name] = (performance.now() - begun) / 1000;
  }
}
