/** What copies take over beside their bytes, judged by the embedded store: keys of KMS, ACLs where there are any and where not, checksums, locks. */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drawUpDrift } from '../../emr-steps/books/drift.ts';
import { copyObjects } from '../../emr-steps/copy/copy-objects.ts';
import { SpillSpace } from '../../emr-steps/copy/spill-space.ts';
import { type Fidelity, PLAIN_FIDELITY } from '../../emr-steps/fidelity/fidelity.ts';
import { reconcile } from '../../emr-steps/reconcile/reconcile.ts';
import { reconcileMapper } from '../../emr-steps/reconcile/side.ts';
import type { CopyTask } from '../../emr-steps/records/copy-task.ts';
import { settledCounts } from '../../emr-steps/records/drift-count.ts';
import { ledgerRow } from '../../emr-steps/records/ledger-row.ts';
import { type ObjectRecord, objectRecord } from '../../emr-steps/records/object-record.ts';
import { completeMultipartUpload } from '../../emr-steps/s3/complete-multipart-upload.ts';
import { createMultipartUpload } from '../../emr-steps/s3/create-multipart-upload.ts';
import { getObjectAcl } from '../../emr-steps/s3/get-acl.ts';
import { headObject } from '../../emr-steps/s3/head-object.ts';
import { putObject } from '../../emr-steps/s3/put-object.ts';
import { runningChecksum } from '../../emr-steps/s3/running-checksum.ts';
import type { S3Client } from '../../emr-steps/s3/s3-client.ts';
import { undiciTransport } from '../../emr-steps/s3/transport.ts';
import { uploadPart } from '../../emr-steps/s3/upload-part.ts';
import { type Store, startStore } from '../../infra/local/s3-store/store.ts';
import { ANN, BOB, bytesFor, clientOf, listed, runSteps, type StepsOptions } from '../helpers/two-accounts.ts';
import { oneBatch, recordingContext, runAll } from '../unit/plan/fake-s3.ts';

const MIB = 1024 * 1024;
const OWNER = { ...ANN, kmsKeys: [{ id: 'one' }, { id: 'two', alias: 'second' }, { id: 'three' }] };
const arn = (id: string): string => `arn:aws:kms:us-east-1:${ANN.id}:key/${id}`;
const SSE = 'x-amz-server-side-encryption';
const under = (id: string): Record<string, string> => ({ [SSE]: 'aws:kms', [`${SSE}-aws-kms-key-id`]: arn(id) });

const transport = undiciTransport({ connections: 16 });
let store: Store;

/** One account owns all: what is tested is what goes with the bytes, not who may do it. */
const bucket = (name: string): S3Client => clientOf(store, ANN, name, transport);

beforeAll(async () => {
  const names = ['source', 'plain', 'locked', 'by-kms', 'old-source', 'old'] as const;
  const settings = {
    'by-kms': { encryption: { algorithm: 'aws:kms', kmsKeyId: arn('one') } },
    'old-source': { ownership: 'ObjectWriter' },
    old: { ownership: 'ObjectWriter' },
    locked: { versioning: 'Enabled', objectLock: { retention: null } },
  } as const;
  store = await startStore({
    accounts: [OWNER, BOB],
    buckets: names.map((name) => ({ name, ownerId: ANN.id, ...(settings as Record<string, object>)[name] })),
  });
});

beforeEach(() => store.accessLog.reset());

afterAll(async () => {
  await transport.close();
  await store.close();
});

async function plantWhole(client: S3Client, key: string, headers: Record<string, string> = {}): Promise<ObjectRecord> {
  await putObject(client, { key, body: bytesFor(key, 1000), kept: { 'content-type': 'text/plain', 'x-amz-meta-a': '1' }, headers });
  return listedWithChecksum(client, key);
}

/** As the listing has it: with the checksum that is stored. */
async function listedWithChecksum(client: S3Client, key: string): Promise<ObjectRecord> {
  const [record, head] = [await listed(client, key), await headObject(client, { key, checksumMode: true })];
  const [algorithm] = Object.keys(head.checksums);
  return { ...record, checksumAlgorithm: algorithm?.toUpperCase() ?? null, checksumType: head.checksumType };
}

async function plantParts(
  client: S3Client,
  key: string,
  form: { readonly algorithm: string; readonly type: string } | null,
  headers: Record<string, string> = {},
): Promise<ObjectRecord> {
  const checksum = form === null ? {} : { 'x-amz-checksum-algorithm': form.algorithm, 'x-amz-checksum-type': form.type };
  const { uploadId } = await createMultipartUpload(client, { key, storageClass: null, kept: {}, tags: [], headers: { ...checksum, ...headers } });
  const parts = [];
  for (const [at, size] of [6 * MIB, 6 * MIB, 7].entries()) {
    const body = bytesFor(`${key}${at}`, size);
    const own = form?.type === 'COMPOSITE' ? runningChecksum(form.algorithm) : null;
    own?.update(body);
    const value = own?.value() ?? null;
    const sent = value === null || form === null ? {} : { [`x-amz-checksum-${form.algorithm.toLowerCase()}`]: value };
    const { etag } = await uploadPart(client, { key, uploadId, partNumber: at + 1, body, headers: sent });
    parts.push({ partNumber: at + 1, etag, checksum: value === null || form === null ? null : { algorithm: form.algorithm, value } });
  }
  await completeMultipartUpload(client, { key, uploadId, parts });
  return listedWithChecksum(client, key);
}

function steps(records: readonly ObjectRecord[], to: string, fidelity: Partial<Fidelity> = {}, more: Partial<StepsOptions> & { readonly from?: string } = {}) {
  const { from = 'source', ...options } = more;
  const sides = { source: bucket(from), destination: bucket(to), sourcePrefix: '', destinationPrefix: '' };
  return runSteps(records, { ...sides, mode: 'server-side', fidelity: { ...PLAIN_FIDELITY, ...fidelity }, ...options });
}

const requests = (): Record<string, number> => store.accessLog.counts().byOperation;
const MODES = ['server-side', 'streaming'] as const;

describe.each(MODES)('encryption, %s', (mode) => {
  const encryptionOf = async (name: string, key: string) => (await headObject(bucket(name), { key })).encryption;

  test('is what the bucket does by itself, and the proof then is the checksum that both sides store', async () => {
    const records = [
      await plantWhole(bucket('source'), 'summed', { 'x-amz-checksum-sha256': createHash('sha256').update(bytesFor('summed', 1000)).digest('base64') }),
      await plantWhole(bucket('source'), 'unsummed'),
      await plantParts(bucket('source'), 'parts', { algorithm: 'CRC32', type: 'COMPOSITE' }),
      await plantParts(bucket('source'), 'bare-parts', null),
    ];
    const { ledger } = await steps(records, 'by-kms', {}, { mode });
    const byKey = new Map(ledger.map((row) => [row.key, row]));
    expect(Object.fromEntries(ledger.map(({ key, outcome, proof }) => [key, `${outcome} ${proof}`]))).toEqual({
      summed: 'copied checksum',
      unsummed: 'copied size',
      parts: 'copied checksum',
      'bare-parts': 'copied size',
    });
    for (const { key } of records) expect(await encryptionOf('by-kms', key)).toEqual({ algorithm: 'aws:kms', kmsKeyId: arn('one') });
    expect(byKey.get('parts')).toMatchObject({ drift: 'lknknuckn' });
    expect(byKey.get('summed')?.drift).toBe(mode === 'server-side' ? 'lkkkuuuku' : 'lknknuckn');
  });

  test('is one key for all where that is asked for, which looks at nothing', async () => {
    const records = [await plantWhole(bucket('source'), 'w'), await plantParts(bucket('source'), 'p', { algorithm: 'CRC64NVME', type: 'FULL_OBJECT' })];
    store.accessLog.reset();
    const { ledger } = await steps(records, 'plain', { encryption: { kind: 'kms', algorithm: 'aws:kms', key: arn('two'), bucketKey: true } }, { mode });
    expect(ledger.map(({ key, proof }) => [key, proof]).toSorted()).toEqual([
      ['p', 'checksum'],
      ['w', 'size'],
    ]);
    for (const key of ['w', 'p']) expect(await encryptionOf('plain', key)).toEqual({ algorithm: 'aws:kms', kmsKeyId: arn('two') });
    expect(ledger.every(({ drift }) => drift?.[0] === 'c' && drift[6] === 'c')).toBe(true);
  });

  test('is kept, or goes from key to key by a map, for one look at each whole object', async () => {
    const records = [
      await plantWhole(bucket('source'), 'of-one', under('one')),
      await plantWhole(bucket('source'), 'of-two', under('two')),
      await plantWhole(bucket('source'), 'of-s3'),
      await plantParts(bucket('source'), 'parts-of-one', null, under('one')),
    ];
    store.accessLog.reset();
    const kept = await steps(records, 'plain', { encryption: { kind: 'keep', bucketKey: false } }, { mode });
    expect(kept.ledger.map(({ outcome, drift }) => [outcome, drift?.[6]])).toEqual(records.map(() => ['copied', 'k']));
    // Streaming looks by reading; the fourth object is looked at by plan, and by complete because its ETag proves nothing.
    expect(requests().HeadObject).toBeLessThanOrEqual(mode === 'server-side' ? 5 : 4);
    expect(await encryptionOf('plain', 'of-two')).toEqual({ algorithm: 'aws:kms', kmsKeyId: arn('two') });
    const keys = new Map([[arn('one'), arn('three')]]);
    const mapped = await steps(records, 'plain', { encryption: { kind: 'kms-map', keys, otherwise: null, bucketKey: false } }, { mode });
    expect(mapped.ledger.every(({ outcome }) => outcome === 'copied')).toBe(true);
    const got = await Promise.all(records.map(async ({ key }) => [key, (await encryptionOf('plain', key))?.kmsKeyId ?? 'S3']));
    expect(Object.fromEntries(got)).toEqual({ 'of-one': arn('three'), 'parts-of-one': arn('three'), 'of-two': 'S3', 'of-s3': 'S3' });
    expect(Object.fromEntries(mapped.ledger.map(({ key, drift }) => [key, drift?.[6]]))).toEqual({
      'of-one': 'c',
      'parts-of-one': 'c',
      'of-two': 'l',
      'of-s3': 'k',
    });
  });

  test('with a key that is not there is each object’s own reason', async () => {
    const records = [await plantWhole(bucket('source'), 'x'), await plantParts(bucket('source'), 'y', null)];
    const { ledger } = await steps(records, 'plain', { encryption: { kind: 'kms', algorithm: 'aws:kms', key: arn('none'), bucketKey: false } }, { mode });
    expect(ledger.map(({ outcome, reason, drift }) => [outcome, reason, drift])).toEqual(records.map(() => ['failed', 'access-denied', null]));
  });
});

describe.each(MODES)('checksums, %s', (mode) => {
  test.each([
    ['CRC64NVME', 'FULL_OBJECT'],
    ['CRC32', 'FULL_OBJECT'],
    ['CRC32', 'COMPOSITE'],
    ['CRC32C', 'COMPOSITE'],
    ['SHA1', 'COMPOSITE'],
    ['SHA256', 'COMPOSITE'],
  ])('of parts are carried: %s %s', async (algorithm, type) => {
    const key = `${algorithm}-${type}`;
    const record = await plantParts(bucket('source'), key, { algorithm, type });
    const { ledger } = await steps([record], 'plain', {}, { mode });
    const [from, to] = await Promise.all(['source', 'plain'].map((name) => headObject(bucket(name), { key, checksumMode: true })));
    expect(to?.checksums).toEqual(from?.checksums);
    expect([Object.keys(to?.checksums ?? {}), to?.checksumType]).toEqual([[algorithm.toLowerCase()], type]);
    expect(ledger).toMatchObject([{ outcome: 'copied', proof: 'etag', drift: 'kknknukkn' }]);
  });

  test('of whole objects are carried', async () => {
    const value = createHash('sha1').update(bytesFor('sha1', 1000)).digest('base64');
    const record = await plantWhole(bucket('source'), 'sha1', { 'x-amz-checksum-sha1': value });
    const { ledger } = await steps([record], 'plain', {}, { mode });
    expect((await headObject(bucket('plain'), { key: 'sha1', checksumMode: true })).checksums).toEqual({ sha1: value });
    expect(ledger[0]?.drift?.[7]).toBe('k');
  });

  test('are left to the service where they shall be ignored', async () => {
    const record = await plantParts(bucket('source'), 'ignored', { algorithm: 'SHA256', type: 'COMPOSITE' });
    const { ledger } = await steps([record], 'plain', { checksums: 'ignore' }, { mode });
    expect((await headObject(bucket('plain'), { key: 'ignored', checksumMode: true })).checksums).not.toHaveProperty('sha256');
    expect(ledger).toMatchObject([{ outcome: 'copied', proof: 'etag' }]);
    expect(ledger[0]?.drift?.[7]).toBe('l');
  });

  test('come back from parts that an attempt before sent', async () => {
    const record = await plantParts(bucket('source'), 'again', { algorithm: 'SHA256', type: 'COMPOSITE' });
    const sides = { source: bucket('source'), destination: bucket('plain'), sourcePrefix: '', destinationPrefix: '' };
    const afterPlan = async (tasks: readonly CopyTask[]): Promise<readonly CopyTask[]> => {
      await runAll(copyObjects({ ...sides, mode, concurrency: 2, memoryBytes: 64 * MIB }), tasks.slice(0, 2), recordingContext());
      return tasks;
    };
    const { ledger, counts } = await steps([record], 'plain', {}, { mode, afterPlan, context: { lookBeforeWriting: true } });
    expect(counts['already-there']).toBe(2);
    expect(ledger).toMatchObject([{ outcome: 'copied', proof: 'etag', drift: 'kknknukkn' }]);
  });
});

describe.each(MODES)('ACLs, %s', (mode) => {
  const aclOf = async (name: string, key: string): Promise<readonly string[]> => {
    const { ownerId, grants } = await getObjectAcl(bucket(name), { key });
    return grants
      .map(({ grantee, permission }) => `${grantee.kind === 'uri' ? grantee.uri.split('/').at(-1) : grantee.id === ownerId ? 'owner' : 'other'} ${permission}`)
      .toSorted();
  };
  const other = 'b'.repeat(64);

  async function plantAcls(): Promise<readonly ObjectRecord[]> {
    const from = bucket('old-source');
    return [
      await plantWhole(from, 'private'),
      await plantWhole(from, 'public', { 'x-amz-acl': 'public-read' }),
      await plantWhole(from, 'shared', { 'x-amz-grant-read': `id="${other}"`, 'x-amz-grant-read-acp': `id="${other}"` }),
      await plantParts(from, 'public-parts', null, { 'x-amz-acl': 'public-read' }),
    ];
  }

  test('are not sent by default, which a bucket without ACLs takes, and nobody looks at them', async () => {
    const { ledger } = await steps(await plantAcls(), 'plain', {}, { mode, from: 'old-source' });
    expect(ledger.map(({ outcome, drift }) => [outcome, drift?.[5]])).toEqual(ledger.map(() => ['copied', 'u']));
    expect(requests().GetObjectAcl ?? 0).toBe(0);
  });

  test('are copied where the destination has some', async () => {
    const records = await plantAcls();
    const { ledger } = await steps(records, 'old', { acl: 'copy' }, { mode, from: 'old-source' });
    expect(ledger.every(({ outcome }) => outcome === 'copied')).toBe(true);
    expect(await aclOf('old', 'private')).toEqual(['owner FULL_CONTROL']);
    for (const key of ['public', 'public-parts']) expect(await aclOf('old', key)).toEqual(await aclOf('old-source', key));
    expect(await aclOf('old', 'shared')).toEqual(['other READ', 'other READ_ACP', 'owner FULL_CONTROL']);
    expect(Object.fromEntries(ledger.map(({ key, drift }) => [key, drift?.[5]]))).toEqual({ private: 'n', public: 'k', shared: 'k', 'public-parts': 'k' });
  });

  test('are lost where it has none, and the drift says so', async () => {
    const { ledger } = await steps((await plantAcls()).slice(1, 2), 'plain', { acl: 'copy' }, { mode, from: 'old-source' });
    expect(ledger).toMatchObject([{ outcome: 'copied', proof: 'etag' }]);
    expect(ledger[0]?.drift?.[5]).toBe('l');
  });

  test('hand the copy to the owner of the bucket where that is asked for', async () => {
    const { ledger } = await steps((await plantAcls()).slice(0, 1), 'plain', { acl: 'bucket-owner-full-control' }, { mode, from: 'old-source' });
    expect(ledger[0]).toMatchObject({ outcome: 'copied', drift: expect.stringMatching(/^.....c/) });
  });
});

test('a bucket with Object Lock takes whole objects, parts, empty ones and spilled ones: each comes with a proof', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'spill-'));
  const source = bucket('source');
  await putObject(source, { key: 'empty', body: new Uint8Array(0) });
  const records = [
    await plantWhole(source, 'small'),
    await listedWithChecksum(source, 'empty'),
    await plantParts(source, 'large', { algorithm: 'SHA256', type: 'COMPOSITE' }),
  ];
  const spill = new SpillSpace([directory], async () => 1024 ** 4);
  const { ledger, counts } = await steps(records, 'locked', {}, { mode: 'streaming', spill, spillAboveBytes: 6 * MIB - 1 });
  expect(ledger.map(({ outcome, proof }) => `${outcome} ${proof}`)).toEqual(records.map(() => 'copied etag'));
  expect(counts.spilled).toBe(2);
  expect(await readdir(directory)).toEqual([]);
  expect(requests().GetObject).toBe(5);
  await rm(directory, { recursive: true });
});

test('a website redirect of a whole object is left behind unseen, or kept for a look at each; the report counts both', async () => {
  const source = bucket('source');
  const redirect = { 'x-amz-website-redirect-location': '/there' };
  const records = [await plantWhole(source, 'redirects', redirect), await plantWhole(source, 'stays'), await plantParts(source, 'in-parts', null, redirect)];
  const blind = await steps(records, 'plain');
  expect((await headObject(bucket('plain'), { key: 'redirects' })).kept).not.toHaveProperty('x-amz-website-redirect-location');
  const seeing = await steps(records, 'plain', { redirects: true });
  expect((await headObject(bucket('plain'), { key: 'redirects' })).kept).toMatchObject(redirect);
  const report = async (ledger: typeof blind.ledger) => {
    const lines = [
      ...records.map((row) => reconcileMapper('to-copy')(objectRecord.encode(row))),
      ...ledger.map((row) => reconcileMapper('ledger')(ledgerRow.encode(row))),
    ];
    const sorted = lines.toSorted((a, b) => (a.split('\t')[0] as string).localeCompare(b.split('\t')[0] as string));
    const out: string[] = [];
    for await (const batch of reconcile({ emit: 'counts' })(oneBatch(sorted), recordingContext())) out.push(...batch);
    return drawUpDrift(settledCounts(out).drift)['website-redirect'];
  };
  expect(await report(blind.ledger)).toMatchObject({ unseen: { objects: 2, bytes: 2000 }, kept: { objects: 1 } });
  expect(await report(seeing.ledger)).toMatchObject({ kept: { objects: 2 } });
});

test('tags that nobody may read are left behind where they are dropped', async () => {
  const source = bucket('source');
  await putObject(source, { key: 'tagged', body: bytesFor('tagged', 10), tags: [{ key: 'a', value: '1' }] });
  const { ledger } = await steps([await listed(source, 'tagged')], 'plain', { tags: 'drop' });
  expect((await headObject(bucket('plain'), { key: 'tagged' })).tagCount).toBe(0);
  expect(ledger[0]?.drift?.[2]).toBe('c');
});
