/** The part file that a command line names. */
import { readFile } from 'node:fs/promises';
import { PartitionFileError, parsePartitionFile } from '../../workflows/request/partition-file.ts';
import { PreflightError } from './preflight-error.ts';

/** The bytes of a part file that can be used; null where none is given. @throws PreflightError */
export async function readPartFile(file: string | undefined): Promise<Uint8Array | null> {
  if (file === undefined) return null;
  try {
    const bytes = await readFile(file);
    parsePartitionFile(bytes);
    return bytes;
  } catch (error) {
    if (error instanceof PartitionFileError) throw new PreflightError(error.sentences.map((sentence) => `part file ${file}: ${sentence}`));
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new PreflightError([`part file ${file} cannot be read (${code === 'ENOENT' ? 'there is none' : message})`]);
  }
}
