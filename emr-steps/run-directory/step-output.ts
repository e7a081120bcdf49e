/** Reading what a step wrote. Only a try that holds `_SUCCESS` is an output: a failed one leaves parts behind. */
import { isRowsFile, SUCCESS_FILE } from './layout.ts';
import type { RunDirectory, RunFile } from './run-directory.ts';

/** Most bytes that {@link readFewRows} takes: it is for counts; rows are read on the cluster. */
export const SMALL_OUTPUT_BYTES = 4 * 1024 * 1024;

/** Thrown where an output is read that no finished try wrote, or that is no small one. */
export class StepOutputError extends Error {
  override readonly name = 'StepOutputError';
  readonly code = 'STEP_OUTPUT_UNREADABLE';
  readonly retryable = false;
}

/** Whether the folder is the output of a finished try. */
export async function isFinished(directory: RunDirectory, folder: string): Promise<boolean> {
  return (await directory.read(`${folder}/${SUCCESS_FILE}`)) !== null;
}

/** The files that hold the rows of a folder, in byte order of their names. */
export async function rowsFiles(directory: RunDirectory, folder: string): Promise<readonly RunFile[]> {
  return (await directory.list(folder)).filter((file) => isRowsFile(file.path.slice(file.path.lastIndexOf('/') + 1)));
}

/** Bytes of the rows of a folder. */
export async function rowsBytes(directory: RunDirectory, folder: string): Promise<number> {
  return (await rowsFiles(directory, folder)).reduce((sum, file) => sum + file.size, 0);
}

/** The lines of a folder with few rows, such as counts. @throws StepOutputError where they are more than {@link SMALL_OUTPUT_BYTES} */
export async function readFewRows(directory: RunDirectory, folder: string): Promise<readonly string[]> {
  const files = await rowsFiles(directory, folder);
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (size > SMALL_OUTPUT_BYTES) throw new StepOutputError(`${directory.locate(folder)} holds ${size} bytes, at most ${SMALL_OUTPUT_BYTES} are read here`);
  const texts = await Promise.all(files.map((file) => directory.read(file.path)));
  return texts.flatMap((bytes) => new TextDecoder('utf-8', { fatal: true }).decode(bytes ?? new Uint8Array()).split('\n')).filter((line) => line !== '');
}

/** As {@link readFewRows}, of a finished try. @throws StepOutputError also where the try did not finish */
export async function readSmallOutput(directory: RunDirectory, folder: string): Promise<readonly string[]> {
  if (!(await isFinished(directory, folder)))
    throw new StepOutputError(`${directory.locate(folder)} holds no ${SUCCESS_FILE}: the step that writes it did not finish`);
  return readFewRows(directory, folder);
}
