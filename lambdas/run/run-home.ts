/** Where runs lie, and which one an execution's is. */
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import { runIdOf } from '../../workflows/plan/run-id.ts';
import type { ExecutionContext } from '../../workflows/plan/run-state.ts';

/** All runs. */
export interface RunHome {
  /** The directory of a run, whether anything lies there yet or not. */
  directoryOf(runId: string): RunDirectory;
  /**
   * Has the rows of a run lie at another place. Left out: they can lie nowhere else.
   *
   * @param rows - `s3://bucket/prefix` of this run alone
   * @throws what writing there throws
   */
  placeRows?(runId: string, rows: string): Promise<RunDirectory>;
}

/** In the directory of an execution that resumes another's run: which one. */
const RESUMES_FILE = 'resumes.json';

/** The id of an execution's run, were it a new one. */
export function runIdOfExecution({ executionArn, startedAt }: ExecutionContext): string {
  return runIdOf(new Date(startedAt), executionArn);
}

/** The run of an execution: its own, or the one that it resumes. */
export async function runOfExecution(home: RunHome, execution: ExecutionContext): Promise<string> {
  const own = runIdOfExecution(execution);
  const bytes = await home.directoryOf(own).read(RESUMES_FILE);
  return bytes === null ? own : (JSON.parse(Buffer.from(bytes).toString('utf8')) as { readonly runId: string }).runId;
}

/** Writes down which run an execution resumes, for whoever sees only the execution. */
export async function resumes(home: RunHome, execution: ExecutionContext, runId: string): Promise<void> {
  await home.directoryOf(runIdOfExecution(execution)).write(RESUMES_FILE, `${JSON.stringify({ runId })}\n`);
}
