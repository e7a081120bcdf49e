/** The rows of what a verification found at odds. */
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import { rowsFiles } from '../../emr-steps/run-directory/step-output.ts';
import type { RunOutput } from '../../workflows/events/run-output.ts';

/** The rows, as they lie in the run's directory; none where nothing was at odds. */
export async function* differenceRows({ places: { differences } }: RunOutput, directory: RunDirectory): AsyncGenerator<Uint8Array> {
  if (differences === null) return;
  for (const { path } of await rowsFiles(directory, differences)) yield* directory.openRead(path);
}
