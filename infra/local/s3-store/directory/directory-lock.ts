/** One store a directory. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoreDirectoryError } from './store-directory-error.ts';

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function holder(path: string): number | null {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/**
 * Takes the directory for this process. A lock whose process is gone (killed, say) is taken over.
 *
 * @returns what gives it back
 * @throws StoreDirectoryError while another process holds it
 */
export function lockDirectory(directory: string): () => void {
  const path = join(directory, 'lock');
  const other = holder(path);
  if (other !== null && isRunning(other))
    throw new StoreDirectoryError(`${directory} is in use by the store of process ${other}; stop that one or give another directory`);
  if (other !== null) rmSync(path, { force: true });
  writeFileSync(path, String(process.pid), { flag: 'wx' });
  return () => rmSync(path, { force: true });
}
