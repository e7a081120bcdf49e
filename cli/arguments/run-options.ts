/** Options of the commands that run steps, and the request that they make. */

import { readS3Url, type S3Location } from './connection-options.ts';
import type { CliOptions } from './option-table.ts';
import { UsageError } from './usage-error.ts';

/** What is shown. */
export const SHOW_OPTIONS = {
  json: { kind: 'flag', meaning: 'one event a line on standard output, as JSON' },
  quiet: { kind: 'flag', meaning: 'nothing but errors' },
} as const satisfies CliOptions;

/** What makes an object different. */
export const COMPARE_OPTION = {
  kind: 'choice',
  choices: ['etag', 'size'],
  meaning: 'what makes an object different; size for a destination that encrypts by KMS, where every ETag is another one',
} as const;

/** Where and how the steps work. */
export const WORK_OPTIONS = {
  'run-dir': { kind: 'text', value: 'DIR', meaning: 'folder of the run directories; default $XDG_STATE_HOME/carillon/runs, ~/.local/state/carillon/runs' },
  partitions: { kind: 'text', value: 'FILE', meaning: 'a part file: one delimiter,prefix or key range a line, listed at the same time; default one for all' },
  mappers: { kind: 'count', value: 'N', least: 1, meaning: 'tasks at the same time; default by the size of the listing and the processors' },
  concurrency: { kind: 'count', value: 'N', least: 1, meaning: 'requests under way at once in each task; default 256 shared by the tasks' },
} as const satisfies CliOptions;

/** Where the steps run. */
export const CLUSTER_OPTIONS = {
  cluster: {
    kind: 'choice',
    choices: ['local', 'hadoop'],
    meaning: 'hadoop: the steps run on the Hadoop that HADOOP_CONF_DIR is the client configuration of; default local, processes on this machine',
  },
  'cluster-dir': {
    kind: 'text',
    value: 'URL',
    meaning: 'where run directories lie for a Hadoop: s3://BUCKET/PREFIX, or file:///DIR on a disk that all nodes share',
  },
} as const satisfies CliOptions;

/** Reads the operands of a command. @throws UsageError with every one that is no `s3://bucket/prefix` */
export function readLocations(operands: Readonly<Record<string, string | undefined>>): readonly S3Location[] {
  const read = Object.entries(operands).map(([name, text = '']) => ({ name, text, location: readS3Url(text) }));
  const wrong = read.filter(({ location }) => location === null);
  if (wrong.length > 0) throw new UsageError(wrong.map(({ name, text }) => `${name} is ${JSON.stringify(text)}; write s3://bucket or s3://bucket/prefix`));
  return read.map(({ location }) => location as S3Location);
}
