import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BucketShape, bucketShapeSchema, ShapeOfListing } from '../../../../workflows/estimate/bucket-shape.ts';
import { reviewEstimate } from '../../../../workflows/estimate/compare-estimate.ts';
import { estimateRun } from '../../../../workflows/estimate/estimate-run.ts';
import { listPages } from '../../../../workflows/estimate/list-pages.ts';
import { DEFAULT_PRICES, requestClass } from '../../../../workflows/estimate/price-table.ts';
import { DEFAULT_CAPACITY } from '../../../../workflows/estimate/run-hours.ts';
import { parseRequest } from '../../../../workflows/request/parse-request.ts';
import type { RunRequestInput } from '../../../../workflows/request/run-request.ts';

const SIDES = { source: { bucket: 'a', region: 'us-east-1' }, destination: { bucket: 'b', region: 'us-east-1' } };

function estimate(shape: Partial<BucketShape>, request: Partial<RunRequestInput> = {}, over: Partial<typeof DEFAULT_CAPACITY> = {}) {
  return estimateRun({
    request: parseRequest({ ...SIDES, ...request }),
    shape: bucketShapeSchema.parse({ objects: 0, bytes: 0, ...shape }),
    listTasks: 1,
    capacity: { ...DEFAULT_CAPACITY, ...over },
    prices: DEFAULT_PRICES,
  });
}

/** What the objects cost, beyond what a run of an empty bucket does. */
function beyondProbes(shape: Partial<BucketShape>, request: Partial<RunRequestInput> = {}) {
  const [all, none] = [estimate(shape, request).requests, estimate({}).requests];
  return Object.fromEntries(Object.entries(all).flatMap(([name, count]) => (count === (none[name] ?? 0) ? [] : [[name, count - (none[name] ?? 0)]])));
}

describe('the requests of a run', () => {
  it('are a write for each object that one request copies, and nothing else', () => {
    expect(beyondProbes({ objects: 900, archived: 100 })).toEqual({ CopyObject: 800 });
  });

  it('are a HEAD, an upload, its parts and an end for each multipart object', () => {
    expect(beyondProbes({ objects: 10, multipart: { objects: 4, parts: 12 }, tagged: 1 })).toEqual({
      HeadObject: 4,
      CreateMultipartUpload: 4,
      UploadPartCopy: 12,
      CompleteMultipartUpload: 4,
      GetObjectTagging: 1,
      CopyObject: 6,
    });
  });

  it('ask for every part where parts are unequal, and copy those twice that only look equal', () => {
    const shape = { objects: 3, multipart: { objects: 3, parts: 9 }, unequal: { objects: 1, parts: 3 }, asIfEqual: { objects: 1, parts: 3 } };
    const uploads = { CreateMultipartUpload: 4, AbortMultipartUpload: 1, ListParts: 1, CompleteMultipartUpload: 3 };
    expect(beyondProbes(shape)).toEqual({ HeadObject: 3 + 2 + 3 + 2, UploadPartCopy: 12, ...uploads });
  });

  it('go through the node where the sides have two sets of credentials', () => {
    const streamed = { source: { ...SIDES.source, profile: 'one' }, destination: { ...SIDES.destination, profile: 'two' } };
    const requests = beyondProbes({ objects: 10, multipart: { objects: 2, parts: 6 } }, streamed);
    expect(requests).toMatchObject({ GetObject: 14, PutObject: 8, UploadPart: 6 });
    expect(requests.CopyObject).toBeUndefined();
  });

  it('list both sides for a diff and copy its share alone; a dry run copies nothing', () => {
    const diff = { diff: { engine: 'hive' } } as const;
    expect(estimate({ objects: 1000, different: 0.1 }, diff).requests).toMatchObject({ ListObjectsV2: 3, CopyObject: 100 });
    expect(estimate({ objects: 1000 }, { dryRun: true }).requests).toEqual({ HeadBucket: 2, ListObjectsV2: 1 });
    expect(beyondProbes({ objects: 1000 }, { verify: true }).ListObjectsV2).toBe(1);
  });

  it('list the destination for a verification, and the source unless an earlier run has', () => {
    const pages = (request: Partial<RunRequestInput>) => estimate({ objects: 1000 }, request).requests.ListObjectsV2;
    const hive = { diff: { engine: 'hive' } } as const;
    expect([pages({ goal: 'verify' }), pages({ goal: 'verify', verify: true, ...hive })]).toEqual([2, 2]);
    expect(pages({ goal: 'verify', verifiedRun: '20260101-030405-0123456789' })).toBe(1);
    expect([pages({ dryRun: true, verify: true }), pages({ goal: 'diff', verify: true, ...hive })]).toEqual([1, 2]);
  });

  it('cost a look at each source where a rule needs one', () => {
    expect(beyondProbes({ objects: 50 }, { copy: { redirects: true } }).HeadObject).toBe(50);
    expect(beyondProbes({ objects: 50 }, { copy: { acl: 'copy' } }).GetObjectAcl).toBe(50);
  });

  it('never grow fewer with more objects or more parts', () => {
    fc.assert(
      fc.property(fc.nat(5_000_000), fc.nat(1000), fc.nat(1000), (objects, more, parts) => {
        const total = (shape: Partial<BucketShape>) => Object.values(estimate(shape).requests).reduce((a, b) => a + b, 0);
        expect(total({ objects: objects + more })).toBeGreaterThanOrEqual(total({ objects }));
        const multipart = { objects: Math.min(objects, 10), parts: 10 };
        expect(total({ objects, multipart: { ...multipart, parts: 10 + parts } })).toBe(total({ objects, multipart }) + parts);
      }),
    );
  });
});

describe('the pages of a listing', () => {
  it('are those that hold the keys, and what splitting costs, which grows no further for large listings', () => {
    expect(listPages(0, 1, 'flat')).toBe(1);
    expect(listPages(1000, 1, 'flat')).toBe(1);
    expect(listPages(1_000_000, 1, 'flat')).toBeGreaterThan(1_300);
    expect(listPages(1_000_000_000, 4, 'flat') / 1_000_000).toBeLessThan(1.01);
    expect(listPages(20_000, 1, 'skewed')).toBeGreaterThan(listPages(20_000, 1, 'flat'));
  });
});

describe('hours and dollars', () => {
  it('a billion small objects cost five thousand dollars in writes, and take as long as the prefixes allow', () => {
    const { cost, hours } = estimate({ objects: 1e9, bytes: 1e14 });
    expect(cost.writes).toBeGreaterThan(5_000);
    expect(cost.writes).toBeLessThan(5_100);
    expect(hours.copy).toBeGreaterThan(79);
    expect(estimate({ objects: 1e9, bytes: 1e14 }, {}, { prefixes: 9 }).hours.copy).toBeLessThan(10);
  });

  it('what is streamed is read beside what is written, and takes no longer where the prefix is the limit', () => {
    const streamed = estimate({ objects: 1e9 }, { copy: { mode: 'streaming' } }).hours.copy;
    expect(streamed).toBeCloseTo(estimate({ objects: 1e9 }).hours.copy);
    expect(estimate({ objects: 1e9 }, { copy: { mode: 'streaming' } }, { cores: 1 }).hours.copy).toBeGreaterThan(92);
  });

  it('steps take time where the request has them, for as many rows as they read', () => {
    const steps = (request: Partial<RunRequestInput>) =>
      Object.entries(estimate({ objects: 1e8, different: 0.1 }, request).hours).flatMap(([name, each]) => (each > 0 && name !== 'total' ? [name] : []));
    expect(steps({})).toEqual(['list', 'plan', 'copy', 'complete', 'reconcile', 'sweep']);
    expect(steps({ verify: true })).toContain('verify');
    expect(steps({ goal: 'verify' })).toEqual(['list', 'verify']);
    expect(steps({ goal: 'diff', diff: { engine: 'hive' } })).toEqual(['list', 'diff']);
    expect(steps({ dryRun: true, verify: true })).toEqual(['list', 'reconcile']);
    const copied = (request: Partial<RunRequestInput>) => estimate({ objects: 1e9, different: 0.1 }, request).hours;
    for (const step of ['plan', 'complete', 'reconcile', 'sweep'] as const)
      expect(copied({ diff: { engine: 'hive' } })[step]).toBeLessThan(copied({})[step] / 2);
  });

  it('bytes cost between Regions alone, by the pair where it has a price', () => {
    const to = (region: string) => estimate({ objects: 1, bytes: 1e12 }, { destination: { bucket: 'b', region } }).cost.transfer;
    expect(to('us-east-1')).toBe(0);
    expect(to('eu-central-1')).toBeCloseTo(20);
    expect(to('us-east-2')).toBeCloseTo(10);
  });

  it('writes cost what the class of the copies costs', () => {
    const plain = estimate({ objects: 1e6 }).cost.writes;
    expect(estimate({ objects: 1e6 }, { copy: { storageClass: 'DEEP_ARCHIVE' } }).cost.writes).toBeGreaterThan(9 * plain);
  });

  it.each([
    ['ListObjectsV2', 'write'],
    ['CopyObject', 'write'],
    ['HeadObject', 'read'],
    ['GetObjectTagging', 'read'],
    ['AbortMultipartUpload', 'free'],
  ])('%s is priced as %s', (operation, kind) => {
    expect(requestClass(operation)).toBe(kind);
  });
});

describe('the shape of a listing', () => {
  it('counts objects, bytes, parts and archives', () => {
    const shape = new ShapeOfListing();
    const add = (etag: string | null, storageClass: string | null = 'STANDARD', restoreStatus: string | null = null) =>
      shape.add({ etag, size: 10, storageClass, restoreStatus });
    add('0123');
    add('0123-3');
    add('0123-12', 'GLACIER');
    add('0123-12', 'GLACIER', 'restored');
    add(null);
    expect(shape.shape('hashed')).toMatchObject({ objects: 5, bytes: 50, layout: 'hashed', archived: 1, multipart: { objects: 2, parts: 15 } });
  });
});

describe('an estimate and what came', () => {
  it('are held against each other by operation and in all', () => {
    const review = reviewEstimate({ CopyObject: 100, HeadObject: 10 }, { CopyObject: 101, ListParts: 1 });
    expect(review.total).toEqual({ estimated: 110, actual: 102, deviation: -8 / 110 });
    expect(review.byOperation.ListParts).toEqual({ estimated: 0, actual: 1, deviation: null });
    expect(review.byOperation.HeadObject?.deviation).toBe(-1);
  });
});
