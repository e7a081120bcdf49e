/** The folder of a run on this machine: made and held for this process while the run goes on. */
import { rmdir } from 'node:fs/promises';
import { makeFolder } from '../../../emr-steps/run-directory/make-folder.ts';
import { lockRun } from '../run-lock.ts';

/** The folder. */
export interface RunPlace {
  readonly folder: string;
  /** Why it cannot be had, a sentence each; the run is then refused. */
  readonly problems: readonly string[];
  /** Gives it back; of a run that was refused nothing is left. */
  release(): Promise<void>;
}

/** Takes it. @throws RunUnderWayError while another process has it */
export async function runPlace(folder: string): Promise<RunPlace> {
  try {
    await makeFolder(folder);
    const unlock = await lockRun(folder);
    return {
      ...{ folder, problems: [] },
      release: async () => {
        await unlock();
        await rmdir(folder).catch(() => {});
      },
    };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'RUN_UNDER_WAY') throw error;
    const problem = `the run directory ${folder} cannot be written (${code ?? message}); give another folder by --run-dir`;
    return { folder, problems: [problem], release: async () => {} };
  }
}
