/** Where runs lie, and which one an execution's is. */
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import { runIdOf } from '../../workflows/plan/run-id.ts';
import type { ExecutionContext } from '../../workflows/plan/run-state.ts';

/** All runs. */
export interface RunHome {
  /** The directory of a run, whether anything lies there yet or not. */
  directoryOf(runId: string): RunDirectory;
}

/** The id of an execution's run. */
export function runIdOfExecution({ executionArn, startedAt }: ExecutionContext): string {
  return runIdOf(new Date(startedAt), executionArn);
}
