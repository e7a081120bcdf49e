/** The requests of a run by operation, from what the request asks and what the bucket holds. Pure; retries are not foreseen. */
import { plannedCopyMode } from '../request/access.ts';
import { diffs, verifies, writes } from '../request/goal.ts';
import type { RunRequest } from '../request/run-request.ts';
import type { BucketShape } from './bucket-shape.ts';
import { listPages } from './list-pages.ts';

/** Requests by S3's name of the operation. */
export type RequestCounts = Readonly<Record<string, number>>;

/** What else decides how many there are. */
export interface EstimateFacts {
  readonly request: RunRequest;
  readonly shape: BucketShape;
  /** Tasks that list at once. */
  readonly listTasks: number;
}

/** What prepare-run asks before a copy begins: settings of both buckets, and every right, proven by requests that write nothing (lambdas/rights). */
const PROBES: RequestCounts = {
  GetBucketEncryption: 2,
  GetBucketOwnershipControls: 1,
  GetBucketLifecycleConfiguration: 1,
  GetObjectLockConfiguration: 1,
  ListObjectsV2: 1,
  HeadObject: 2,
  GetObjectAttributes: 1,
  GetObjectTagging: 1,
  CreateMultipartUpload: 1,
  UploadPartCopy: 1,
  ListParts: 1,
  AbortMultipartUpload: 2,
  ListMultipartUploads: 1,
};

/** Adds up, and leaves out what does not happen. */
function addedCounts(...all: readonly RequestCounts[]): RequestCounts {
  const sum: Record<string, number> = {};
  for (const counts of all) for (const [name, count] of Object.entries(counts)) if (count > 0) sum[name] = (sum[name] ?? 0) + count;
  return Object.fromEntries(
    Object.entries(sum)
      .map(([name, count]) => [name, Math.round(count)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Every request of the run. */
export function requestCounts(facts: EstimateFacts): RequestCounts {
  const isCopy = writes(facts.request);
  return addedCounts(listing(facts), isCopy ? copying(facts) : {}, isCopy ? PROBES : {}, isCopy ? { ListMultipartUploads: 1 } : {});
}

/** Share of the objects that are copied; the rest is found at the destination. */
export function copiedShare(request: RunRequest, { different }: BucketShape): number {
  return diffs(request) ? different : 1;
}

/** Both sides' HeadBucket, and every listing: the source's, unless an earlier run's serves again, and the destination's, which is taken to be as large. */
function listing({ request, shape, listTasks }: EstimateFacts): RequestCounts {
  const listings = [request.verifiedRun === null, diffs(request), verifies(request)].filter((isMade) => isMade).length;
  return { HeadBucket: 2, ListObjectsV2: listings * listPages(shape.objects, listTasks, shape.layout) };
}

function copying({ request, shape }: EstimateFacts): RequestCounts {
  const share = copiedShare(request, shape);
  const isStreamed = plannedCopyMode(request) === 'streaming';
  const all = addedFractions(multiparts(shape, isStreamed), wholes(request, shape, isStreamed));
  return Object.fromEntries(Object.entries(all).map(([name, count]) => [name, count * share]));
}

function addedFractions(...all: readonly RequestCounts[]): RequestCounts {
  const sum: Record<string, number> = {};
  for (const counts of all) for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

/**
 * An upload of its own for each: HEAD of part 1, and of each other part where they are not all alike. Unequal parts that look equal are copied once for nothing:
 * the ETag that they would give is seen before the upload is completed, which is aborted, and the next round asks for every part.
 */
function multiparts({ multipart, unequal, asIfEqual, tagged, archivedTier }: BucketShape, isStreamed: boolean): RequestCounts {
  const parts = multipart.parts + asIfEqual.parts;
  return {
    HeadObject: multipart.objects + archivedTier / 2 + (unequal.parts - unequal.objects) + 3 * asIfEqual.objects + (asIfEqual.parts - asIfEqual.objects),
    GetObjectTagging: tagged,
    CreateMultipartUpload: multipart.objects + asIfEqual.objects,
    ...(isStreamed ? { GetObject: parts, UploadPart: parts } : { UploadPartCopy: parts }),
    AbortMultipartUpload: asIfEqual.objects,
    ListParts: asIfEqual.objects,
    CompleteMultipartUpload: multipart.objects,
  };
}

/** One write each; a rule that must know the source costs a HEAD. */
function wholes({ copy }: RunRequest, { objects, archived, archivedTier, multipart }: BucketShape, isStreamed: boolean): RequestCounts {
  // Half of those in an archive tier are taken to be in parts, and end with their HEAD.
  const whole = Math.max(0, objects - archived - archivedTier / 2 - multipart.objects);
  const looks = copy.redirects || copy.encryption.kind === 'keep' || copy.encryption.keyMap !== undefined;
  return {
    ...(isStreamed ? { GetObject: whole, PutObject: whole } : { CopyObject: whole, HeadObject: looks ? whole : 0 }),
    GetObjectAcl: copy.acl === 'copy' ? whole + multipart.objects : 0,
  };
}
