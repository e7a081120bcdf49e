/**
 * The request: the input of the state machine, of the command line and of schedules, in one versioned schema. The smallest one is
 * `{"source":{"bucket":"a"},"destination":{"bucket":"b"}}`; everything else has a default, which its description names.
 */
import * as z from 'zod';
import { COPY_MODES } from '../../emr-steps/books/outcomes.ts';
import { COMPARISONS } from '../diff/diff-select.ts';
import { RUN_ID_PATTERN } from '../plan/run-id.ts';
import { nextSchema, notifySchema } from './chaining.ts';
import { clusterSchema } from './cluster.ts';
import { FIDELITY_MEMBERS } from './fidelity.ts';
import { filtersSchema } from './filters.ts';
import { partitionsSchema } from './partitions.ts';
import { s3Folder } from './places.ts';
import { relatedProblems } from './relations.ts';
import { sideSchema } from './side.ts';

// A process parses a request once or twice: a parser compiled for it would cost more than it spares.
z.config({ jitless: true });

/** Version of the request's schema; it grows when an old request would mean something else. */
const REQUEST_VERSION = 1;

const diffSchema = z
  .strictObject({
    engine: z
      .enum(['none', 'hive', 'athena'])
      .default('none')
      .describe(
        'none: everything that is listed is copied. hive: a Hive step on the cluster. athena: queries of Athena, in a workgroup of the stack. On one machine DuckDB compares for both. Default: none.',
      ),
    compare: z
      .enum([...COMPARISONS, 'checksum'])
      .default('etag')
      .describe(
        'What makes an object different. etag: another ETag or size. size: another size only, for a destination that encrypts by KMS, where every ETag is another one. checksum: in a verification only, asks both sides for the checksum of each object whose ETags differ. Default: etag; of a verification of such a destination: checksum.',
      ),
    extras: z.boolean().default(false).describe('Whether to list also what is only at the destination. Default: false.'),
  })
  .prefault({})
  .describe('Whether to copy only what is missing or different. Default: no.');

const copySchema = z
  .strictObject({
    mode: z
      .enum(['auto', ...COPY_MODES])
      .default('auto')
      .describe(
        'auto: streaming where the two sides have different credentials or endpoints, else server-side with streaming where that is refused. Default: auto.',
      ),
    ...FIDELITY_MEMBERS,
  })
  .prefault({})
  .describe('How the bytes go, and what goes with them. Default: as each member says.');

const directory = z.string().regex(/^\/[^,\0]*$/, 'is no absolute path without commas');

const workSchema = z
  .strictObject({
    mappers: z.int().min(1).max(100_000).optional().describe('Tasks of the plan and copy steps. Default: by the size of the listing and of the cluster.'),
    reducers: z.int().min(1).max(100_000).optional().describe('Tasks of the complete and reconcile steps. Default: as for mappers.'),
    concurrency: z
      .int()
      .min(1)
      .max(1024)
      .optional()
      .describe('Requests under way at once in each task. Default: by the number of tasks, 64 where the cluster is full.'),
    maxAttempts: z.int().min(1).max(100).default(8).describe('Times a request is sent before its object gets a reason. Default: 8.'),
    maxRequestsPerSecond: z.int().min(0).default(0).describe('Ceiling of each task. Default: 0, none but what the service imposes.'),
    memoryMegabytes: z.int().min(16).max(65_536).default(256).describe('Bytes in flight when a task streams, in MiB. Default: 256.'),
    spillAboveBytes: z
      .int()
      .min(1)
      .default(134_217_728)
      .describe(
        "A part larger than this, or than a quarter of the memory, lies on a disk on its way through a task (Campanile's maxtmpsize). Default: 134217728.",
      ),
    spillDirectories: z
      .array(directory)
      .default([])
      .describe("Where on each node it lies, such as /mnt and /mnt1; those with the most room first. Default: the task's own directory on every disk."),
    tries: z.int().min(1).max(10).default(2).describe('Times a step that failed as a whole is run. Default: 2.'),
  })
  .prefault({})
  .describe('Size and pace of the work. Default: as each member says.');

const goalSchema = z
  .enum(['copy', 'diff', 'verify'])
  .default('copy')
  .describe(
    'copy: the destination gets what the source has. diff: the differences are found and nothing is written. verify: the destination is held against the source, and against the ledger of an earlier run where verifiedRun names one; nothing is written. Default: copy.',
  );
const sourceSchema = sideSchema.describe('Where the objects are.');
const destinationSchema = sideSchema.describe('Where they go.');

const runDirectorySchema = s3Folder
  .optional()
  .describe(
    'Below this place, s3://bucket/prefix in the Region of the stack, the run keeps its listings and rows as <run id>/; what it was asked, its plans and its books stay in the work bucket, where everybody looks for them. Default: runs/ in the work bucket of the stack; on one machine a folder that the command names.',
  );
const workDirectorySchema = z
  .enum(['run', 'hdfs'])
  .default('run')
  .describe(
    'Where the results of the copy step lie, a line each object or part, until the next step has read them. run: in the run directory. hdfs: on the cluster, which spares requests; they end with the cluster, so that a run which is resumed on another looks at every object of the round again. Everything else outlives the cluster anyway. Default: run.',
  );
const verifySchema = z
  .boolean()
  .default(false)
  .describe('After the rounds of a copy, list the destination again and compare it with the source and the ledger. Default: false.');
const runId = z.string().regex(RUN_ID_PATTERN, 'is no run id, such as 20260102-030405-0123456789').nullable().default(null);
const verifiedRunSchema = runId.describe(
  'With the goal verify alone: the run whose listing of the source and whose ledgers the destination is held against. Default: null, both sides are listed and compared without a ledger.',
);
const dryRunSchema = z.boolean().default(false).describe('Write nothing to the destination; list, compare and count only. Default: false.');

/** The members that must agree with one another; they are compared even where others are wrong, so that one error names it all. */
const relatedSchema = z.object({
  goal: goalSchema,
  source: sourceSchema,
  destination: destinationSchema,
  filters: filtersSchema,
  diff: diffSchema,
  copy: copySchema,
  cluster: clusterSchema,
  workDirectory: workDirectorySchema,
  verify: verifySchema,
  dryRun: dryRunSchema,
  verifiedRun: verifiedRunSchema,
  next: nextSchema,
});

/** What of a request is looked at together. */
export type RelatedMembers = z.output<typeof relatedSchema>;

/** The members of a request. */
const REQUEST_MEMBERS = {
  version: z.literal(REQUEST_VERSION).default(REQUEST_VERSION).describe('Version of this schema. Default: 1.'),
  goal: goalSchema,
  source: sourceSchema,
  destination: destinationSchema,
  partitions: partitionsSchema,
  filters: filtersSchema,
  diff: diffSchema,
  copy: copySchema,
  work: workSchema,
  cluster: clusterSchema,
  runDirectory: runDirectorySchema,
  workDirectory: workDirectorySchema,
  rounds: z.int().min(1).max(10).default(3).describe('Times that what failed but may heal is tried, the first included. Default: 3.'),
  verify: verifySchema,
  toleratedFailures: z
    .int()
    .min(0)
    .default(0)
    .describe('Objects that may fail without failing the execution; its status is partial all the same, and each is in the books. Default: 0.'),
  notify: notifySchema,
  next: nextSchema,
  resume: runId.describe('The run to go on with: its request must say the same, steps that it finished are left out. Default: null, a new run.'),
  verifiedRun: verifiedRunSchema,
  dryRun: dryRunSchema,
} as const;

/** The schema of a request. */
export const requestSchema = z.strictObject(REQUEST_MEMBERS).superRefine(
  (request, context) => {
    for (const problem of relatedProblems(relatedSchema.parse(request))) context.addIssue({ code: 'custom', ...problem });
  },
  { when: ({ value }) => relatedSchema.safeParse(value).success },
);

/** A request with every default filled in. */
export type RunRequest = z.output<typeof requestSchema>;
/** A request as people write it. */
export type RunRequestInput = z.input<typeof requestSchema>;
