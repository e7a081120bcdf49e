/** The folder of a run on this machine: where it is, and whether it can be written. */
import { mkdir, rmdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { makeFolder } from '../../emr-steps/run-directory/make-folder.ts';
import { PreflightError } from './preflight-error.ts';

/** Where run directories lie: as given, else below `$XDG_STATE_HOME`, else `~/.local/state`. */
export function runsFolder(given: string | undefined, env: Readonly<Record<string, string | undefined>>): string {
  if (given !== undefined) return resolve(given);
  const state = env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local', 'state');
  return join(state, 'carillon', 'runs');
}

/** Makes a run's folder, which no other run has. @throws PreflightError where it cannot be made */
export async function makeRunFolder(folder: string): Promise<void> {
  try {
    await makeFolder(dirname(folder));
    await mkdir(folder);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new PreflightError([`the run directory ${folder} cannot be written (${code || message}); give another folder by --run-dir`]);
  }
}

/** Removes the folder of a run that was never started; only where it is empty. */
export async function removeRunFolder(folder: string): Promise<void> {
  await rmdir(folder).catch(() => {});
}
