/**
 * The options of each program, once: the run plan writes them, the programs read them. A connection's options stand bare in
 * list-objects and with `source-` or `destination-` before them in programs with two sides.
 */
import { COPY_MODES } from '../books/outcomes.ts';
import type { OptionTable } from './step-arguments.ts';

/** How to reach one bucket. */
export const CONNECTION_OPTIONS = {
  bucket: { kind: 'text', required: true, meaning: 'the bucket' },
  prefix: { kind: 'text', default: '', meaning: 'what every key begins with; columns hold the rest' },
  region: { kind: 'text', meaning: "the bucket's Region; found out by HeadBucket where it is not given" },
  'endpoint-url': { kind: 'text', meaning: 'the endpoint in place of the one of AWS' },
  'addressing-style': {
    kind: 'choice',
    choices: ['auto', 'path', 'virtual'],
    default: 'auto',
    meaning: 'where the bucket stands in the URL; auto: path for an own endpoint and for names with dots',
  },
  profile: { kind: 'text', meaning: 'the profile of the shared AWS configuration; never on a cluster' },
  'role-arn': { kind: 'text', meaning: 'the role to assume' },
  'external-id': { kind: 'text', meaning: 'the external id that the role wants' },
  'sts-region': { kind: 'text', meaning: 'the Region of the STS endpoint' },
  'expected-bucket-owner': { kind: 'text', meaning: 'the account that must own the bucket' },
  'request-payer': { kind: 'flag', meaning: 'pay for the requests' },
  'no-sign-request': { kind: 'flag', meaning: 'send anonymous requests' },
} as const satisfies OptionTable;

/** What every program takes. */
const RUN_OPTIONS = {
  'run-id': { kind: 'text', default: 'adhoc', meaning: 'the run: role session name and part of the user agent' },
  round: { kind: 'count', default: 1, least: 1, meaning: 'the round, 1 first' },
  try: { kind: 'count', default: 1, least: 1, meaning: 'the try of this step, 1 first' },
  concurrency: { kind: 'count', default: 64, least: 1, meaning: 'requests under way at once' },
  'request-timeout-seconds': { kind: 'count', default: 60, least: 1, meaning: 'wall-clock limit of one request; a part copy gets more by its size' },
  'max-attempts': { kind: 'count', default: 8, least: 1, meaning: 'times a request is sent before its object gets a reason' },
  'max-requests-per-second': { kind: 'count', default: 0, meaning: 'ceiling of this process; 0: none but what the service imposes' },
  'run-started-at': {
    kind: 'time',
    meaning: 'when the run began: what the destination got since then is its work; as its id says where not given',
  },
  statistics: { kind: 'text', meaning: 'directory (a path or s3:// URL) for the statistics of each task attempt' },
  'dry-run': { kind: 'flag', meaning: 'write nothing to S3' },
} as const satisfies OptionTable;

const INPUT_OPTIONS = {
  'input-format': { kind: 'choice', choices: ['carillon', 'campanile'], default: 'carillon', meaning: 'campanile: text columns are not encoded' },
} as const satisfies OptionTable;

/** What a copy takes over beside its bytes: the programs that write objects must be given the same. */
export const FIDELITY_OPTIONS = {
  'storage-class': { kind: 'text', meaning: 'the class of every copy; as the source has it where not given' },
  encryption: {
    kind: 'choice',
    choices: ['bucket-default', 'keep', 'AES256', 'aws:kms', 'aws:kms:dsse'],
    default: 'bucket-default',
    meaning: 'bucket-default: nothing is sent; keep: as the source has it, which looks at every object',
  },
  'kms-key': { kind: 'text', meaning: "the key of aws:kms and aws:kms:dsse, or of what the map leaves out; the account's own where not given" },
  'kms-key-map': {
    kind: 'texts',
    meaning: 'SOURCE=DESTINATION: objects under the one key get the other, all others the default of the bucket; looks at every object; may be given again',
  },
  'bucket-key': { kind: 'flag', meaning: 'with a KMS key: an S3 Bucket Key, so that KMS is asked less' },
  acl: {
    kind: 'choice',
    choices: ['none', 'bucket-owner-full-control', 'copy'],
    default: 'none',
    meaning: 'none: no ACL is sent; copy: the grants of the source, where the destination takes any; a request an object',
  },
  tags: { kind: 'choice', choices: ['keep', 'drop'], default: 'keep', meaning: 'drop: for who may not read or write tags' },
  checksums: { kind: 'choice', choices: ['keep', 'ignore'], default: 'keep', meaning: 'keep: the copy stores the checksum that the source does' },
  redirects: { kind: 'flag', meaning: 'keep the website redirect of objects that one request copies: looks at every object' },
} as const satisfies OptionTable;

/** Which listed objects stay. Patterns are of keys behind the prefix. */
export const FILTER_OPTIONS = {
  include: { kind: 'texts', meaning: 'only keys that match this glob (* any text, slashes too; ? one character; [a-z]; {a,b}); may be given again' },
  exclude: { kind: 'texts', meaning: 'no keys that match this glob, whatever includes them; may be given again' },
  'include-regex': { kind: 'texts', meaning: 'only keys in which this regular expression is found; with globs: or that match one' },
  'exclude-regex': { kind: 'texts', meaning: 'no keys in which this regular expression is found' },
  'min-size': { kind: 'limit', meaning: 'only objects of at least so many bytes' },
  'max-size': { kind: 'limit', meaning: 'only objects of at most so many bytes' },
  'modified-after': { kind: 'time', meaning: 'only objects modified at this time or later' },
  'modified-before': { kind: 'time', meaning: 'only objects modified before this time' },
  'only-class': { kind: 'texts', meaning: 'only objects of this storage class; may be given again' },
  'except-class': { kind: 'texts', meaning: 'no objects of this storage class; may be given again' },
} as const satisfies OptionTable;

type Prefixed<P extends string, T extends OptionTable> = { readonly [K in keyof T & string as `${P}${K}`]: T[K] };

function prefixed<P extends string, T extends OptionTable>(prefix: P, table: T): Prefixed<P, T> {
  return Object.fromEntries(Object.entries(table).map(([name, spec]) => [`${prefix}${name}`, spec])) as Prefixed<P, T>;
}

/** Both sides. */
const TWO_SIDES = { ...prefixed('source-', CONNECTION_OPTIONS), ...prefixed('destination-', CONNECTION_OPTIONS) };

/** The table with options that need not be given. */
function optional<T extends OptionTable, K extends keyof T & string>(table: T, ...names: readonly K[]): Omit<T, K> & Record<K, OptionalText> {
  const loosened = names.map((name) => [name, { kind: 'text', meaning: table[name]?.meaning ?? '' }] as const);
  return { ...table, ...(Object.fromEntries(loosened) as Record<K, OptionalText>) };
}

interface OptionalText {
  readonly kind: 'text';
  readonly meaning: string;
}

/** Options by program. */
export const PROGRAM_OPTIONS = {
  'list-objects': {
    ...CONNECTION_OPTIONS,
    ...RUN_OPTIONS,
    ...FILTER_OPTIONS,
    'restore-status': { kind: 'flag', meaning: 'ask for the restore status of archived objects' },
  },
  'plan-parts': {
    ...TWO_SIDES,
    ...RUN_OPTIONS,
    ...INPUT_OPTIONS,
    'part-map': {
      kind: 'choice',
      choices: ['computed', 'swept'],
      default: 'computed',
      meaning: 'computed: from part 1 where the parts are uniform; swept: ask for every part',
    },
    ...FIDELITY_OPTIONS,
  },
  'copy-objects': {
    ...TWO_SIDES,
    ...RUN_OPTIONS,
    ...FIDELITY_OPTIONS,
    mode: { kind: 'choice', choices: ['auto', ...COPY_MODES], default: 'auto', meaning: 'auto: server-side, and streaming where that is refused' },
    'memory-megabytes': { kind: 'count', default: 256, least: 16, meaning: 'bytes in flight when streaming' },
    'spill-above-bytes': {
      kind: 'count',
      default: 134_217_728,
      least: 1,
      meaning: 'a part larger than this, or than a quarter of the memory, lies on a disk on its way (maxtmpsize of Campanile)',
    },
    'spill-directories': { kind: 'text', meaning: "directories for that, joined by commas; the task's own where not given ($LOCAL_DIRS, $TMPDIR, /tmp)" },
  },
  'complete-uploads': { ...TWO_SIDES, ...RUN_OPTIONS },
  reconcile: {
    role: { kind: 'choice', choices: ['mapper', 'reducer'], default: 'reducer', meaning: 'mapper: writes the side as column 2; reducer: joins' },
    'to-copy': { kind: 'text', meaning: 'directory of the rows that were to be copied (mapper)' },
    source: { kind: 'text', meaning: 'directory of the listing of the source (mapper of a verification)' },
    destination: { kind: 'text', meaning: 'directory of the listing of the destination (mapper of a verification)' },
    ledger: { kind: 'text', meaning: 'directory of the ledger; several, one a round, with commas between (mapper)' },
    side: {
      kind: 'choice',
      choices: ['by-file', 'to-copy', 'source', 'destination', 'ledger'],
      default: 'by-file',
      meaning: 'side of every line; by-file: by the directory of the input file (mapper)',
    },
    emit: {
      kind: 'choice',
      choices: ['counts', 'unsettled', 'verdicts', 'differences'],
      default: 'counts',
      meaning:
        'counts: a line an outcome and reason; unsettled: the rows that another round may settle; verdicts: a line a verdict of a verification; differences: a line an object that differs (reducer)',
    },
    compare: {
      kind: 'choice',
      choices: ['etag', 'checksum', 'size'],
      default: 'etag',
      meaning:
        'what a verification compares where no ledger row proves the copy; checksum: asks both sides for each object whose ETags differ; size: the ETags of the destination are no MD5s (reducer)',
    },
    extras: { kind: 'flag', meaning: 'differences hold also what only the destination has (reducer)' },
    ...optional(TWO_SIDES, 'source-bucket', 'destination-bucket'),
    ...RUN_OPTIONS,
  },
  'sweep-uploads': {
    ...CONNECTION_OPTIONS,
    ...RUN_OPTIONS,
    'run-directory': { kind: 'text', meaning: 'directory of this run, where only uploads that its own tasks name are to be aborted' },
    'other-runs': { kind: 'text', meaning: 'directories of other open runs, whose tasks name uploads that are theirs; commas between' },
  },
} as const satisfies Readonly<Record<string, OptionTable>>;

/** Name of a program; its bundle is `<name>.js`. */
export type ProgramName = keyof typeof PROGRAM_OPTIONS;
