/** Runs one step of the plan to its end: again while `decideRetry` allows, each try with a fresh output. */
import { STEP_RECORDS, stepRecordFile } from '../../emr-steps/run-directory/layout.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import { isFinished } from '../../emr-steps/run-directory/step-output.ts';
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

/** Runs a step; one whose present try has ended well, before the run was resumed, is left out. @throws StepFailedError, RunInterruptedError */
export async function runStep(run: LocalRun, journal: RunJournal, id: StepId): Promise<void> {
  for (;;) {
    const step = journal.plan.steps[id];
    if (step === null || (await isFinished(run.directory, step.output))) return;
    const outcome = await timed(run, step);
    if (outcome.status === 'completed') return;
    if (outcome.status === 'cancelled' || run.signal.aborted) throw new RunInterruptedError();
    const decision = decideRetry(run.facts, journal.plan.progress, { type: 'step-failed', step: id, cause: outcome.cause });
    if (decision.plan === null) throw new StepFailedError(step.name, outcome.cause, outcome.log, decision.why);
    await journal.adopt(decision.plan);
  }
}

/** A record says that the try was begun before it does anything, so that a resume knows it for cut off. */
async function timed(run: LocalRun, step: PlannedStep) {
  if (run.signal.aborted) throw new RunInterruptedError();
  const startedAt = run.now().toISOString();
  const begun = performance.now();
  await writeRecord(run.directory, step.name, { startedAt, seconds: null });
  try {
    return await run.cluster.run({ name: step.name, args: step.args }, run.signal);
  } catch (error) {
    throw run.signal.aborted ? new RunInterruptedError() : error;
  } finally {
    await writeRecord(run.directory, step.name, { startedAt, seconds: (performance.now() - begun) / 1000 });
  }
}

/** When a try of a step was begun, and how long it took; null: it goes on, or was cut off. */
export interface StepRecord {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly seconds: number | null;
}

async function writeRecord(directory: RunDirectory, name: string, record: StepRecord): Promise<void> {
  await directory.write(stepRecordFile(name), `${JSON.stringify(record)}\n`);
}

/** The records of every try of the run, by the step's name. */
export async function readStepRecords(directory: RunDirectory): Promise<ReadonlyMap<string, StepRecord>> {
  const records = new Map<string, StepRecord>();
  for (const { path } of await directory.list(STEP_RECORDS)) {
    const bytes = await directory.read(path);
    if (bytes !== null) records.set(path.slice(STEP_RECORDS.length + 1, -'.json'.length), JSON.parse(Buffer.from(bytes).toString()) as StepRecord);
  }
  return records;
}
