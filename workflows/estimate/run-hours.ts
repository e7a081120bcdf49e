/**
 * How long a run takes: each step is as fast as the slowest of what it needs, which are the processors, the requests under way, and what S3
 * takes for each partitioned prefix. Measured on one core of the machine of docs/scale.md.
 */
import { diffs, verifies, writes } from '../request/goal.ts';
import type { RunRequest } from '../request/run-request.ts';
import type { BucketShape } from './bucket-shape.ts';
import { copiedShare, type RequestCounts } from './request-counts.ts';

/** Where the run happens. */
export interface Capacity {
  /** Cores that run tasks, in all nodes together. */
  readonly cores: number;
  readonly nodes: number;
  /** Requests under way at once in all tasks together. */
  readonly requestsAtOnce: number;
  /** Partitioned prefixes of the destination; S3 makes more under load, within half an hour or so. */
  readonly prefixes: number;
  /** Until an answer begins. */
  readonly latencyMilliseconds: number;
}

/** A cluster of four nodes of eight cores, within the Region. */
export const DEFAULT_CAPACITY: Capacity = { cores: 32, nodes: 4, requestsAtOnce: 2_048, prefixes: 1, latencyMilliseconds: 60 };

/** S3's limits of a prefix (optimizing performance, user guide). */
const WRITES_PER_PREFIX = 3_500;
const READS_PER_PREFIX = 5_500;
/** Requests a second that one core can send and take in, and rows that it reads, joins or sorts. */
const LISTS_PER_CORE = 500;
const REQUESTS_PER_CORE = 6_000;
const ROWS_PER_CORE = 150_000;
/** Hadoop's own time for each step: submitting, containers, Node. */
const STEP_SECONDS = 45;

/** Hours by step. */
export interface RunHours {
  readonly list: number;
  readonly diff: number;
  readonly plan: number;
  readonly copy: number;
  readonly complete: number;
  readonly reconcile: number;
  readonly sweep: number;
  readonly verify: number;
  readonly total: number;
}

const SECONDS = 3_600;
const WRITES = ['CopyObject', 'UploadPartCopy', 'UploadPart', 'PutObject'];

function sum(requests: RequestCounts, names: readonly string[]): number {
  return names.reduce((total, name) => total + (requests[name] ?? 0), 0);
}

/** Hours for so many requests of a kind. */
function hours(count: number, capacity: Capacity, perCore: number, perPrefix: number): number {
  if (count === 0) return 0;
  const rate = Math.min(capacity.cores * perCore, (capacity.requestsAtOnce * 1000) / capacity.latencyMilliseconds, perPrefix * capacity.prefixes);
  return (STEP_SECONDS + count / rate) / SECONDS;
}

function rowHours(rows: number, { cores }: Capacity): number {
  return rows === 0 ? 0 : (STEP_SECONDS + rows / (cores * ROWS_PER_CORE)) / SECONDS;
}

/** What the hours follow from beside the requests. */
interface HoursInput {
  readonly request: RunRequest;
  readonly shape: BucketShape;
  readonly capacity: Capacity;
}

/** How long the steps take, where none of them fails. */
export function runHours(requests: RequestCounts, { request, shape, capacity }: HoursInput): RunHours {
  const copied = writes(request) ? shape.objects * copiedShare(request, shape) : 0;
  // A dry run without a diff counts what it would copy.
  const isCounted = request.goal === 'copy' && request.dryRun && !diffs(request);
  const sides = request.goal === 'verify' && request.verifiedRun === null ? 2 : 3;
  const asked = (operation: string, perPrefix: number) => hours(requests[operation] ?? 0, capacity, REQUESTS_PER_CORE, perPrefix);
  const steps = {
    list: hours(requests.ListObjectsV2 ?? 0, capacity, LISTS_PER_CORE, READS_PER_PREFIX),
    diff: diffs(request) ? rowHours(2 * shape.objects, capacity) : 0,
    plan: copied === 0 ? 0 : Math.max(rowHours(copied, capacity), asked('HeadObject', READS_PER_PREFIX)),
    copy: copied === 0 ? 0 : copyHours(requests, capacity),
    complete: copied === 0 ? 0 : Math.max(rowHours(copied, capacity), asked('CompleteMultipartUpload', WRITES_PER_PREFIX)),
    reconcile: rowHours(isCounted ? shape.objects : 2 * copied, capacity),
    sweep: rowHours(copied, capacity),
    verify: verifies(request) ? rowHours(sides * shape.objects, capacity) : 0,
  };
  return { ...steps, total: Object.values(steps).reduce((a, b) => a + b) };
}

/** What is streamed is read at one prefix and written at another, each within its own limit; the cores do both. */
function copyHours(requests: RequestCounts, capacity: Capacity): number {
  const [written, read] = [sum(requests, WRITES), sum(requests, ['GetObject'])];
  return Math.max(
    hours(written, capacity, REQUESTS_PER_CORE, WRITES_PER_PREFIX),
    hours(read, capacity, REQUESTS_PER_CORE, READS_PER_PREFIX),
    hours(written + read, capacity, REQUESTS_PER_CORE, Number.POSITIVE_INFINITY),
  );
}
