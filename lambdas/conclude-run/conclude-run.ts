/**
 * What an execution left undone that ended outside of its machine: it was stopped, it ran out of time, or an error struck that nothing catches.
 * The books are drawn up as far as they go, and people are told, each once. Called by rule on every end of an execution; where the machine has
 * done it all there is nothing to do.
 */
import { type CaughtError, type ExecutionContext, REFUSED_ERROR, type SummarizeRunOutput } from '../../workflows/plan/run-state.ts';
import { type NotifyDeps, notify } from '../notify/notify.ts';
import { readConclusion } from '../run/conclusion.ts';
import { runOfExecution } from '../run/run-home.ts';
import { findRunRecord } from '../run/run-record.ts';
import { type SummarizeRunDeps, summarizeRun } from '../summarize-run/summarize-run.ts';

/** An execution that has ended. */
export interface EndedExecution extends ExecutionContext {
  /** The error and cause of an execution that did not succeed; null: it did. */
  readonly failure: CaughtError | null;
}

/** What the handler needs of its surroundings. */
export type ConcludeRunDeps = SummarizeRunDeps & NotifyDeps;

/** What was still to be done. */
export interface ConcludeRunOutput {
  readonly summarized: boolean;
  readonly told: boolean;
  /** False: statistics are left to add up; call again. */
  readonly done: boolean;
}

const NOTHING: ConcludeRunOutput = { summarized: false, told: false, done: true };

/** Does it. */
export async function concludeRun(execution: EndedExecution, deps: ConcludeRunDeps): Promise<ConcludeRunOutput> {
  if (execution.failure?.Error === REFUSED_ERROR) return NOTHING;
  const directory = deps.home.directoryOf(await runOfExecution(deps.home, execution));
  const record = await findRunRecord(directory);
  // Another execution has resumed the run: its conclusion is what counts.
  if (record !== null && record.executionArn !== execution.executionArn) return NOTHING;
  const { summary: before, told } = await readConclusion(directory, execution.executionArn);
  if (before !== null && told) return NOTHING;
  const summary: SummarizeRunOutput = before ?? (await summarizeRun(execution, deps));
  if (!summary.done) return { ...NOTHING, done: false };
  const telling = told ? null : await notify({ ...execution, summary }, deps);
  return { summarized: before === null, told: telling !== null && telling.told.length > 0, done: true };
}
