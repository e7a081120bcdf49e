/** Where a task's temporary files go. */
import type { Environment } from '../hadoop/environment.ts';

/**
 * The directories, in the order given. On a cluster `LOCAL_DIRS` names the task's own directory on each disk, which YARN removes with the
 * task; `TMPDIR` may be one small disk.
 *
 * @param option - as it was given, joined by commas
 */
export function spillDirectories(option: string | undefined, env: Environment): readonly string[] {
  for (const list of [option, env.LOCAL_DIRS, env.TMPDIR]) {
    const directories = (list ?? '').split(',').filter((directory) => directory !== '');
    if (directories.length > 0) return directories;
  }
  return ['/tmp'];
}
