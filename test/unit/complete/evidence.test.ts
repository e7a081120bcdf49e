import { describe, expect, test } from 'vitest';
import { completeWith } from '../../../emr-steps/complete/complete-uploads.ts';
import type { StepContext } from '../../../emr-steps/hadoop/step-context.ts';
import type { CopyResult, PartResult } from '../../../emr-steps/records/copy-result.ts';
import { type LedgerRow, ledgerRow } from '../../../emr-steps/records/ledger-row.ts';
import { FakeService, fakeContext, head, s3Error } from './fake-service.ts';
import { batches, lost, parts, sourceEtag } from './rows.ts';

const STARTED = new Date('2026-11-20T12:00:00.900Z');
const COMPOSITE = { algorithm: 'SHA256', type: 'COMPOSITE' } as const;

function serviceFor(rows: readonly PartResult[]): FakeService {
  const service = new FakeService();
  for (const { uploadId, partNumber, etag, range, size, checksum } of rows) {
    const bytes = range === null ? size : range.lastByte - range.firstByte + 1;
    service.uploads.set(uploadId, [...(service.uploads.get(uploadId) ?? []), { partNumber, etag: etag ?? '', size: bytes, checksum: checksum?.value ?? null }]);
  }
  return service;
}

async function settle(
  rows: readonly CopyResult[],
  service: FakeService,
  context: StepContext = fakeContext(),
  runStartedAt: Date | null = null,
): Promise<LedgerRow> {
  const all: LedgerRow[] = [];
  for await (const batch of completeWith(service, { destinationPrefix: 'to/', concurrency: 2, runStartedAt })(batches(rows), context)) all.push(...batch);
  for (const row of all) expect(ledgerRow.decode(ledgerRow.encode(row))).toEqual(row);
  expect(all).toHaveLength(1);
  return all[0] as LedgerRow;
}

const checked = (change: Partial<PartResult> = {}): readonly PartResult[] =>
  parts('a', 2).map((row, at) => ({ ...row, checksum: { ...COMPOSITE, value: `p${at}==` }, drift: 'lkkknunkn', ...change }));

describe('an upload with a checksum of its parts', () => {
  test('is completed with the checksums of the rows, and its drift says that they are there', async () => {
    const service = serviceFor(checked());
    service.completedChecksums = { sha256: 'ab==-2' };
    expect(await settle(checked(), service)).toMatchObject({ outcome: 'copied', proof: 'etag', drift: 'kkkknunkn' });
    expect(service.calls).toEqual(['complete upload of a']);
  });

  test('asks the service for those that a row does not know', async () => {
    const rows = checked().map((row, at) => (at === 0 ? row : { ...row, checksum: { ...COMPOSITE, value: null } }));
    const service = serviceFor(checked());
    service.completedChecksums = { sha256: 'ab==-2' };
    expect(await settle(rows, service)).toMatchObject({ outcome: 'copied', proof: 'etag' });
    expect(service.calls).toEqual(['listParts upload of a', 'complete upload of a']);
  });

  test('has lost it where the completed object has none', async () => {
    expect(await settle(checked(), serviceFor(checked()))).toMatchObject({ outcome: 'copied', drift: 'kkkknunln' });
  });

  test('of all bytes needs none of its parts', async () => {
    const rows = checked({ checksum: { algorithm: 'CRC64NVME', type: 'FULL_OBJECT', value: null } });
    const service = serviceFor(rows);
    service.completedChecksums = { crc64nvme: 'ab=' };
    expect(await settle(rows, service)).toMatchObject({ outcome: 'copied', drift: 'kkkknunkn' });
    expect(service.calls).toEqual(['complete upload of a']);
  });

  test('has the drift that plan saw where nothing was asked for, and none where plan saw nothing', async () => {
    const without = checked({ checksum: null, drift: 'lkkknunln' });
    expect((await settle(without, serviceFor(without))).drift).toBe('kkkknunln');
    const unknown = checked({ checksum: null, drift: null });
    expect((await settle(unknown, serviceFor(unknown))).drift).toBeNull();
    const failed = checked().map((row) => lost(row, { drift: null }));
    expect((await settle(failed, serviceFor(checked()))).drift).toBeNull();
  });
});

describe('the proof where ETags are no MD5s', () => {
  const kms = checked({ proof: 'size', sourceEtag: sourceEtag('in clear', 2) });
  const source = (value: string | null) => head({ etag: sourceEtag('in clear', 2), size: 20, checksums: value === null ? {} : { sha256: value } });

  test.each([
    ['the checksum, where both store the same', 'ab==-2', 'ab==-2', { outcome: 'copied', proof: 'checksum', drift: 'lkkknunkn' }],
    [
      'none, where they differ',
      'ab==-2',
      'xx==-2',
      { outcome: 'failed', reason: 'part-map-mismatch', detail: 'the completed object (map computed) has another checksum than the source' },
    ],
    ['the size, where the source stores none', 'ab==-2', null, { outcome: 'copied', proof: 'size' }],
    ['the size, where one is of all bytes and the other of parts', 'ab==-2', 'xx==', { outcome: 'copied', proof: 'size' }],
  ] as const)('is %s', async (_what, completed, stored, row) => {
    const service = serviceFor(kms);
    service.completedChecksums = { sha256: completed };
    service.source.set('a', source(stored));
    expect(await settle(kms, service)).toMatchObject(row);
    expect(service.calls.slice(0, 3)).toEqual(['listParts upload of a', 'complete upload of a', 'headSource a']);
  });

  test('is none for good where the map was swept', async () => {
    const swept = kms.map((row) => ({ ...row, partMap: 'swept' as const }));
    const service = serviceFor(swept);
    service.completedChecksums = { sha256: 'ab==-2' };
    service.source.set('a', source('xx==-2'));
    expect(await settle(swept, service)).toMatchObject({ outcome: 'failed', reason: 'etag-mismatch' });
  });

  test('is the size where the copy has no checksum, for which nobody asks the source', async () => {
    const service = serviceFor(kms);
    expect(await settle(kms, service)).toMatchObject({ outcome: 'copied', proof: 'size', drift: 'lkkknunln' });
    expect(service.calls).toEqual(['listParts upload of a', 'complete upload of a']);
  });

  test('is the size where all parts were found in the upload, of which only its drift says how it is encrypted', async () => {
    const found = { mode: null, proof: null, checksum: null, sourceEtag: sourceEtag('in clear', 2), partMap: 'swept' } as const;
    const rows = checked({ ...found, drift: 'lkkknucnn' });
    const service = serviceFor(rows);
    expect(await settle(rows, service)).toMatchObject({ outcome: 'copied', proof: 'size', parts: 2 });
    expect(service.calls).toEqual(['listParts upload of a', 'complete upload of a']);
    const same = checked({ ...found, drift: 'lkkknuknn' });
    const inClear = serviceFor(same);
    inClear.source.set('a', source(null));
    expect(await settle(same, inClear)).toMatchObject({ outcome: 'failed', reason: 'etag-mismatch' });
    expect(inClear.calls).toEqual(['headSource a', 'abort upload of a']);
  });

  test('is the size where the source cannot be read any more, but a missing bucket ends the step', async () => {
    const service = serviceFor(kms);
    service.completedChecksums = { sha256: 'ab==-2' };
    expect(await settle(kms, service)).toMatchObject({ outcome: 'copied', proof: 'size' });
    const missing = serviceFor(kms);
    missing.completedChecksums = { sha256: 'ab==-2' };
    missing.faults.push({ operation: 'headSource', error: s3Error('HeadObject', 'NoSuchBucket', 404) });
    await expect(settle(kms, missing)).rejects.toMatchObject({ code: 'NoSuchBucket' });
  });
});

describe('an attempt after the first', () => {
  const again = (): ReturnType<typeof fakeContext> => fakeContext({ lookBeforeWriting: true });
  const at = (time: string) => ({ etag: sourceEtag('a', 2), size: 20, lastModified: new Date(time) });

  test('looks first, reports what this run completed, and gives the upload up that may still be open', async () => {
    const service = serviceFor(checked());
    service.destination.set('a', head({ ...at('2026-11-20T12:00:00Z'), checksums: { sha256: 'ab==-2' } }));
    const context = again();
    expect(await settle(checked(), service, context, STARTED)).toMatchObject({ outcome: 'copied', proof: 'etag', drift: 'kkkknunkn' });
    expect(service.calls).toEqual(['headDestination a', 'abort upload of a']);
    expect(context.counts.get('already-there')).toBe(1);
  });

  test('completes where the object at the destination is older than the run', async () => {
    const service = serviceFor(checked());
    service.destination.set('a', head(at('2026-11-20T11:59:59Z')));
    expect(await settle(checked(), service, again(), STARTED)).toMatchObject({ outcome: 'copied' });
    expect(service.calls).toEqual(['headDestination a', 'complete upload of a']);
  });

  test('reports an object that is there even where its parts were lost', async () => {
    const service = serviceFor(checked());
    service.destination.set('a', head(at('2026-11-20T12:00:30Z')));
    const rows = checked().map((row, n) => (n === 0 ? lost(row, { drift: null }) : row));
    expect(await settle(rows, service, again(), STARTED)).toMatchObject({ outcome: 'copied', proof: 'etag', drift: 'kkkknunln' });
  });

  test('completes where nothing is there, where nobody may look, and where nobody knows when the run began', async () => {
    for (const [fault, started, calls] of [
      [null, STARTED, ['headDestination a', 'complete upload of a']],
      [s3Error('HeadObject', 'AccessDenied', 403), STARTED, ['headDestination a', 'complete upload of a']],
      [null, null, ['complete upload of a']],
    ] as const) {
      const service = serviceFor(checked());
      if (fault !== null) service.faults.push({ operation: 'headDestination', error: fault });
      expect(await settle(checked(), service, again(), started)).toMatchObject({ outcome: 'copied' });
      expect(service.calls).toEqual(calls);
    }
  });

  test('does not look in a dry run, nor in the first attempt', async () => {
    const service = serviceFor(checked());
    await settle(checked({ drift: null }), service, fakeContext({ lookBeforeWriting: true, dryRun: true }), STARTED);
    expect(service.calls).toEqual([]);
    await settle(checked(), service, fakeContext(), STARTED);
    expect(service.calls).toEqual(['complete upload of a']);
  });

  test('ends the step where the bucket is missing, and the program when it is told to end', async () => {
    const service = serviceFor(checked());
    service.faults.push({ operation: 'headDestination', error: s3Error('HeadObject', 'NoSuchBucket', 404) });
    await expect(settle(checked(), service, again(), STARTED)).rejects.toMatchObject({ code: 'NoSuchBucket' });
    const stop = AbortSignal.abort(new Error('told to end'));
    await expect(settle(checked(), serviceFor(checked()), fakeContext({ lookBeforeWriting: true, signal: stop }), STARTED)).rejects.toThrow('told to end');
  });
});

describe('an upload that vanished, under KMS', () => {
  const kms = checked({ proof: 'size', sourceEtag: sourceEtag('in clear', 2) });

  test('is this run’s object though S3 dates it by the beginning of its upload, before its first part', async () => {
    const service = new FakeService();
    service.destination.set('a', head({ etag: 'x-2', size: 20, lastModified: new Date('2026-11-20T11:50:00Z') }));
    expect(await settle(kms, service)).toMatchObject({ outcome: 'failed', reason: 'upload-vanished' });
    expect(await settle(kms, service, fakeContext(), new Date('2026-11-20T11:49:59Z'))).toMatchObject({ outcome: 'copied', proof: 'size' });
  });

  test('is not taken for its object where the checksums differ', async () => {
    const service = new FakeService();
    service.destination.set('a', head({ etag: 'x-2', size: 20, lastModified: STARTED, checksums: { sha256: 'ab==-2' } }));
    service.source.set('a', head({ etag: sourceEtag('in clear', 2), size: 20, checksums: { sha256: 'xx==-2' } }));
    expect(await settle(kms, service, fakeContext(), STARTED)).toMatchObject({ outcome: 'failed', reason: 'upload-vanished' });
    service.source.set('a', head({ etag: sourceEtag('in clear', 2), size: 20, checksums: { sha256: 'ab==-2' } }));
    expect(await settle(kms, service, fakeContext(), STARTED)).toMatchObject({ outcome: 'copied', proof: 'checksum' });
  });
});
