/** The program `copy-objects`: a mapper; copy tasks in, results out. */
import { copyObjects } from '../copy/copy-objects.ts';
import { runMapper } from '../hadoop/run-step.ts';
import { copyResult } from '../records/copy-result.ts';
import { copyTask } from '../records/copy-task.ts';
import { connectSides } from './connect-sides.ts';
import { startProcess } from './process-entry.ts';
import { programMain } from './program.ts';
import { runStartedAt } from './run-started-at.ts';

const MEGABYTE = 1024 * 1024;

/** Runs it. */
export const main = programMain('copy-objects', async (run) => {
  const { mode, concurrency, 'memory-megabytes': megabytes, 'run-id': runId } = run.options;
  const program = copyObjects({ ...(await connectSides(run)), mode, concurrency, memoryBytes: megabytes * MEGABYTE, runStartedAt: runStartedAt(runId) });
  await runMapper({ ...run, program, input: copyTask, output: copyResult });
});

if (import.meta.main) startProcess(main, process);
