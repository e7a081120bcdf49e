import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PlanOptions, planParts } from '../../../emr-steps/plan/plan-parts.ts';
import { type CopyTask, copyTask } from '../../../emr-steps/records/copy-task.ts';
import type { ObjectRecord } from '../../../emr-steps/records/object-record.ts';
import { type FakeClient, fakeClient, recordingContext, runAll, s3Error } from './fake-s3.ts';
import { type FakeObject, fakeDestination, fakeSource, type Habits } from './fake-source.ts';

const MD5 = '0123456789abcdef0123456789abcdef';
const MIB = 1024 * 1024;

function record(over: Partial<ObjectRecord> = {}): ObjectRecord {
  return {
    key: 'k',
    etag: MD5,
    size: 10,
    mtime: '2026-01-02 03:04:05',
    storageClass: 'STANDARD_IA',
    checksumAlgorithm: null,
    checksumType: null,
    versionId: null,
    isDeleteMarker: null,
    restoreStatus: null,
    ...over,
  };
}

interface Scene {
  readonly objects?: readonly FakeObject[];
  readonly habits?: Habits;
  readonly options?: Partial<PlanOptions>;
  readonly dryRun?: boolean;
  readonly source?: FakeClient;
  readonly destination?: FakeClient;
}

async function plan(records: readonly ObjectRecord[], scene: Scene = {}) {
  const source = scene.source ?? fakeSource(scene.objects ?? [], scene.habits);
  const destination = scene.destination ?? fakeDestination();
  const context = recordingContext({ dryRun: scene.dryRun ?? false });
  const fixed = { source, destination, sourcePrefix: '', destinationPrefix: '', partMap: 'computed', storageClass: null, concurrency: 4 } as const;
  const tasks = await runAll(planParts({ ...fixed, ...scene.options }), records, context);
  return { tasks, source, destination, context };
}

/** A listed object and the same in the source. */
function multipart(sizes: readonly number[], over: Partial<FakeObject> = {}): { readonly object: FakeObject; readonly listed: ObjectRecord } {
  const object = { key: 'k', etag: `${MD5}-${sizes.length}`, sizes, ...over };
  return { object, listed: record({ key: object.key, etag: object.etag, size: sizes.reduce((a, b) => a + b, 0) }) };
}

const ranges = (tasks: readonly CopyTask[]): unknown[] =>
  tasks.map((task) => (task.kind === 'part' && task.range !== null ? [task.range.firstByte, task.range.lastByte] : null));

describe('an object that one request copies', () => {
  test('is a whole task, without a request', async () => {
    const { tasks, source, destination, context } = await plan([record()]);
    expect(tasks).toEqual([{ kind: 'whole', key: 'k', etag: MD5, size: 10, mtime: '2026-01-02 03:04:05', storageClass: 'STANDARD_IA', checksum: null }]);
    expect([...source.requests, ...destination.requests]).toEqual([]);
    expect(context.said).toEqual([expect.stringMatching(/^planned 1 objects \(/)]);
  });

  test('has the class that was asked for', async () => {
    const { tasks } = await plan([record()], { options: { storageClass: 'GLACIER_IR' } });
    expect(tasks[0]?.storageClass).toBe('GLACIER_IR');
  });

  test('has at most 5 GiB, and one byte more is too large', async () => {
    const { tasks, source } = await plan([record({ size: 5 * 1024 * MIB }), record({ size: 5 * 1024 * MIB + 1 })]);
    expect(tasks.map((task) => task.kind)).toEqual(['whole', 'settled']);
    expect(tasks[1]).toMatchObject({ outcome: 'failed', reason: 'too-large', detail: expect.stringContaining('5368709121') });
    expect(source.requests).toEqual([]);
  });

  test('may have an ETag that is no MD5', async () => {
    const { tasks } = await plan([record({ etag: 'opaque-3' })]);
    expect(tasks[0]?.kind).toBe('whole');
  });
});

describe('an archived object', () => {
  test.each(['GLACIER', 'DEEP_ARCHIVE'])('of %s is skipped without a request, multipart or not', async (storageClass) => {
    const { tasks, source } = await plan([record({ storageClass }), record({ storageClass, etag: `${MD5}-2` })]);
    expect(tasks).toHaveLength(2);
    for (const task of tasks) expect(task).toMatchObject({ kind: 'settled', outcome: 'skipped', reason: 'archived', detail: `storage class ${storageClass}` });
    expect(source.requests).toEqual([]);
  });

  test('that is restored is copied, into its class', async () => {
    const { tasks } = await plan([record({ storageClass: 'GLACIER', restoreStatus: 'restored' })]);
    expect(tasks[0]).toMatchObject({ kind: 'whole', storageClass: 'GLACIER' });
  });

  test.each([
    [{ 'x-amz-storage-class': 'INTELLIGENT_TIERING', 'x-amz-archive-status': 'ARCHIVE_ACCESS' }, 'storage class INTELLIGENT_TIERING, ARCHIVE_ACCESS'],
    [{ 'x-amz-storage-class': 'DEEP_ARCHIVE', 'x-amz-restore': 'ongoing-request="true"' }, 'storage class DEEP_ARCHIVE, being restored'],
  ])('that only its HEAD shows is skipped: %j', async (headers, detail) => {
    const { object, listed } = multipart([8, 8], { headers });
    const { tasks, destination } = await plan([{ ...listed, storageClass: null }], { objects: [object] });
    expect(tasks).toMatchObject([{ kind: 'settled', outcome: 'skipped', reason: 'archived', detail }]);
    expect(destination.requests).toEqual([]);
  });

  test('whose HEAD says that it is restored is planned', async () => {
    const headers = { 'x-amz-storage-class': 'GLACIER', 'x-amz-restore': 'ongoing-request="false", expiry-date="Fri, 21 Dec 2029 00:00:00 GMT"' };
    const { object, listed } = multipart([8, 8], { headers });
    const { tasks } = await plan([{ ...listed, storageClass: null }], { objects: [object] });
    expect(tasks.map((task) => task.kind)).toEqual(['part', 'part']);
    expect(tasks[0]?.storageClass).toBe('GLACIER');
  });

  test('of GLACIER_IR reads at once', async () => {
    const { tasks } = await plan([record({ storageClass: 'GLACIER_IR' })]);
    expect(tasks[0]?.kind).toBe('whole');
  });
});

describe('a uniform multipart object', () => {
  test('costs one HEAD and one upload, and gives a task a part', async () => {
    const { object, listed } = multipart([8, 8, 4]);
    const { tasks, source, destination, context } = await plan([listed], { objects: [object] });
    expect(source.requests).toMatchObject([{ operation: 'HeadObject', parameters: { partNumber: '1' }, headers: { 'if-match': `"${object.etag}"` } }]);
    expect(destination.operations()).toEqual(['CreateMultipartUpload']);
    expect(ranges(tasks)).toEqual([
      [0, 7],
      [8, 15],
      [16, 19],
    ]);
    expect(tasks[2]).toEqual({
      kind: 'part',
      key: 'k',
      etag: object.etag,
      size: 20,
      mtime: listed.mtime,
      storageClass: 'STANDARD',
      uploadId: 'upload-1',
      partNumber: 3,
      partCount: 3,
      range: { firstByte: 16, lastByte: 19 },
      partMap: 'computed',
      checksum: null,
      drift: 'lknknuknn',
    });
    expect(context.counts).toEqual({ 'part-map-computed': 1 });
  });

  test('of one part is copied without a range', async () => {
    const { object, listed } = multipart([3]);
    const { tasks } = await plan([listed], { objects: [object] });
    expect(tasks).toMatchObject([{ kind: 'part', partNumber: 1, partCount: 1, range: null }]);
  });

  test('of no bytes has one empty part, and its HEAD asks for no part', async () => {
    const { object, listed } = multipart([0]);
    const { tasks, source } = await plan([listed], { objects: [object] });
    expect(tasks).toMatchObject([{ kind: 'part', partNumber: 1, partCount: 1, range: null, size: 0 }]);
    expect(source.requests).toMatchObject([{ parameters: {} }]);
  });

  test('carries headers, metadata, redirect, tags and class into its upload', async () => {
    const kept = {
      'cache-control': 'no-cache',
      'content-disposition': 'attachment; filename="\u00c3\u00a9"',
      'content-encoding': 'gzip',
      'content-language': 'de',
      'content-type': 'text/x-odd',
      expires: 'Wed, 21 Oct 2037 07:28:00 GMT',
      'x-amz-website-redirect-location': '/other',
      'x-amz-meta-name': '=?UTF-8?B?w6k=?=',
    };
    const { object, listed } = multipart([8, 1], {
      headers: { ...kept, 'x-amz-tagging-count': '2', 'x-amz-storage-class': 'ONEZONE_IA', 'last-modified': 'x' },
    });
    const { source, destination } = await plan([listed], { objects: [object], habits: { tags: { a: '1 2', 'b&c': 'ü' } } });
    expect(source.operations()).toEqual(['HeadObject', 'GetObjectTagging']);
    expect(destination.requests[0]?.headers).toEqual({ ...kept, 'x-amz-tagging': 'a=1%202&b%26c=%C3%BC', 'x-amz-storage-class': 'ONEZONE_IA' });
  });

  test('stands under the prefix of each side', async () => {
    const { object, listed } = multipart([8, 1], { key: 'from/k' });
    const { tasks, destination } = await plan([{ ...listed, key: 'k' }], { objects: [object], options: { sourcePrefix: 'from/', destinationPrefix: 'to/' } });
    expect(destination.requests[0]?.key).toBe('to/k');
    expect(tasks[0]?.key).toBe('k');
  });

  test('gets no upload in a dry run, whose tasks can be written all the same', async () => {
    const { object, listed } = multipart([8, 1], { headers: { 'x-amz-tagging-count': '2' } });
    const { tasks, destination, source } = await plan([listed], { objects: [object], dryRun: true });
    expect(destination.requests).toEqual([]);
    expect(source.operations()).toEqual(['HeadObject']);
    expect(tasks.map((task) => copyTask.decode(copyTask.encode(task)))).toEqual(tasks);
    expect(tasks[0]).toMatchObject({ uploadId: 'dry-run' });
  });
});

describe('a part map that part 1 does not give', () => {
  test('is swept, each HEAD pinned', async () => {
    const { object, listed } = multipart([8, 2, 4]);
    const { tasks, source, context } = await plan([listed], { objects: [object] });
    expect(source.requests.map((request) => request.parameters.partNumber)).toEqual(['1', '2', '3']);
    expect(source.requests.every((request) => request.headers?.['if-match'] === `"${object.etag}"`)).toBe(true);
    expect(ranges(tasks)).toEqual([
      [0, 7],
      [8, 9],
      [10, 13],
    ]);
    expect(tasks[0]).toMatchObject({ partMap: 'swept' });
    expect(context.counts).toEqual({ 'part-map-swept': 1 });
  });

  test('is read from the attributes where checksums are stored', async () => {
    const { object, listed } = multipart([8, 2, 4], { attributes: true });
    const { tasks, source } = await plan([{ ...listed, checksumAlgorithm: 'SHA256' }], { objects: [object] });
    expect(source.operations()).toEqual(['HeadObject', 'GetObjectAttributes']);
    expect(tasks).toMatchObject([{ partMap: 'attributes' }, { partMap: 'attributes' }, { partMap: 'attributes' }]);
    expect(ranges(tasks)[1]).toEqual([8, 9]);
  });

  test('is swept where the attributes list no parts after all', async () => {
    const { object, listed } = multipart([8, 2, 4]);
    const { tasks, source } = await plan([{ ...listed, checksumAlgorithm: 'CRC64NVME' }], { objects: [object] });
    expect(source.operations().slice(0, 2)).toEqual(['HeadObject', 'GetObjectAttributes']);
    expect(tasks[0]).toMatchObject({ partMap: 'swept' });
  });

  test('is swept when asked, though part 1 would give one', async () => {
    const { object, listed } = multipart([8, 8, 4]);
    const { tasks, source } = await plan([listed], { objects: [object], options: { partMap: 'swept' } });
    expect(source.requests).toHaveLength(3);
    expect(tasks[0]).toMatchObject({ partMap: 'swept' });
  });

  test('has the count of the ETag where the service gives lengths and no count', async () => {
    const { object, listed } = multipart([8, 8, 4]);
    const { tasks } = await plan([listed], { objects: [object], habits: { partNumbers: 'no-count' } });
    expect(tasks).toHaveLength(3);
    expect(tasks[0]).toMatchObject({ partMap: 'swept', partCount: 3 });
  });

  test('is never one part where the service ignores part numbers: the attributes tell', async () => {
    const { object, listed } = multipart([8, 8, 4], { attributes: true });
    const { tasks, source } = await plan([listed], { objects: [object], habits: { partNumbers: 'ignored' } });
    expect(source.operations()).toEqual(['HeadObject', 'GetObjectAttributes']);
    expect(tasks).toHaveLength(3);
  });

  test('falls back to the attributes where the sweep is refused', async () => {
    const { object, listed } = multipart([8, 2, 4], { attributes: true });
    const { tasks } = await plan([listed], { objects: [object], habits: { partNumbers: 'refused-after-first' } });
    expect(tasks[0]).toMatchObject({ partMap: 'attributes' });
  });

  test('is unknown where nothing tells, and no upload is started', async () => {
    const { object, listed } = multipart([8, 8, 4]);
    const { tasks, destination } = await plan([listed], { objects: [object], habits: { partNumbers: 'ignored' } });
    expect(tasks).toMatchObject([{ kind: 'settled', outcome: 'failed', reason: 'part-map-unknown' }]);
    expect((tasks[0] as { detail: string }).detail).toMatch(/computed: .*; swept: .*; attributes: the service lists no parts/);
    expect(destination.requests).toEqual([]);
  });

  test('is unknown where the lengths do not add up', async () => {
    const { object, listed } = multipart([8, 2, 4]);
    const lying = fakeClient('src', (request) => {
      if (request.operation !== 'HeadObject') throw s3Error('NotImplemented', 501, request.operation);
      const lengths = { '1': '8', '2': '3', '3': '4' } as Record<string, string>;
      const length = lengths[request.parameters.partNumber ?? ''] ?? '14';
      return { headers: { etag: `"${object.etag}"`, 'content-length': length, 'x-amz-mp-parts-count': '3' } };
    });
    const { tasks } = await plan([listed], { source: lying });
    expect(tasks).toMatchObject([{ reason: 'part-map-unknown', detail: expect.stringContaining('hold 15 bytes, the object 14') }]);
  });

  test.each([undefined, 'empty-out-of-range'] as const)('may end in an empty part, whatever its HEAD answers (%s)', async (partNumbers) => {
    for (const sizes of [
      [8, 2, 0],
      [8, 0],
    ]) {
      const { object, listed } = multipart(sizes);
      const { tasks } = await plan([listed], { objects: [object], habits: partNumbers === undefined ? {} : { partNumbers } });
      const size = sizes.reduce((a, b) => a + b);
      expect(tasks).toHaveLength(sizes.length);
      expect(tasks.at(-1)).toMatchObject({ partMap: 'swept', range: { firstByte: size, lastByte: size - 1 } });
    }
  });

  test('is never computed against the count of the ETag', async () => {
    const { object } = multipart([8, 8, 4]);
    const lying = fakeClient('src', (request) => {
      if (request.operation !== 'HeadObject') throw s3Error('NotImplemented', 501, request.operation);
      return { headers: { etag: `"${object.etag}"`, 'content-length': request.parameters.partNumber === '3' ? '4' : '8', 'x-amz-mp-parts-count': '2' } };
    });
    const { tasks } = await plan([record({ etag: object.etag, size: 20 })], { source: lying });
    expect(tasks).toMatchObject([{ partMap: 'swept' }, {}, {}]);
  });

  test('is found for any sizes of parts, which come back exactly', async () => {
    const sizesOf = fc.tuple(fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 40 }), fc.nat(6)).map(([first, last]) => [...first, last]);
    await fc.assert(
      fc.asyncProperty(fc.array(sizesOf, { minLength: 1, maxLength: 8 }), fc.constantFrom('computed' as const, 'swept' as const), async (all, partMap) => {
        const made = all.map((sizes, n) => multipart(sizes, { key: `k${n}` }));
        const scene = { objects: made.map(({ object }) => object), options: { partMap, concurrency: 3 } };
        const { tasks, destination } = await plan(
          made.map(({ listed }) => listed),
          scene,
        );
        expect(destination.requests).toHaveLength(all.length);
        for (const [n, sizes] of all.entries()) {
          const parts = tasks.filter((task) => task.kind === 'part' && task.key === `k${n}`) as Extract<CopyTask, { kind: 'part' }>[];
          expect(parts.map((part) => part.partNumber)).toEqual(sizes.map((_, index) => index + 1));
          expect(new Set(parts.map((part) => part.uploadId)).size).toBe(1);
          const isRight = parts.every((part, index) => part.range === null || part.range.lastByte - part.range.firstByte + 1 === sizes[index]);
          // A computed map of unequal parts may happen to fit; its ETag, which complete computes, tells.
          expect(isRight || parts[0]?.partMap === 'computed').toBe(true);
          expect(parts.map((part) => copyTask.decode(copyTask.encode(part)))).toEqual(parts);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('an object that is no longer as listed', () => {
  test('another ETag is a changed source', async () => {
    const { object, listed } = multipart([8, 8]);
    const { tasks } = await plan([listed], { objects: [{ ...object, etag: `${hash('md5', 'new')}-2` }] });
    expect(tasks).toMatchObject([{ kind: 'settled', outcome: 'failed', reason: 'source-changed', etag: listed.etag }]);
  });

  test('another size is a changed source', async () => {
    const { object, listed } = multipart([8, 8]);
    const { tasks } = await plan([{ ...listed, size: 17 }], { objects: [object] });
    expect(tasks).toMatchObject([{ reason: 'source-changed', detail: '17 bytes were listed, the object has 16' }]);
  });

  test('none is a vanished source', async () => {
    const { tasks } = await plan([multipart([8, 8]).listed]);
    expect(tasks).toMatchObject([{ reason: 'source-vanished' }]);
  });

  test('that changes in mid-sweep is a changed source', async () => {
    const { object, listed } = multipart([8, 2, 4]);
    const steady = fakeSource([object]);
    const source = fakeClient('src', async (request) => {
      if (request.parameters.partNumber === '3') throw s3Error('PreconditionFailed', 412);
      const answer = await steady.send(request);
      return { headers: answer.headers };
    });
    const { tasks } = await plan([listed], { source });
    expect(tasks).toMatchObject([{ reason: 'source-changed' }]);
  });
});

describe('an object without an ETag in the listing', () => {
  test('gets the one of its HEAD, and is whole where that names no parts', async () => {
    const { tasks, source } = await plan([record({ etag: null })], { objects: [{ key: 'k', etag: MD5, sizes: [10] }] });
    expect(tasks).toMatchObject([{ kind: 'whole', etag: MD5, storageClass: 'STANDARD' }]);
    expect(source.requests[0]?.headers).toEqual({});
  });

  test('is planned in parts where that names some', async () => {
    const { object, listed } = multipart([8, 2]);
    const { tasks } = await plan([{ ...listed, etag: null }], { objects: [object] });
    expect(tasks).toMatchObject([{ kind: 'part', etag: object.etag }, { kind: 'part' }]);
  });
});

describe('a request that fails', () => {
  const { object, listed } = multipart([8, 8]);

  test.each([
    ['SlowDown', 503, 'throttled'],
    ['AccessDenied', 403, 'access-denied'],
  ])('CreateMultipartUpload with %s settles the object alone', async (code, status, reason) => {
    const destination = fakeClient('dst', () => {
      throw s3Error(code, status, 'CreateMultipartUpload');
    });
    const { tasks } = await plan([listed, record({ key: 'other' })], { objects: [object], destination });
    expect(tasks.find((task) => task.key === 'k')).toMatchObject({ kind: 'settled', outcome: 'failed', reason, detail: expect.stringContaining(code) });
    expect(tasks.find((task) => task.key === 'other')?.kind).toBe('whole');
  });

  test('an error of the sweep that may heal is the object’s reason, not an unknown map', async () => {
    const uneven = multipart([8, 2, 4]);
    const steady = fakeSource([uneven.object]);
    const source = fakeClient('src', async (request) => {
      if (request.parameters.partNumber === '2') throw s3Error('SlowDown', 503);
      return { headers: (await steady.send(request)).headers };
    });
    const { tasks } = await plan([uneven.listed], { source });
    expect(tasks).toMatchObject([{ reason: 'throttled' }]);
  });

  test('a missing bucket fails the step', async () => {
    const destination = fakeClient('dst', () => {
      throw s3Error('NoSuchBucket', 404, 'CreateMultipartUpload');
    });
    await expect(plan([listed], { objects: [object], destination })).rejects.toThrow('NoSuchBucket');
  });
});

test('no more requests are under way than the concurrency allows, sweeps included', async () => {
  const made = Array.from({ length: 12 }, (_, n) => multipart([8, 4, 8, 4, 8], { key: `k${n}` }));
  const steady = fakeSource(made.map(({ object }) => object));
  let underWay = 0;
  let most = 0;
  const source = fakeClient('src', async (request) => {
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise((resolve) => setImmediate(resolve));
    underWay -= 1;
    return { headers: (await steady.send(request)).headers };
  });
  const { tasks } = await plan(
    made.map(({ listed }) => listed),
    { source, options: { concurrency: 5 } },
  );
  expect(tasks).toHaveLength(60);
  expect(most).toBe(5);
});
