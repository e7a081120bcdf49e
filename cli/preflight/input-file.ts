/** Files that a command line names. */
import { readFile } from 'node:fs/promises';
import { PreflightError } from './preflight-error.ts';

/** The bytes of a file. @param name - as problems call it @throws PreflightError where it cannot be read */
export async function readInputFile(file: string, name = file): Promise<Uint8Array> {
  return await readFile(file).catch(({ code, message }: NodeJS.ErrnoException) => {
    throw new PreflightError([`${name} cannot be read (${code === 'ENOENT' ? 'there is none' : message})`]);
  });
}

/** What a file of JSON holds, unchecked. @throws PreflightError where it cannot be read or is no JSON */
export async function readJson(file: string): Promise<unknown> {
  const bytes = await readInputFile(file);
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    throw new PreflightError([`${file} is no JSON (${(error as Error).message})`]);
  }
}
