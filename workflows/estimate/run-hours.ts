/**
 * How long a run takes: each step is as fast as the slowest of what it needs, which are the processors, the requests under way, and what S3
 * takes for each partitioned prefix. Measured on one core of the machine of docs/scale.md.
 */
import type { BucketShape } from './bucket-shape.ts';
import type { RequestCounts } from './request-counts.ts';

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
  readonly total: number;
}

const SECONDS = 3_600;
const COPIES = ['CopyObject', 'UploadPartCopy', 'UploadPart', 'PutObject', 'GetObject'];

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
  readonly shape: BucketShape;
  readonly capacity: Capacity;
  /** Whether two listings are held against each other. */
  readonly isCompared: boolean;
}

/** How long the steps take. */
export function runHours(requests: RequestCounts, { shape, capacity, isCompared }: HoursInput): RunHours {
  const isCopied = sum(requests, COPIES) > 0;
  const steps = {
    list: hours(requests.ListObjectsV2 ?? 0, capacity, LISTS_PER_CORE, READS_PER_PREFIX),
    diff: isCompared ? rowHours(2 * shape.objects, capacity) : 0,
    plan: isCopied ? Math.max(rowHours(shape.objects, capacity), hours(requests.HeadObject ?? 0, capacity, REQUESTS_PER_CORE, READS_PER_PREFIX)) : 0,
    copy: hours(sum(requests, COPIES), capacity, REQUESTS_PER_CORE, WRITES_PER_PREFIX),
    complete: isCopied
      ? Math.max(rowHours(shape.objects, capacity), hours(requests.CompleteMultipartUpload ?? 0, capacity, REQUESTS_PER_CORE, WRITES_PER_PREFIX))
      : 0,
    reconcile: isCopied ? rowHours(2 * shape.objects, capacity) : 0,
  };
  return { ...steps, total: Object.values(steps).reduce((a, b) => a + b) };
}
