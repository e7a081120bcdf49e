/** What a run of this machine was asked for that is to go on. */
import { REQUEST_FILE } from '../../emr-steps/run-directory/layout.ts';
import { RUN_ID_PATTERN } from '../../workflows/plan/run-id.ts';
import { PreflightError } from '../preflight/preflight-error.ts';
import { type RunsPlace, withRunDirectory } from '../preflight/run-directory.ts';

/** The request that goes on with a run. @throws PreflightError where there is no such run */
export async function stoppedRequest(runId: string, place: RunsPlace): Promise<object> {
  if (!RUN_ID_PATTERN.test(runId)) throw new PreflightError([`--resume ${JSON.stringify(runId)} is no run id, such as 20261121-021655-5c7a0a67d9`]);
  return await withRunDirectory(place, runId, async (directory) => {
    const bytes = await directory.read(REQUEST_FILE);
    if (bytes === null) throw new PreflightError([`${directory.base} holds no run that was begun; begin it anew`]);
    try {
      return { ...(JSON.parse(Buffer.from(bytes).toString('utf8')) as object), resume: runId };
    } catch {
      throw new PreflightError([`${directory.locate(REQUEST_FILE)} is no JSON; begin a new run with --diff`]);
    }
  });
}
