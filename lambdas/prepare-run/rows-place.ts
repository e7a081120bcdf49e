/** Where the rows of a run lie that asks for a place of its own. */
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import { S3Error } from '../../emr-steps/s3/s3-error.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import { RefusedError } from '../run/refused-error.ts';
import type { RunHome } from '../run/run-home.ts';

/** The place. @param home - the run's home, where they lie unless the request says otherwise */
export function placeOfRows({ runDirectory }: RunRequest, runId: string, home: string): string {
  return runDirectory === undefined ? home : `${runDirectory}/${runId}`;
}

/** The run's directory, with its rows there. @throws RefusedError where nothing can be written there */
export async function placedRows(runId: string, rows: string, home: RunHome): Promise<RunDirectory> {
  if (home.placeRows === undefined) throw new RefusedError([`runDirectory: the rows of a run from here lie in its home; leave the member out`]);
  try {
    return await home.placeRows(runId, rows);
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    throw new RefusedError([`runDirectory ${rows}: ${reasonOf(error)}`]);
  }
}

function reasonOf(error: S3Error): string {
  if (error.status === 403)
    return `${error.code}: functions and nodes of the stack may not write there; the statements CarillonRunDirectory and CarillonRunDirectoryList would allow it (name the place in the stack's configuration, runPlaces)`;
  if (error.region !== null) return `the bucket is in ${error.region}; one in the Region of the stack is needed`;
  return error.message;
}
