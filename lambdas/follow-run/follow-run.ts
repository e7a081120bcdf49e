/**
 * After an execution has ended, whatever its end: the watermark moves, and what the request wants next is started. Nothing here can change the
 * run's result, which stands; an error is retried by Lambda and at last lies in the queue of undelivered events.
 */
import { OUTPUT_FILE } from '../../emr-steps/run-directory/layout.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import type { RunOutput } from '../../workflows/events/run-output.ts';
import type { ExecutionContext } from '../../workflows/plan/run-state.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import { readConclusion } from '../run/conclusion.ts';
import { type RunHome, runOfExecution } from '../run/run-home.ts';
import { findRunRecord } from '../run/run-record.ts';
import { moveWatermark } from '../run/watermark.ts';

/** What runs next, as the request says. */
export type Next = NonNullable<RunRequest['next']>;

/** What the handler needs of its surroundings. */
export interface FollowRunDeps {
  readonly home: RunHome;
  /** The stack's bucket, where the watermarks lie. */
  readonly base: RunDirectory;
  /** Starts it; twice with the same run at most where nothing can tell (docs/chaining.md). */
  readonly start: (next: Next, output: RunOutput, outputPlace: string) => Promise<void>;
}

/** What was done. */
export interface FollowRunOutput {
  readonly runId: string;
  readonly watermarkMoved: boolean;
  readonly next: 'none' | 'not-wanted' | 'started' | 'started-before';
}

/** Thrown where the books of an ended execution are not drawn up yet; Lambda calls again after a minute, and after two. */
export class RunNotConcludedError extends Error {
  override readonly name = 'RunNotConcludedError';
  readonly code = 'RUN_NOT_CONCLUDED';
  readonly retryable = true;

  constructor(executionArn: string) {
    super(`${executionArn} has ended, but its output.json is not written yet; conclude-run writes it, so call again later`);
  }
}

/** Written into the run's directory once `next` was started, so that an event that is delivered twice starts it once. */
const NEXT_FILE = 'next.json';

/** Follows. */
export async function followRun(execution: ExecutionContext, deps: FollowRunDeps): Promise<FollowRunOutput> {
  const runId = await runOfExecution(deps.home, execution);
  const directory = deps.home.directoryOf(runId);
  const record = await findRunRecord(directory);
  // Refused, or resumed by another execution since: there is nothing to follow here.
  if (record === null || record.executionArn !== execution.executionArn) return { runId, watermarkMoved: false, next: 'none' };
  const output = await concludedOutput(directory, execution.executionArn);
  const { request } = record.facts;
  const watermarkMoved = await moveWatermark(deps.base, request, output, record.startedAt);
  return { runId, watermarkMoved, next: await startNext(request.next, output, directory, deps) };
}

async function startNext(next: Next | null, output: RunOutput, directory: RunDirectory, { start }: FollowRunDeps): Promise<FollowRunOutput['next']> {
  if (next === null) return 'none';
  if (next.when === 'verified-success' && !(output.status === 'succeeded' && output.verified)) return 'not-wanted';
  if ((await directory.read(NEXT_FILE)) !== null) return 'started-before';
  await start(next, output, directory.locate(OUTPUT_FILE));
  await directory.write(NEXT_FILE, `${JSON.stringify(next)}\n`);
  return 'started';
}

/** The contract that this execution wrote; one of an execution before it, which the run resumed, says nothing of this end. */
async function concludedOutput(directory: RunDirectory, executionArn: string): Promise<RunOutput> {
  const { summary } = await readConclusion(directory, executionArn);
  const bytes = summary === null ? null : await directory.read(OUTPUT_FILE);
  if (bytes === null) throw new RunNotConcludedError(executionArn);
  return JSON.parse(Buffer.from(bytes).toString('utf8')) as RunOutput;
}
