/** The program `list-objects`: a mapper; partitions in, a line an object out. */
import { runByteMapper } from '../hadoop/run-step.ts';
import { listObjects } from '../list/list-objects.ts';
import { isPartitionComment, partition } from '../records/partition.ts';
import { rowFilterOf } from './list-filter.ts';
import { startProcess } from './process-entry.ts';
import { programMain } from './program.ts';

/** Runs it. */
export const main = programMain('list-objects', async (run) => {
  const { options } = run;
  const client = await run.connect(options);
  const program = listObjects({
    client,
    prefix: options.prefix,
    concurrency: options.concurrency,
    restoreStatus: options['restore-status'],
    filter: rowFilterOf(options),
  });
  await runByteMapper({ ...run, program, input: partition, skip: isPartitionComment });
});

if (import.meta.main) startProcess(main, process);
