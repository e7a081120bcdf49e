/** What a run will ask of S3, how long it takes, and what it costs. Pure. */
import { writes } from '../request/goal.ts';
import type { RunRequest } from '../request/run-request.ts';
import type { BucketShape } from './bucket-shape.ts';
import { type PriceTable, type RequestClass, requestClass } from './price-table.ts';
import { copiedShare, type RequestCounts, requestCounts } from './request-counts.ts';
import { type Capacity, type RunHours, runHours } from './run-hours.ts';

/** All that an estimate follows from. */
export interface EstimateInput {
  readonly request: RunRequest;
  readonly shape: BucketShape;
  /** Tasks that list at once. */
  readonly listTasks: number;
  readonly capacity: Capacity;
  readonly prices: PriceTable;
}

/** US dollars. */
export interface Cost {
  readonly writes: number;
  readonly reads: number;
  readonly transfer: number;
  readonly cluster: number;
  readonly total: number;
}

/** The estimate. */
export interface RunEstimate {
  readonly requests: RequestCounts;
  readonly requestsByClass: Readonly<Record<RequestClass, number>>;
  readonly hours: RunHours;
  readonly cost: Cost;
  /** The day of the prices. */
  readonly pricesAsOf: string;
  /** What it rests on beside the request, in sentences. */
  readonly assumptions: readonly string[];
}

const GIGABYTE = 1e9;
const INTO_CLASS: ReadonlySet<string> = new Set([
  'CopyObject',
  'PutObject',
  'CreateMultipartUpload',
  'UploadPart',
  'UploadPartCopy',
  'CompleteMultipartUpload',
]);

/** The estimate of a run. */
export function estimateRun(input: EstimateInput): RunEstimate {
  const requests = requestCounts(input);
  const hours = runHours(requests, input);
  return {
    requests,
    requestsByClass: byClass(requests),
    hours,
    cost: costOf(requests, hours, input),
    pricesAsOf: input.prices.asOf,
    assumptions: assumptions(input),
  };
}

function byClass(requests: RequestCounts): Record<RequestClass, number> {
  const classes: Record<RequestClass, number> = { write: 0, read: 0, free: 0 };
  for (const [operation, count] of Object.entries(requests)) classes[requestClass(operation)] += count;
  return classes;
}

function costOf(requests: RequestCounts, hours: RunHours, { request, shape, capacity, prices }: EstimateInput): Cost {
  const perThousand = (operation: string): number => {
    const kind = requestClass(operation);
    const own = INTO_CLASS.has(operation) ? prices.writesByStorageClass[request.copy.storageClass ?? 'STANDARD'] : undefined;
    return own ?? prices.perThousandRequests[kind] ?? 0;
  };
  const dollars = (kind: RequestClass) =>
    Object.entries(requests).reduce((sum, [operation, count]) => (requestClass(operation) === kind ? sum + (count / 1000) * perThousand(operation) : sum), 0);
  const parts = {
    writes: dollars('write'),
    reads: dollars('read'),
    transfer: transferOf(request, shape, prices),
    cluster: hours.total * capacity.nodes * prices.perNodeHour,
  };
  return { ...parts, total: Object.values(parts).reduce((a, b) => a + b) };
}

/** Bytes that leave the source's Region. A side whose Region nobody has said is taken to be in the other's. */
function transferOf(request: RunRequest, shape: BucketShape, prices: PriceTable): number {
  const [from, to] = [request.source.region, request.destination.region];
  if (!writes(request) || from === undefined || to === undefined || from === to) return 0;
  const perGigabyte = prices.betweenRegions[`${from} ${to}`] ?? prices.perGigabyteBetweenRegions;
  return (shape.bytes / GIGABYTE) * copiedShare(request, shape) * perGigabyte;
}

function assumptions({ request, shape, capacity, prices }: EstimateInput): readonly string[] {
  const { source, destination } = request;
  const regions =
    source.region === undefined || destination.region === undefined ? 'both buckets are in one Region, since the request does not name both' : null;
  const tagged = shape.multipart.objects > 0 && shape.tagged === 0 ? 'no multipart object has tags' : null;
  return [
    `prices of ${prices.asOf}: ${prices.source}`,
    `${capacity.nodes} nodes, ${capacity.cores} cores, ${capacity.requestsAtOnce} requests at once, ${capacity.latencyMilliseconds} ms each, ${capacity.prefixes} partitioned ${capacity.prefixes === 1 ? 'prefix' : 'prefixes'}`,
    'no request is refused or sent twice, and nothing fails',
    ...(regions === null ? [] : [regions]),
    ...(tagged === null ? [] : [tagged]),
  ];
}
