/** The file that `--output` names. */
import { type FileHandle, open } from 'node:fs/promises';
import { PreflightError } from '../preflight/preflight-error.ts';

/** Opens it, empty, before there is anything to write: what cannot be written is told before any work. @throws PreflightError */
export async function openOutput(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'w');
  } catch (error) {
    throw new PreflightError([`${file} cannot be written (${(error as NodeJS.ErrnoException).code}); give another --output`]);
  }
}
