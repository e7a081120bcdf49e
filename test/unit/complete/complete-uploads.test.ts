import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { completeWith } from '../../../emr-steps/complete/complete-uploads.ts';
import type { StepContext } from '../../../emr-steps/hadoop/step-context.ts';
import type { CopyResult, PartResult } from '../../../emr-steps/records/copy-result.ts';
import { type LedgerRow, ledgerRow } from '../../../emr-steps/records/ledger-row.ts';
import { FakeService, fakeContext, head, s3Error } from './fake-service.ts';
import { batches, lost, PART_BYTES, part, partEtag, parts, settled, sourceEtag, whole } from './rows.ts';

/** A service that holds the parts of the rows. */
function serviceFor(rows: readonly CopyResult[]): FakeService {
  const service = new FakeService();
  for (const row of rows) {
    if (row.kind !== 'part' || row.outcome !== 'copied') continue;
    const held = service.uploads.get(row.uploadId) ?? [];
    const size = row.range === null ? row.size : row.range.lastByte - row.range.firstByte + 1;
    service.uploads.set(row.uploadId, [
      ...held.filter((one) => one.partNumber !== row.partNumber),
      { partNumber: row.partNumber, etag: row.etag ?? '', size, checksum: row.checksum?.value ?? null },
    ]);
    service.source.set(row.key, head({ etag: row.sourceEtag ?? '', size: row.size }));
  }
  return service;
}

async function run(
  rows: readonly CopyResult[],
  service: FakeService,
  context: StepContext = fakeContext(),
  concurrency = 4,
  batchSize = 1000,
  runStartedAt: Date | null = null,
): Promise<readonly LedgerRow[]> {
  const all: LedgerRow[] = [];
  for await (const batch of completeWith(service, { destinationPrefix: 'to/', concurrency, runStartedAt })(batches(rows, batchSize), context))
    all.push(...batch);
  for (const row of all) expect(ledgerRow.decode(ledgerRow.encode(row))).toEqual(row);
  return all;
}

async function runOne(rows: readonly CopyResult[], service: FakeService, context?: StepContext): Promise<LedgerRow> {
  const all = await run(rows, service, context);
  expect(all).toHaveLength(1);
  return all[0] as LedgerRow;
}

describe('an upload whose parts all arrived', () => {
  test('is completed, and its row names both ETags and the proof', async () => {
    const rows = parts('a', 3);
    const service = serviceFor(rows);
    const context = fakeContext();
    expect(await runOne(rows, service, context)).toEqual({
      key: 'a',
      destinationKey: 'to/a',
      size: 30,
      sourceEtag: sourceEtag('a', 3),
      destinationEtag: sourceEtag('a', 3),
      parts: 3,
      outcome: 'copied',
      reason: null,
      proof: 'etag',
      mode: 'server-side',
      round: 1,
      attempt: 2,
      time: '2026-11-20 12:01:00',
      detail: null,
      drift: null,
    });
    expect(service.calls).toEqual(['complete upload of a']);
    expect(service.destination.get('a')?.etag).toBe(sourceEtag('a', 3));
    expect(context.counts.get('uploads-completed')).toBe(1);
  });

  test('of one part without a range, and of an empty one, is completed too', async () => {
    const rows = [...parts('empty', 1, { size: 0 }), ...parts('one', 1)];
    const service = serviceFor(rows);
    const all = await run(rows, service);
    expect(all.map((row) => [row.key, row.outcome, row.parts])).toEqual([
      ['empty', 'copied', 1],
      ['one', 'copied', 1],
    ]);
  });

  test('says that it was streamed as soon as one part was', async () => {
    const rows = [part('a', 1, 2), part('a', 2, 2, { mode: 'streaming' })];
    expect((await runOne(rows, serviceFor(rows))).mode).toBe('streaming');
  });
});

describe('an upload whose parts give another ETag', () => {
  test.each([
    ['computed', 'part-map-mismatch'],
    ['swept', 'etag-mismatch'],
    ['attributes', 'etag-mismatch'],
  ] as const)('is aborted before anything is written; after a %s part map that is %s', async (partMap, reason) => {
    const rows = parts('a', 2, { partMap, sourceEtag: sourceEtag('other', 2) });
    const service = serviceFor(rows);
    const row = await runOne(rows, service);
    expect(row).toMatchObject({ outcome: 'failed', reason, proof: null, parts: 0, sourceEtag: sourceEtag('other', 2), destinationEtag: sourceEtag('a', 2) });
    expect(row.detail).toContain(sourceEtag('a', 2));
    expect(row.detail).toContain(sourceEtag('other', 2));
    expect(service.calls).toEqual(['headSource a', 'abort upload of a']);
    expect(service.destination.size).toBe(0);
    expect(service.uploads.size).toBe(0);
  });

  test('because the source changed meanwhile says so', async () => {
    const rows = parts('a', 2, { sourceEtag: sourceEtag('other', 2) });
    const service = serviceFor(rows);
    service.source.set('a', head({ etag: 'newer', size: 1 }));
    expect(await runOne(rows, service)).toMatchObject({ outcome: 'failed', reason: 'source-changed' });
    service.source.delete('a');
    expect(await runOne(rows, service)).toMatchObject({ outcome: 'failed', reason: 'source-vanished' });
    expect(service.calls.filter((call) => call.startsWith('abort'))).toHaveLength(2);
  });

  test('after its completion, which should not be, is failed with the ETag that is there now', async () => {
    const rows = parts('a', 2);
    const service = serviceFor(rows);
    service.completedEtag = 'ffffffffffffffffffffffffffffffff-2';
    const row = await runOne(rows, service);
    expect(row).toMatchObject({ outcome: 'failed', reason: 'etag-mismatch', destinationEtag: 'ffffffffffffffffffffffffffffffff-2' });
    expect(row.detail).toContain(sourceEtag('a', 2));
  });
});

describe('an upload some parts of which did not arrive', () => {
  test('is aborted, and the missing parts are named', async () => {
    const rows = parts('a', 9).filter((row) => row.partNumber === 2 || row.partNumber === 9);
    const service = serviceFor(rows);
    expect(await runOne(rows, service)).toMatchObject({
      outcome: 'failed',
      reason: 'part-missing',
      detail: 'no result of part 1, 3, 4, 5, 6 and 2 more of 9',
      parts: 0,
      destinationEtag: null,
    });
    expect(service.calls).toEqual(['abort upload of a']);
  });

  test.each<readonly [string, readonly Partial<PartResult>[], Partial<LedgerRow>]>([
    ['the only reason', [{}], { reason: 'throttled', detail: 'part 1 of 3: SlowDown' }],
    [
      'a retryable reason before a final one',
      [{ reason: 'access-denied' }, { reason: 'timed-out', detail: null }],
      { reason: 'timed-out', detail: 'part 2 of 3 (and 1 further parts): timed-out' },
    ],
    ['a source that changed before a retryable one', [{ reason: 'throttled' }, { reason: 'source-changed' }], { reason: 'source-changed' }],
    ['the final reason where there is no other', [{ reason: 'invalid-request' }, { reason: 'access-denied' }], { reason: 'invalid-request' }],
    [
      'an archive before everything',
      [{ reason: 'source-changed' }, { outcome: 'skipped', reason: 'archived', detail: 'GLACIER' }],
      { outcome: 'skipped', reason: 'archived' },
    ],
  ])('ends with %s', async (_what, changes, end) => {
    const rows = [...changes.map((change, n) => lost(part('a', n + 1, 3), change)), ...parts('a', 3).slice(changes.length)];
    const service = serviceFor(rows);
    expect(await runOne(rows, service)).toMatchObject({ outcome: 'failed', parts: 0, ...end });
    expect(service.uploads.size).toBe(0);
  });

  test('is not failed twice: what cannot be aborted is counted', async () => {
    const rows = [lost(part('a', 1, 2)), part('a', 2, 2)];
    const service = serviceFor(rows);
    service.faults.push({ operation: 'abort', error: s3Error('AbortMultipartUpload', 'AccessDenied', 403) });
    const context = fakeContext();
    expect((await runOne(rows, service, context)).reason).toBe('throttled');
    expect(context.counts.get('abort-failed')).toBe(1);
  });

  test('and that somebody else aborted already counts nothing', async () => {
    const context = fakeContext();
    expect((await runOne([lost(part('a', 1, 2)), part('a', 2, 2)], new FakeService(), context)).reason).toBe('throttled');
    expect(context.counts.has('abort-failed')).toBe(false);
  });
});

describe('an upload that vanished', () => {
  test('is copied where an older attempt of the same task completed it', async () => {
    const rows = parts('a', 2);
    const service = new FakeService();
    service.destination.set('a', head({ etag: sourceEtag('a', 2), size: 20 }));
    expect(await runOne(rows, service)).toMatchObject({ outcome: 'copied', proof: 'etag', destinationEtag: sourceEtag('a', 2), parts: 2 });
    expect(service.calls).toEqual(['complete upload of a', 'headDestination a']);
  });

  test.each([
    ['another object is there', head({ etag: sourceEtag('other', 2), size: 20 })],
    ['no object is there', null],
  ])('is failed where %s', async (_what, object) => {
    const service = new FakeService();
    if (object !== null) service.destination.set('a', object);
    service.source.set('a', head({ etag: sourceEtag('a', 2), size: 20 }));
    expect(await runOne(parts('a', 2), service)).toMatchObject({ outcome: 'failed', reason: 'upload-vanished', destinationEtag: null });
  });
});

describe('a completion that fails', () => {
  test('is copied where it was done and only its answer was lost', async () => {
    const rows = parts('a', 2);
    const service = serviceFor(rows);
    service.faults.push({ operation: 'complete', error: s3Error('CompleteMultipartUpload', 'ConnectionReset', 0), after: true });
    expect(await runOne(rows, service)).toMatchObject({ outcome: 'copied', proof: 'etag' });
  });

  test.each([
    ['SlowDown', 503, 'throttled'],
    ['InternalError', 200, 'service-error'],
    ['Timeout', 0, 'timed-out'],
    ['AccessDenied', 403, 'access-denied'],
  ] as const)('with %s (%i) gives its object the reason %s, and the upload is aborted', async (code, status, reason) => {
    const rows = parts('a', 2);
    const service = serviceFor(rows);
    service.faults.push({ operation: 'complete', error: s3Error('CompleteMultipartUpload', code, status) });
    const row = await runOne(rows, service);
    expect(row).toMatchObject({ outcome: 'failed', reason });
    expect(row.detail).toContain(code);
    expect(service.uploads.size).toBe(0);
  });

  test('does not stop the step, but a missing bucket does', async () => {
    const rows = [...parts('a', 2), ...parts('b', 2)];
    const service = serviceFor(rows);
    service.faults.push({ operation: 'complete', error: new TypeError('a defect') });
    const all = await run(rows, service);
    expect(all.map((row) => row.reason).toSorted()).toEqual([null, 'unexpected'].toSorted());
    service.faults.push({ operation: 'complete', error: s3Error('CompleteMultipartUpload', 'NoSuchBucket', 404) });
    await expect(run(rows, service)).rejects.toThrow('NoSuchBucket');
  });

  test('ends the program when it is told to end', async () => {
    const rows = parts('a', 2);
    const abort = new AbortController();
    const service = serviceFor(rows);
    const work = run(rows, service, fakeContext({ signal: abort.signal }));
    abort.abort(new Error('told to end'));
    await expect(work).rejects.toThrow('told to end');
    expect(service.calls.filter((call) => call.startsWith('abort'))).toEqual([]);
  });
});

describe('parts that were sent again by an attempt whose node was lost', () => {
  test('are completed with the ETags that the service holds', async () => {
    const rows = parts('a', 2, { sourceEtag: sourceEtag('a', 2) });
    const service = serviceFor(rows.map((row) => (row.partNumber === 2 ? { ...row, etag: partEtag('a', 2) } : row)));
    const stale = rows.map((row) => (row.partNumber === 2 ? { ...row, etag: partEtag('a', 99) } : row));
    const etag = sourceEtag('a', 2);
    service.source.set('a', head({ etag, size: 20, encryption: 'aws:kms' }));
    expect(await runOne(stale, service)).toMatchObject({ outcome: 'copied', proof: 'etag', destinationEtag: etag });
    expect(service.calls).toContain('listParts upload of a');
  });

  test('are asked for where two rows give one part two ETags', async () => {
    const rows = [...parts('a', 2), part('a', 2, 2, { etag: partEtag('a', 98), time: '2026-11-20 12:00:05', attempt: 1 })];
    const service = serviceFor(parts('a', 2));
    expect(await runOne(rows, service)).toMatchObject({ outcome: 'copied', proof: 'etag' });
    expect(service.calls).toEqual(['listParts upload of a', 'complete upload of a']);
  });

  test('again and again are missing for this round', async () => {
    const rows = parts('a', 2);
    const service = serviceFor(rows);
    for (let n = 0; n < 2; n += 1) service.faults.push({ operation: 'complete', error: s3Error('CompleteMultipartUpload', 'InvalidPart', 400) });
    expect(await runOne(rows, service)).toMatchObject({ outcome: 'failed', reason: 'part-missing' });
    expect(service.calls).toEqual(['complete upload of a', 'listParts upload of a', 'complete upload of a', 'abort upload of a']);
  });

  test('and then are not what was copied fail the object', async () => {
    const rows = parts('a', 2);
    const service = serviceFor(rows);
    service.uploads.set('upload of a', [
      { partNumber: 1, etag: partEtag('a', 1), size: PART_BYTES, checksum: null },
      { partNumber: 2, etag: partEtag('a', 97), size: PART_BYTES - 1, checksum: null },
    ]);
    expect(await runOne(rows, service)).toMatchObject({ outcome: 'failed', reason: 'digest-mismatch', detail: 'part 2 of 2 holds 9 bytes, 10 were copied' });
    service.uploads.set('upload of a', [{ partNumber: 1, etag: partEtag('a', 1), size: PART_BYTES, checksum: null }]);
    expect(await runOne(rows, service)).toMatchObject({ outcome: 'failed', reason: 'part-missing', detail: 'part 2 of 2 is not in the upload' });
    const further = [1, 2, 3].map((partNumber) => ({ partNumber, etag: partEtag('a', 90 + partNumber), size: PART_BYTES, checksum: null }));
    service.uploads.set('upload of a', further);
    expect(await runOne(rows, service)).toMatchObject({ outcome: 'failed', reason: 'part-missing', detail: 'the upload holds 3 parts, 2 were planned' });
  });

  test('have arrived, though another row says that one was lost, whichever comes first', async () => {
    const [first, second] = parts('a', 2) as [PartResult, PartResult];
    for (const rows of [
      [first, second, lost(second)],
      [first, lost(second), second],
    ]) {
      const service = serviceFor(rows);
      expect(await runOne(rows, service)).toMatchObject({ outcome: 'copied', proof: 'etag' });
      expect(service.calls).toEqual(['complete upload of a']);
    }
  });
});

describe('where ETags are no MD5s', () => {
  const kms = (key: string): readonly PartResult[] => parts(key, 2, { proof: 'size', sourceEtag: sourceEtag('in clear', 2) });

  test('the copy says of its parts that the destination encrypts by KMS: sizes are compared, and the row says so', async () => {
    const rows = kms('a');
    const service = serviceFor(rows);
    expect(await runOne(rows, service)).toMatchObject({
      outcome: 'copied',
      proof: 'size',
      destinationEtag: sourceEtag('a', 2),
      sourceEtag: sourceEtag('in clear', 2),
    });
    expect(service.calls).toEqual(['listParts upload of a', 'complete upload of a']);
  });

  test.each([
    ['aws:kms', 'copied'],
    ['aws:kms:dsse', 'copied'],
    ['AES256', 'failed'],
  ] as const)('the source is encrypted by %s: asked for only where the ETags differ, and then %s', async (encryption, outcome) => {
    const rows = parts('a', 2, { sourceEtag: sourceEtag('by KMS', 2) });
    const service = serviceFor(rows);
    service.source.set('a', head({ etag: sourceEtag('by KMS', 2), size: 20, encryption }));
    expect(await runOne(rows, service)).toMatchObject({ outcome, proof: outcome === 'copied' ? 'size' : null });
    expect(service.calls.filter((call) => call.startsWith('headSource'))).toHaveLength(1);
  });

  test('a foreign service gives parts ETags of its own', async () => {
    const rows = parts('a', 2).map((row) => ({ ...row, etag: `own-${row.partNumber}` }));
    const service = serviceFor(rows);
    expect(await runOne(rows, service)).toMatchObject({ outcome: 'copied', proof: 'size' });
  });

  test('parts that do not add up to the object fail it', async () => {
    const rows = kms('a').map((row) => ({ ...row, size: 21 }));
    expect(await runOne(rows, serviceFor(rows))).toMatchObject({
      outcome: 'failed',
      reason: 'digest-mismatch',
      detail: 'the 2 parts hold 20 bytes, the object 21',
    });
  });

  test.each([
    [
      'an object of its size and parts that is younger than its first part',
      { etag: 'x-2', size: 20, lastModified: new Date('2026-11-20T12:00:30Z') },
      'copied',
    ],
    ['an older one', { etag: 'x-2', size: 20, lastModified: new Date('2026-11-20T11:59:59Z') }, 'failed'],
    ['one of another size', { etag: 'x-2', size: 21, lastModified: new Date('2026-11-20T12:00:30Z') }, 'failed'],
    ['one of other parts', { etag: 'x-3', size: 20, lastModified: new Date('2026-11-20T12:00:30Z') }, 'failed'],
  ] as const)('an upload that vanished is known by %s', async (_what, object, outcome) => {
    const service = new FakeService();
    service.destination.set('a', head(object));
    expect(await runOne(kms('a'), service)).toMatchObject({ outcome, reason: outcome === 'copied' ? null : 'upload-vanished' });
  });
});

describe('rows that need no completion', () => {
  test('pass through to the ledger as they are, without a request', async () => {
    const rows = [whole('a'), settled('b'), whole('c', { outcome: 'failed', etag: null, proof: null, reason: 'access-denied', detail: 'AccessDenied' })];
    const service = new FakeService();
    const all = await run(rows, service, fakeContext({ round: 2 }));
    expect(all).toEqual([
      expect.objectContaining({
        key: 'a',
        destinationKey: 'to/a',
        outcome: 'copied',
        proof: 'etag',
        destinationEtag: partEtag('a', 1),
        round: 2,
        attempt: 1,
        time: rows[0]?.time,
      }),
      expect.objectContaining({ key: 'b', outcome: 'skipped', reason: 'archived', detail: 'GLACIER', destinationEtag: null, proof: null }),
      expect.objectContaining({ key: 'c', outcome: 'failed', reason: 'access-denied' }),
    ]);
    expect(service.calls).toEqual([]);
  });

  test.each([
    ['equal ETags', {}, 'etag'],
    ['nothing but the service’s word', { etag: 'ffffffffffffffffffffffffffffffff' }, 'size'],
  ] as const)('name as proof %s where copy named none', async (_what, change, proof) => {
    expect((await runOne([whole('a', { proof: null, ...change })], new FakeService())).proof).toBe(proof);
  });

  test('of an object that was listed twice become the best one', async () => {
    const failed = whole('a', { outcome: 'failed', etag: null, proof: null, reason: 'throttled' });
    expect(await runOne([failed, whole('a'), failed], new FakeService())).toMatchObject({ outcome: 'copied' });
    expect(await runOne([failed, { ...failed, reason: 'timed-out', time: '2026-11-20 12:00:09' }], new FakeService())).toMatchObject({ reason: 'timed-out' });
  });
});

describe('an object with several uploads', () => {
  const second = (row: PartResult): PartResult => ({ ...row, uploadId: 'second' });

  test('is completed once; the other upload is aborted', async () => {
    const rows = [...parts('a', 2), ...parts('a', 2).map(second)];
    const service = serviceFor(rows);
    expect((await runOne(rows, service)).outcome).toBe('copied');
    expect(service.calls).toEqual(['complete upload of a', 'abort second']);
    expect(service.uploads.size).toBe(0);
  });

  test('is completed with the one whose parts all arrived, whichever comes first', async () => {
    const rows = [part('a', 1, 2), lost(part('a', 2, 2)), ...parts('a', 2).map(second)];
    const service = serviceFor(rows);
    expect((await runOne(rows, service)).outcome).toBe('copied');
    expect(service.calls).toEqual(['complete second', 'abort upload of a']);
  });

  test('is completed with the other where the first fails', async () => {
    const rows = [...parts('a', 2), ...parts('a', 2).map(second)];
    const service = serviceFor(rows.slice(2));
    expect(await runOne(rows, service)).toMatchObject({ outcome: 'copied' });
    expect(service.uploads.size).toBe(0);
  });

  test('and a row of a whole copy needs none of them', async () => {
    const rows: readonly CopyResult[] = [whole('a'), ...parts('a', 2)];
    const service = serviceFor(rows);
    expect(await runOne(rows, service)).toMatchObject({ outcome: 'copied', parts: 0 });
    expect(service.calls).toEqual(['abort upload of a']);
  });
});

describe('a dry run', () => {
  test('asks for nothing and says what would be', async () => {
    const planned = parts('a', 2, { etag: null, mode: null });
    const service = new FakeService();
    const context = fakeContext({ dryRun: true });
    expect(await runOne(planned, service, context)).toMatchObject({ outcome: 'copied', destinationEtag: sourceEtag('a', 2), parts: 2 });
    expect(await runOne(planned.slice(1), service, context)).toMatchObject({ outcome: 'failed', reason: 'part-missing' });
    expect(await runOne(parts('a', 2, { sourceEtag: 'x' }), service, context)).toMatchObject({ outcome: 'failed', reason: 'part-map-mismatch' });
    expect(await runOne([whole('a'), ...planned], service, context)).toMatchObject({ outcome: 'copied', parts: 0 });
    expect(service.calls).toEqual([]);
  });
});

describe('many objects', () => {
  test('get one row each and no upload stays open, in whatever batches and order of parts their rows come', async () => {
    const object = fc.record({ partCount: fc.integer({ min: 0, max: 5 }), fails: fc.boolean(), mismatch: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(object, { maxLength: 8 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 5 }),
        fc.func(fc.nat()),
        async (objects, batchSize, concurrency, order) => {
          const rowsOf = (key: string, { partCount, fails, mismatch }: (typeof objects)[number]): readonly CopyResult[] => {
            if (partCount === 0) return [whole(key)];
            const rows = parts(key, partCount, mismatch ? { sourceEtag: 'x' } : {});
            return fails ? rows.with(0, lost(rows[0] as PartResult)) : rows;
          };
          const rows = objects.flatMap((one, n) => rowsOf(`k${n}`, one));
          const service = serviceFor(rows);
          const shuffled = rows
            .map((row) => ({ row, at: order(row) }))
            .toSorted((a, b) => (a.row.key < b.row.key ? -1 : a.row.key > b.row.key ? 1 : a.at - b.at))
            .map(({ row }) => row);
          const all = await run(shuffled, service, fakeContext(), concurrency, batchSize);
          const expected = objects.map(({ partCount, fails, mismatch }, n) => {
            if (partCount === 0) return `k${n} copied`;
            return `k${n} ${fails ? 'throttled' : mismatch ? 'part-map-mismatch' : 'copied'}`;
          });
          expect(all.map((row) => `${row.key} ${row.reason ?? row.outcome}`).toSorted()).toEqual(expected.toSorted());
          expect(service.uploads.size).toBe(0);
          expect(service.mostUnderWay).toBeLessThanOrEqual(concurrency);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('are completed at once, up to the limit', async () => {
    const rows = Array.from({ length: 20 }, (_, n) => parts(`k${n}`, 2)).flat();
    const service = serviceFor(rows);
    await run(rows, service, fakeContext(), 8);
    expect(service.mostUnderWay).toBe(8);
  });

  test('of very many parts are not all held at once', async () => {
    const large = { ...part('x', 1, 1), partCount: 10_000 };
    const object = (key: string): readonly CopyResult[] =>
      Array.from({ length: 10_000 }, (_, n) => ({ ...large, key, uploadId: key, partNumber: n + 1, range: { firstByte: n, lastByte: n } }));
    const service = serviceFor([]);
    let taken = 0;
    async function* rows(): AsyncGenerator<readonly CopyResult[]> {
      for (taken = 0; taken < 30; taken += 1) yield object(`k${taken}`);
    }
    const ledger: LedgerRow[] = [];
    let ahead = 0;
    for await (const batch of completeWith(service, { destinationPrefix: '', concurrency: 64 })(rows(), fakeContext())) {
      ledger.push(...batch);
      ahead = Math.max(ahead, taken - ledger.length);
    }
    expect(ledger).toHaveLength(30);
    expect(service.mostUnderWay).toBeLessThanOrEqual(10);
    expect(ahead).toBeLessThan(20);
  });

  test('say how far they are', async () => {
    const context = fakeContext();
    await run([whole('a'), whole('b')], new FakeService(), context);
    expect(context.said.at(-1)).toMatch(/^settled 2 objects/);
  });
});
