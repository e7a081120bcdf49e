/** Making a folder with those above it, one by one: Node 24's recursive mkdir never returns below `/proc`. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreDirectoryError } from './store-directory-error.ts';

/** Makes a folder and whatever is missing above it; one that is there already is left as it is. @throws StoreDirectoryError where one cannot be made */
export function makeFolder(folder: string): void {
  try {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
    if (dirname(folder) !== folder) makeFolder(dirname(folder));
    mkdirSync(folder);
  } catch (error) {
    if (error instanceof StoreDirectoryError) throw error;
    throw new StoreDirectoryError(`${folder} cannot be made (${(error as NodeJS.ErrnoException).code}); give another directory`);
  }
}
