/** The program `plan-parts`: a mapper; listed objects in, copy tasks out. */
import { runMapper } from '../hadoop/run-step.ts';
import { planParts } from '../plan/plan-parts.ts';
import { campanileRecord } from '../records/campanile-record.ts';
import { copyTask } from '../records/copy-task.ts';
import { objectRecord } from '../records/object-record.ts';
import { connectSides } from './connect-sides.ts';
import { fidelityOf } from './fidelity-options.ts';
import { startProcess } from './process-entry.ts';
import { programMain } from './program.ts';

/** Runs it. */
export const main = programMain('plan-parts', async (run) => {
  const { options } = run;
  const program = planParts({
    ...(await connectSides(run)),
    partMap: options['part-map'],
    storageClass: options['storage-class'] ?? null,
    fidelity: fidelityOf(options),
    concurrency: options.concurrency,
  });
  await runMapper({ ...run, program, input: options['input-format'] === 'campanile' ? campanileRecord : objectRecord, output: copyTask });
});

if (import.meta.main) startProcess(main, process);
