/** The part file that a command line names. */
import { PartitionFileError, parsePartitionFile } from '../../workflows/request/partition-file.ts';
import { readInputFile } from './input-file.ts';
import { PreflightError } from './preflight-error.ts';

/** The bytes of a part file that can be used; null where none is given. @throws PreflightError */
export async function readPartFile(file: string | undefined): Promise<Uint8Array | null> {
  if (file === undefined) return null;
  const bytes = await readInputFile(file, `part file ${file}`);
  try {
    parsePartitionFile(bytes);
    return bytes;
  } catch (error) {
    throw error instanceof PartitionFileError ? new PreflightError(error.sentences.map((sentence) => `part file ${file}: ${sentence}`)) : error;
  }
}
