/** The program `copy-objects`: a mapper; copy tasks in, results out. */
import { copyObjects } from '../copy/copy-objects.ts';
import { SpillSpace } from '../copy/spill-space.ts';
import { runMapper } from '../hadoop/run-step.ts';
import { copyResult } from '../records/copy-result.ts';
import { copyTask } from '../records/copy-task.ts';
import { connectSides } from './connect-sides.ts';
import { fidelityOf } from './fidelity-options.ts';
import { startProcess } from './process-entry.ts';
import { programMain } from './program.ts';
import { runStartedAt } from './run-started-at.ts';
import { spillDirectories } from './spill-directories.ts';

const MEGABYTE = 1024 * 1024;

/** Runs it. */
export const main = programMain('copy-objects', async (run) => {
  const { options } = run;
  const program = copyObjects({
    ...(await connectSides(run)),
    mode: options.mode,
    concurrency: options.concurrency,
    fidelity: fidelityOf(options),
    classRule: options['storage-class'] ?? null,
    memoryBytes: options['memory-megabytes'] * MEGABYTE,
    spill: new SpillSpace(spillDirectories(options['spill-directories'], run.env)),
    spillAboveBytes: options['spill-above-bytes'],
    runStartedAt: options['run-started-at'] ?? runStartedAt(options['run-id']),
  });
  await runMapper({ ...run, program, input: copyTask, output: copyResult });
});

if (import.meta.main) startProcess(main, process);
