/** What a run of this machine was asked for that is to go on. */
import { join } from 'node:path';
import { fileRunDirectory } from '../../emr-steps/run-directory/file-run-directory.ts';
import { REQUEST_FILE } from '../../emr-steps/run-directory/layout.ts';
import { RUN_ID_PATTERN } from '../../workflows/plan/run-id.ts';
import type { Host } from '../host.ts';
import { PreflightError } from '../preflight/preflight-error.ts';
import { runsFolder } from '../preflight/run-folder.ts';

/** The request that goes on with a run. @param runs - folder of the run directories; undefined: the default one @throws PreflightError where there is no such run */
export async function stoppedRequest(runId: string, runs: string | undefined, { env }: Host): Promise<object> {
  if (!RUN_ID_PATTERN.test(runId)) throw new PreflightError([`--resume ${JSON.stringify(runId)} is no run id, such as 20261121-021655-5c7a0a67d9`]);
  const folder = join(runsFolder(runs, env), runId);
  const bytes = await fileRunDirectory(folder).read(REQUEST_FILE);
  if (bytes === null) throw new PreflightError([`${folder} holds no run that was begun; begin it anew`]);
  try {
    return { ...(JSON.parse(Buffer.from(bytes).toString('utf8')) as object), resume: runId };
  } catch {
    throw new PreflightError([`${join(folder, REQUEST_FILE)} is no JSON; begin a new run with --diff`]);
  }
}
