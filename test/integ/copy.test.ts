/** From plan to ledger against the embedded store: two accounts, every kind of object, each way of copying, and what changes in between. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CopyTask } from '../../emr-steps/records/copy-task.ts';
import { abortMultipartUpload } from '../../emr-steps/s3/abort-multipart-upload.ts';
import { deleteObjects } from '../../emr-steps/s3/delete-objects.ts';
import { listMultipartUploads } from '../../emr-steps/s3/list-multipart-uploads.ts';
import { putObject } from '../../emr-steps/s3/put-object.ts';
import type { S3Client } from '../../emr-steps/s3/s3-client.ts';
import { undiciTransport } from '../../emr-steps/s3/transport.ts';
import { parsePolicy } from '../../infra/local/s3-store/access/policy.ts';
import { type Answer, errorAnswer } from '../../infra/local/s3-store/answer.ts';
import type { Arrival } from '../../infra/local/s3-store/server/interceptor.ts';
import { ServiceError } from '../../infra/local/s3-store/service-error.ts';
import { type Store, startStore } from '../../infra/local/s3-store/store.ts';
import { AMBIGUOUS, ANN, BOB, bytesFor, clientOf, likeness, listed, PLANTED, plant, runSteps } from '../helpers/two-accounts.ts';

const MIB = 1024 * 1024;
const KMS = { algorithm: 'aws:kms', kmsKeyId: `arn:aws:kms:us-east-1:${BOB.id}:key/k` } as const;
const transport = undiciTransport({ connections: 16 });
let store: Store;
let intercept: ((arrival: Arrival, proceed: () => Promise<Answer>) => Promise<Answer>) | null = null;

/** What lets Bob read and list a bucket of Ann's. Without the right to list, a missing key is answered with 403. */
function policyFor(bucket: string): ReturnType<typeof parsePolicy> {
  const shared = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${BOB.id}:root` } };
  const objects = { ...shared, Action: ['s3:GetObject', 's3:GetObjectTagging', 's3:GetObjectAttributes'], Resource: `arn:aws:s3:::${bucket}/*` };
  const keys = { ...shared, Action: 's3:ListBucket', Resource: `arn:aws:s3:::${bucket}` };
  return parsePolicy(bucket, JSON.stringify({ Version: '2012-10-17', Statement: [objects, keys] }));
}

const ann = (bucket: string): S3Client => clientOf(store, ANN, bucket, transport);
const bob = (bucket: string): S3Client => clientOf(store, BOB, bucket, transport);

beforeAll(async () => {
  const bobs = ['to-server-side', 'to-streaming', 'to-auto', 'to-changing'].map((name) => ({ name, ownerId: BOB.id }));
  store = await startStore({
    accounts: [ANN, BOB],
    buckets: [
      { name: 'open', ownerId: ANN.id, policy: policyFor('open') },
      { name: 'closed', ownerId: ANN.id },
      ...bobs,
      { name: 'to-kms', ownerId: BOB.id, encryption: KMS },
      { name: 'from-kms', ownerId: BOB.id, encryption: KMS },
    ],
    interceptors: [(arrival, proceed) => (intercept === null ? proceed() : intercept(arrival, proceed))],
  });
  for (const object of PLANTED) {
    await plant(ann('open'), { ...object, key: `from/${object.key}` });
    await plant(ann('closed'), { ...object, key: `from/${object.key}` });
  }
});

beforeEach(() => {
  intercept = null;
  store.accessLog.reset();
});

afterAll(async () => {
  await transport.close();
  await store.close();
});

async function openUploads(client: S3Client): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of listMultipartUploads(client, {})) keys.push(key);
  return keys;
}

describe.each([
  ['server-side', 'to-server-side', () => bob('open')],
  ['streaming', 'to-streaming', () => ann('closed')],
  ['auto', 'to-auto', () => ann('closed')],
] as const)('copying %s', (mode, bucket, sourceOf) => {
  test('keeps ETag, size, headers, metadata, tags and class of every kind of object', async () => {
    const [source, destination] = [sourceOf(), bob(bucket)];
    const records = await Promise.all(PLANTED.map(({ key }) => listed(source, key, 'from/')));
    const { ledger, results } = await runSteps(records, { source, destination, sourcePrefix: 'from/', destinationPrefix: 'to/', mode });
    const reads = store.accessLog.counts().byBucket[source.bucket]?.GetObject ?? 0;
    expect(ledger).toHaveLength(PLANTED.length);
    for (const { key, size } of records) {
      expect(ledger.find((row) => row.key === key)).toMatchObject({ outcome: 'copied', proof: 'etag', destinationKey: `to/${key}`, size });
      expect(await likeness(destination, `to/${key}`)).toEqual(await likeness(source, `from/${key}`));
    }
    expect(await openUploads(destination)).toEqual([]);
    const withBytes = results.filter(
      (row) => row.kind === 'whole' || (row.kind === 'part' && row.size > 0 && (row.range === null || row.range.lastByte >= row.range.firstByte)),
    );
    expect(reads).toBe(mode === 'server-side' ? 0 : withBytes.length);
    expect(withBytes.every((row) => row.mode === (mode === 'server-side' ? 'server-side' : 'streaming'))).toBe(true);
  });
});

test('the bytes of a streamed object arrive as they are, through a memory that is smaller than its parts', async () => {
  const [source, destination] = [ann('closed'), bob('to-streaming')];
  const parts = [9 * MIB, 9 * MIB, 5];
  await plant(source, { key: 'wide', parts });
  const records = [await listed(source, 'wide')];
  const options = { source, destination, sourcePrefix: '', destinationPrefix: '', mode: 'streaming', memoryBytes: 4 * MIB } as const;
  const { ledger } = await runSteps(records, options);
  expect(ledger).toMatchObject([{ outcome: 'copied', proof: 'etag', parts: 3 }]);
  // Parts of 9 MiB are read twice there: once for their MD5, once to pass through.
  expect(store.accessLog.counts().byOperation).toMatchObject({ GetObject: 5, UploadPart: 6 });
});

test('a part map that fits and is wrong is found out by the ETag, and a sweep gives the right one', async () => {
  const [source, destination] = [bob('open'), bob('to-changing')];
  await plant(ann('open'), AMBIGUOUS);
  const records = [await listed(source, AMBIGUOUS.key)];
  const options = { source, destination, sourcePrefix: '', destinationPrefix: '', mode: 'server-side' } as const;
  const first = await runSteps(records, options);
  expect(first.ledger).toMatchObject([{ outcome: 'failed', reason: 'part-map-mismatch' }]);
  expect(await openUploads(destination)).toEqual([]);
  const second = await runSteps(records, { ...options, partMap: 'swept', context: { round: 2 } });
  expect(second.ledger).toMatchObject([{ outcome: 'copied', proof: 'etag', destinationEtag: records[0]?.etag }]);
});

describe('archived objects', () => {
  test('are skipped by plan where the listing or the HEAD says it, and by copy where only the refusal does', async () => {
    const [source, destination] = [bob('open'), bob('to-changing')];
    await plant(ann('open'), { key: 'archived/glacier', size: 10, storageClass: 'GLACIER' });
    await plant(ann('open'), { key: 'archived/tiered', size: 10, storageClass: 'INTELLIGENT_TIERING' });
    await plant(ann('open'), { key: 'archived/tiered-parts', parts: [5 * MIB, 1], storageClass: 'INTELLIGENT_TIERING' });
    for (const key of ['archived/tiered', 'archived/tiered-parts']) store.setArchiveStatus('open', key, 'ARCHIVE_ACCESS');
    const keys = ['archived/glacier', 'archived/tiered', 'archived/tiered-parts'];
    const records = await Promise.all(keys.map((key) => listed(source, key)));
    for (const mode of ['server-side', 'streaming', 'auto'] as const) {
      const { ledger, tasks } = await runSteps(records, { source, destination, sourcePrefix: '', destinationPrefix: '', mode });
      expect(tasks.map((task) => task.kind).toSorted()).toEqual(['settled', 'settled', 'whole']);
      expect(ledger.map(({ key, outcome, reason }) => ({ key, outcome, reason }))).toEqual(
        keys.map((key) => ({ key, outcome: 'skipped', reason: 'archived' })),
      );
    }
    expect(await openUploads(destination)).toEqual([]);
  });
});

describe('what happens between the steps', () => {
  const modes = ['server-side', 'streaming'] as const;

  test.each(modes)('a source that changed or vanished is a reason of its object (%s)', async (mode) => {
    const [source, destination] = [bob('open'), bob('to-changing')];
    for (const key of ['a-changed', 'b-stays', 'c-vanished']) await plant(ann('open'), { key: `${mode}/${key}`, size: 100 });
    await plant(ann('open'), { key: `${mode}/d-parts-changed`, parts: [5 * MIB, 9] });
    const keys = ['a-changed', 'b-stays', 'c-vanished', 'd-parts-changed'].map((key) => `${mode}/${key}`);
    const records = await Promise.all(keys.map((key) => listed(source, key)));
    const { ledger } = await runSteps(records, {
      source,
      destination,
      sourcePrefix: '',
      destinationPrefix: '',
      mode,
      afterPlan: async (tasks) => {
        await putObject(ann('open'), { key: `${mode}/a-changed`, body: Buffer.from('new') });
        await deleteObjects(ann('open'), { keys: [`${mode}/c-vanished`] });
        await plant(ann('open'), { key: `${mode}/d-parts-changed`, size: 3 });
        return tasks;
      },
    });
    expect(ledger.map((row) => row.reason ?? row.outcome)).toEqual(['source-changed', 'copied', 'source-vanished', 'source-changed']);
    expect(await openUploads(destination)).toEqual([]);
  });

  test.each(modes)('an upload that somebody aborted has vanished (%s)', async (mode) => {
    const [source, destination] = [bob('open'), bob('to-changing')];
    const record = { ...(await listed(source, 'uniform', 'from/')), key: 'uniform' };
    const { ledger } = await runSteps([record], {
      source,
      destination,
      sourcePrefix: 'from/',
      destinationPrefix: `gone/${mode}/`,
      mode,
      afterPlan: async (tasks) => {
        const [task] = tasks;
        if (task?.kind === 'part') await abortMultipartUpload(destination, { key: `gone/${mode}/uniform`, uploadId: task.uploadId });
        return tasks;
      },
    });
    expect(ledger).toMatchObject([{ outcome: 'failed', reason: 'upload-vanished' }]);
  });

  test('a second attempt reports the parts and objects that are there, and sends only the others', async () => {
    const [source, destination] = [bob('open'), bob('to-changing')];
    const runStartedAt = new Date();
    const records = await Promise.all(['plain', 'uniform', 'uneven'].map((key) => listed(source, key, 'from/')));
    const sides = { source, destination, sourcePrefix: 'from/', destinationPrefix: 'again/', mode: 'server-side', runStartedAt } as const;
    // The first attempt ends after the whole object and part 1 of each; complete is kept from its uploads.
    intercept = async (arrival, proceed) =>
      arrival.operation === 'AbortMultipartUpload' ? errorAnswer(new ServiceError('AccessDenied'), 'r', 'h') : proceed();
    let tasks: readonly CopyTask[] = [];
    const cutOff = async (all: readonly CopyTask[]): Promise<readonly CopyTask[]> => {
      tasks = all;
      return all.filter((task) => task.kind !== 'part' || task.partNumber === 1);
    };
    await runSteps(records, { ...sides, afterPlan: cutOff });
    intercept = null;
    store.accessLog.reset();
    const { ledger, counts } = await runSteps([], { ...sides, context: { lookBeforeWriting: true }, afterPlan: async () => tasks });
    expect(ledger.map(({ key, outcome }) => ({ key, outcome }))).toEqual(
      records.map(({ key }) => ({ key, outcome: 'copied' })).toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    );
    expect(store.accessLog.counts().byOperation).toMatchObject({ ListParts: 2, UploadPartCopy: tasks.length - 3, CompleteMultipartUpload: 2 });
    expect(store.accessLog.counts().byOperation).not.toHaveProperty('CopyObject');
    expect(counts['already-there']).toBe(3);
  });
});

describe('under KMS', () => {
  const bodies = ['plain', 'uniform', 'one-part', 'empty-part'];

  test.each(['server-side', 'streaming'] as const)('a destination changes every ETag, and the size is the proof (%s)', async (mode) => {
    const [source, destination] = [bob('open'), bob('to-kms')];
    const records = await Promise.all(bodies.map((key) => listed(source, key, 'from/')));
    const { ledger } = await runSteps(records, { source, destination, sourcePrefix: 'from/', destinationPrefix: `${mode}/`, mode });
    expect(ledger.map(({ outcome, proof }) => ({ outcome, proof }))).toEqual(bodies.map(() => ({ outcome: 'copied', proof: 'size' })));
    expect(await openUploads(destination)).toEqual([]);
  });

  test.each(['server-side', 'streaming'] as const)('a source is told from a damaged copy (%s)', async (mode) => {
    const [source, destination] = [bob('from-kms'), bob('to-changing')];
    for (const object of PLANTED.filter(({ key }) => bodies.includes(key))) await plant(source, object);
    const records = await Promise.all(bodies.map((key) => listed(source, key)));
    const { ledger } = await runSteps(records, { source, destination, sourcePrefix: '', destinationPrefix: `kms-${mode}/`, mode });
    expect(ledger.map(({ outcome, reason }) => ({ outcome, reason }))).toEqual(bodies.map(() => ({ outcome: 'copied', reason: null })));
    expect(ledger.every(({ proof }) => proof === 'size' || proof === 'checksum')).toBe(true);
  });
});

describe('bytes that are damaged on the way', () => {
  test('are read again, and never stay at the destination', async () => {
    const [source, destination] = [bob('open'), bob('to-changing')];
    const bytes = bytesFor('from/plain', 1000);
    const damaged = Buffer.from(bytes);
    damaged[500] = (damaged[500] ?? 0) ^ 1;
    let times = 0;
    intercept = async (arrival, proceed) => {
      const answer = await proceed();
      if (arrival.operation !== 'GetObject' || times++ > 0) return answer;
      return { ...answer, body: damaged.toString('latin1') };
    };
    const records = [await listed(source, 'plain', 'from/')];
    const { ledger } = await runSteps(records, { source, destination, sourcePrefix: 'from/', destinationPrefix: 'damaged/', mode: 'streaming' });
    expect(ledger).toMatchObject([{ outcome: 'copied', proof: 'etag' }]);
    expect(times).toBe(2);
    expect(await likeness(destination, 'damaged/plain')).toEqual(await likeness(source, 'from/plain'));
  });
});

test('a bucket that is not there fails the step at once', async () => {
  const [source, destination] = [bob('open'), bob('nowhere')];
  const records = [await listed(source, 'plain', 'from/')];
  await expect(runSteps(records, { source, destination, sourcePrefix: 'from/', destinationPrefix: '', mode: 'server-side' })).rejects.toThrow('NoSuchBucket');
});
