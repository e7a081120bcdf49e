/** The options of `carillon estimate`. */
import { LAYOUTS } from '../../workflows/estimate/bucket-shape.ts';
import type { CliCommand, CliOptions } from '../arguments/option-table.ts';

const OPTIONS = {
  listing: { kind: 'text', value: 'PATH', meaning: 'a file of a listing (carillon list), or the folder of one: objects, bytes and parts are counted there' },
  shape: { kind: 'text', value: 'FILE', meaning: 'what the bucket holds, as JSON (docs/scale.md)' },
  objects: { kind: 'count', value: 'N', least: 0, meaning: 'objects of the source, where there is neither listing nor shape' },
  bytes: { kind: 'count', value: 'N', least: 0, meaning: 'their bytes; default 1 MB each' },
  'multipart-objects': { kind: 'count', value: 'N', least: 0, meaning: 'those of them that came by multipart upload; default 0' },
  parts: { kind: 'count', value: 'N', least: 0, meaning: 'their parts, all together; default two each' },
  layout: { kind: 'choice', choices: LAYOUTS, meaning: 'how the keys lie; default flat' },
  mappers: { kind: 'count', value: 'N', least: 1, meaning: 'tasks that list at once; default one a core, or 1 for less than a million objects' },
  cores: { kind: 'count', value: 'N', least: 1, meaning: 'cores of all nodes together; default 32' },
  nodes: { kind: 'count', value: 'N', least: 1, meaning: 'nodes of the cluster; default 4' },
  prefixes: { kind: 'count', value: 'N', least: 1, meaning: 'partitioned prefixes of the destination: S3 takes 3,500 writes a second for each; default 1' },
  latency: { kind: 'count', value: 'MS', least: 1, meaning: 'until an answer begins, in milliseconds; default 60' },
  prices: { kind: 'text', value: 'FILE', meaning: 'a price table of your own, as JSON; default the list prices that docs/scale.md names' },
  pair: { kind: 'text', value: 'NAME', meaning: 'the pair of a config file' },
  json: { kind: 'flag', meaning: 'the estimate as one line of JSON' },
} as const satisfies CliOptions;

/** The command as its line is read. */
export const ESTIMATE_COMMAND: CliCommand<typeof OPTIONS> = {
  name: 'estimate',
  meaning: 'Says beforehand how many requests of each kind a request will make, how long it takes and what it costs. Nothing is sent anywhere.',
  operands: ['REQUEST.json'],
  options: OPTIONS,
  notes: [
    'The counts are exact where the shape is, but for the listing, which depends on how the keys lie. Hours and dollars are a model: docs/scale.md says of what.',
    'Exit code 0; 2: bad input.',
  ],
};
