/** The files of a listing. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isRowsFile } from '../../emr-steps/run-directory/layout.ts';

/** Absolute paths of its rows. */
export async function listingPaths(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter(isRowsFile).map((name) => join(folder, name));
}
