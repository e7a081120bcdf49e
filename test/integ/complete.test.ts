/** The complete step against the embedded store: real parts, real requests, and what is at the destination afterwards. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type CompleteOptions, completeUploads } from '../../emr-steps/complete/complete-uploads.ts';
import type { StepContext } from '../../emr-steps/hadoop/step-context.ts';
import { md5Hex, multipartEtag } from '../../emr-steps/multipart/multipart-etag.ts';
import { type CopyResult, copyResult, type PartResult } from '../../emr-steps/records/copy-result.ts';
import { type LedgerRow, ledgerRow } from '../../emr-steps/records/ledger-row.ts';
import { encodeTime } from '../../emr-steps/records/time.ts';
import { abortMultipartUpload } from '../../emr-steps/s3/abort-multipart-upload.ts';
import { completeMultipartUpload } from '../../emr-steps/s3/complete-multipart-upload.ts';
import { createMultipartUpload } from '../../emr-steps/s3/create-multipart-upload.ts';
import { headObject } from '../../emr-steps/s3/head-object.ts';
import { listMultipartUploads } from '../../emr-steps/s3/list-multipart-uploads.ts';
import type { S3Client } from '../../emr-steps/s3/s3-client.ts';
import { undiciTransport } from '../../emr-steps/s3/transport.ts';
import { uploadPart } from '../../emr-steps/s3/upload-part.ts';
import type { Answer } from '../../infra/local/s3-store/answer.ts';
import type { Arrival } from '../../infra/local/s3-store/server/interceptor.ts';
import { type Store, startStore } from '../../infra/local/s3-store/store.ts';
import { storeClient } from '../helpers/store-client.ts';
import { fakeContext } from '../unit/complete/fake-service.ts';

const ACCOUNT = { id: '111122223333', keys: [{ accessKeyId: 'ann', secretAccessKey: 'ann-secret' }] };
const [KEY] = ACCOUNT.keys;
const MIB = 1024 * 1024;
const FIRST = Buffer.alloc(5 * MIB, 'a');
const LAST = Buffer.from('the last part');
const ETAG = multipartEtag([md5Hex(FIRST), md5Hex(LAST)]) as string;
const PREFIX = 'copies/';

const transport = undiciTransport({ connections: 16 });
let store: Store;
let [source, plain, kms] = [] as S3Client[] as [S3Client, S3Client, S3Client];
/** Stands in the way of the store's answers; a test sets it. */
let intercept: ((arrival: Arrival, proceed: () => Promise<Answer>) => Promise<Answer>) | null = null;

function clientFor(bucket: string): S3Client {
  return storeClient({ url: store.url, bucket, key: KEY as (typeof ACCOUNT.keys)[0], transport }, { maxAttempts: 2 });
}

beforeAll(async () => {
  const encryption = { algorithm: 'aws:kms', kmsKeyId: 'arn:aws:kms:us-east-1:111122223333:key/k' } as const;
  store = await startStore({
    accounts: [ACCOUNT],
    buckets: [
      { name: 'from', ownerId: ACCOUNT.id },
      { name: 'to', ownerId: ACCOUNT.id },
      { name: 'to-kms', ownerId: ACCOUNT.id, encryption },
    ],
    interceptors: [(arrival, proceed) => (intercept === null ? proceed() : intercept(arrival, proceed))],
  });
  [source, plain, kms] = [clientFor('from'), clientFor('to'), clientFor('to-kms')];
});

beforeEach(() => {
  intercept = null;
});

afterAll(async () => {
  await transport.close();
  await store.close();
});

/** Uploads the two parts and gives the rows that copy would have written. */
async function copied(client: S3Client, key: string, change: Partial<PartResult> = {}): Promise<readonly PartResult[]> {
  const { uploadId } = await createMultipartUpload(client, { key: PREFIX + key, storageClass: null, kept: {}, tags: [] });
  const rows: PartResult[] = [];
  for (const [index, body] of [FIRST, LAST].entries()) {
    const { etag } = await uploadPart(client, { key: PREFIX + key, uploadId, partNumber: index + 1, body });
    const range = index === 0 ? { firstByte: 0, lastByte: FIRST.length - 1 } : { firstByte: FIRST.length, lastByte: FIRST.length + LAST.length - 1 };
    rows.push({
      kind: 'part',
      key,
      sourceEtag: ETAG,
      size: FIRST.length + LAST.length,
      outcome: 'copied',
      etag,
      proof: null,
      reason: null,
      detail: null,
      checksum: null,
      drift: null,
      mode: 'server-side',
      attempt: 0,
      time: encodeTime(new Date()),
      uploadId,
      partNumber: index + 1,
      partCount: 2,
      range,
      partMap: 'computed',
      ...change,
    });
  }
  return rows;
}

async function run(
  destination: S3Client,
  rows: readonly CopyResult[],
  context: StepContext = fakeContext(),
  change: Partial<CompleteOptions> = {},
): Promise<readonly LedgerRow[]> {
  async function* batches(): AsyncGenerator<readonly CopyResult[]> {
    yield rows.map((row) => copyResult.decode(copyResult.encode(row)));
  }
  const all: LedgerRow[] = [];
  const program = completeUploads({ source, destination, sourcePrefix: '', destinationPrefix: PREFIX, concurrency: 8, ...change });
  for await (const batch of program(batches(), context)) all.push(...batch.map((row) => ledgerRow.decode(ledgerRow.encode(row))));
  return all;
}

async function openUploads(client: S3Client): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const upload of listMultipartUploads(client, {})) keys.push(upload.key);
  return keys;
}

async function etagAt(client: S3Client, key: string): Promise<string | null> {
  return headObject(client, { key: PREFIX + key }).then(
    (head) => head.etag,
    () => null,
  );
}

describe('complete-uploads against a store', () => {
  test('makes objects with the ETag of the source, under odd keys too', async () => {
    const keys = ['plain', 'tab\tcr\rlf\n', ' a//../b ', '100%', '\ufeff😀'];
    const rows = (await Promise.all(keys.map((key) => copied(plain, key)))).flat();
    const ledger = await run(plain, rows);
    expect(ledger.map((row) => [row.key, row.destinationKey, row.outcome, row.destinationEtag, row.proof]).toSorted()).toEqual(
      keys.map((key) => [key, PREFIX + key, 'copied', ETAG, 'etag']).toSorted(),
    );
    for (const key of keys) expect(await etagAt(plain, key)).toBe(ETAG);
    expect(await openUploads(plain)).toEqual([]);
  });

  test('never lets an object with another ETag come into being', async () => {
    const rows = await copied(plain, 'mismatch', { sourceEtag: multipartEtag([md5Hex(LAST), md5Hex(FIRST)]) });
    // The source is there with the ETag that was listed.
    const { uploadId } = await createMultipartUpload(source, { key: 'mismatch', storageClass: null, kept: {}, tags: [] });
    const part = await uploadPart(source, { key: 'mismatch', uploadId, partNumber: 1, body: LAST });
    const { etag } = await completeMultipartUpload(source, { key: 'mismatch', uploadId, parts: [{ partNumber: 1, etag: part.etag }] });
    const before = store.accessLog.counts().byOperation.CompleteMultipartUpload;
    const [row] = await run(
      plain,
      rows.map((one) => ({ ...one, sourceEtag: etag })),
    );
    expect(row).toMatchObject({ outcome: 'failed', reason: 'part-map-mismatch', sourceEtag: etag, destinationEtag: ETAG, parts: 0 });
    expect(store.accessLog.counts().byOperation.CompleteMultipartUpload).toBe(before);
    expect(await etagAt(plain, 'mismatch')).toBeNull();
    expect(await openUploads(plain)).toEqual([]);
  });

  test('finds the object right that an older attempt completed, and one that works on it at the same time', async () => {
    const rows = [...(await copied(plain, 'again')), ...(await copied(plain, 'once more'))];
    const both = await Promise.all([run(plain, rows), run(plain, rows, fakeContext({ lookBeforeWriting: true }))]);
    const third = await run(plain, rows);
    for (const ledger of [...both, third])
      expect(ledger.map((row) => [row.outcome, row.destinationEtag])).toEqual([
        ['copied', ETAG],
        ['copied', ETAG],
      ]);
  });

  test('says that an upload vanished which a lifecycle rule aborted', async () => {
    const rows = await copied(plain, 'vanished');
    await abortMultipartUpload(plain, { key: `${PREFIX}vanished`, uploadId: rows[0]?.uploadId ?? '' });
    expect(await run(plain, rows)).toEqual([expect.objectContaining({ outcome: 'failed', reason: 'upload-vanished', destinationEtag: null })]);
  });

  test('aborts an upload that lacks a part', async () => {
    const rows = await copied(plain, 'lacking');
    expect(await run(plain, rows.slice(1))).toEqual([
      expect.objectContaining({ outcome: 'failed', reason: 'part-missing', detail: 'no result of part 1 of 2' }),
    ]);
    expect(await openUploads(plain)).toEqual([]);
  });

  test('completes with the part that the service holds where an orphan sent it again under KMS', async () => {
    const rows = await copied(kms, 'orphan', { proof: 'size' });
    await uploadPart(kms, { key: `${PREFIX}orphan`, uploadId: rows[1]?.uploadId ?? '', partNumber: 2, body: LAST });
    const stale = rows.map((row) => ({ ...row, etag: 'ffffffffffffffffffffffffffffffff' }));
    expect(await run(kms, stale)).toEqual([expect.objectContaining({ outcome: 'copied', proof: 'size', sourceEtag: ETAG })]);
  });

  test('proves by size where the destination encrypts by KMS, also after an older attempt', async () => {
    const rows = await copied(kms, 'by size', { proof: 'size' });
    expect(rows[0]?.etag).not.toBe(md5Hex(FIRST));
    const [first] = await run(kms, rows);
    expect(first).toMatchObject({ outcome: 'copied', proof: 'size', destinationEtag: await etagAt(kms, 'by size') });
    expect(first?.destinationEtag).not.toBe(ETAG);
    expect(await run(kms, rows)).toEqual([expect.objectContaining({ outcome: 'copied', proof: 'size' })]);
  });

  test('looks whether the object is there when the answer to a completion was an error', async () => {
    const rows = await copied(plain, 'unanswered');
    let completions = 0;
    intercept = async ({ operation }, proceed) => {
      if (operation !== 'CompleteMultipartUpload') return proceed();
      completions += 1;
      const answer = await proceed();
      return { ...answer, status: 200, body: '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>InternalError</Code><Message>broke off</Message></Error>' };
    };
    expect(await run(plain, rows)).toEqual([expect.objectContaining({ outcome: 'copied', proof: 'etag', destinationEtag: ETAG })]);
    expect(completions).toBe(2);
  });

  test('in a dry run sends nothing', async () => {
    const rows = await copied(plain, 'dry');
    const before = store.accessLog.counts().requests;
    expect(await run(plain, rows, fakeContext({ dryRun: true }))).toEqual([expect.objectContaining({ outcome: 'copied', parts: 2 })]);
    expect(store.accessLog.counts().requests).toBe(before);
    await abortMultipartUpload(plain, { key: `${PREFIX}dry`, uploadId: rows[0]?.uploadId ?? '' });
  });
});
