/** Options of how hard the work goes, beyond the number of tasks and requests. */
import type { CliOptions, CliValues } from './option-table.ts';
import { readSize } from './size.ts';

/** They. */
export const PACE_OPTIONS = {
  reducers: { kind: 'count', value: 'N', least: 1, meaning: 'tasks that complete uploads and reconcile; default as for --mappers' },
  'max-requests-per-second': { kind: 'count', value: 'N', least: 1, meaning: 'ceiling of each task; default none but what the service imposes' },
  'max-attempts': { kind: 'count', value: 'N', least: 1, meaning: 'times a request is sent before its object gets a reason; default 8' },
  tries: { kind: 'count', value: 'N', least: 1, meaning: 'times a step that failed as a whole is run; default 2' },
  memory: { kind: 'count', value: 'MIB', least: 16, meaning: 'bytes in flight when a task streams, in MiB; default 256' },
  'spill-above': { kind: 'text', value: 'SIZE', meaning: 'larger parts lie on a disk on their way through a task; default 128MiB' },
  'spill-dir': { kind: 'texts', value: 'DIR', meaning: 'where they lie, an absolute path; may stand several times; default the scratch space of the task' },
} as const satisfies CliOptions;

/** Members of `work` in a request; the schema judges them. */
export function paceOf(values: CliValues<typeof PACE_OPTIONS>): object {
  const spillAboveBytes = readSize('spill-above', values['spill-above']);
  const directories = values['spill-dir'];
  return {
    ...(values.reducers && { reducers: values.reducers }),
    ...(values['max-requests-per-second'] && { maxRequestsPerSecond: values['max-requests-per-second'] }),
    ...(values['max-attempts'] && { maxAttempts: values['max-attempts'] }),
    ...(values.tries && { tries: values.tries }),
    ...(values.memory && { memoryMegabytes: values.memory }),
    ...(spillAboveBytes !== undefined && { spillAboveBytes }),
    ...(directories.length > 0 && { spillDirectories: directories }),
  };
}
