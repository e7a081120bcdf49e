import { describe, expect, test } from 'vitest';
import { type Fidelity, PLAIN_FIDELITY } from '../../../emr-steps/fidelity/fidelity.ts';
import { planParts } from '../../../emr-steps/plan/plan-parts.ts';
import { copyTask } from '../../../emr-steps/records/copy-task.ts';
import { objectRecord } from '../../../emr-steps/records/object-record.ts';
import { fakeClient, recordingContext, runAll, s3Error } from './fake-s3.ts';
import { fakeSource } from './fake-source.ts';

const ETAG = '0123456789abcdef0123456789abcdef-2';
const LISTED = objectRecord.decode(`k\t${ETAG}\t12\t2026-01-02 03:04:05\tSTANDARD_IA\t\\N\t\\N\t\\N\t\\N\t\\N`);
const KMS = { 'x-amz-server-side-encryption': 'aws:kms', 'x-amz-server-side-encryption-aws-kms-key-id': 'arn:k/1' };

interface Scene {
  readonly headers?: Record<string, string>;
  readonly listed?: { readonly checksumAlgorithm?: string; readonly checksumType?: string };
  readonly fidelity?: Partial<Fidelity>;
  readonly storageClass?: string;
  readonly created?: Record<string, string>;
  readonly dryRun?: boolean;
}

async function plan({ headers = {}, listed = {}, fidelity = {}, storageClass, created = {}, dryRun = false }: Scene) {
  const object = { key: 'k', etag: ETAG, sizes: [8, 4], headers: { 'x-amz-storage-class': 'STANDARD_IA', ...headers } };
  const inner = fakeSource([object], { tags: { a: '1' } });
  const acl =
    '<AccessControlPolicy><Owner><ID>ann</ID></Owner><AccessControlList><Grant><Grantee><ID>friend</ID></Grantee><Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>';
  const source = fakeClient('src', async (request) => {
    if (request.operation === 'GetObjectAcl') return { body: acl };
    const { status, headers: answered, bytes } = await inner.send(request);
    return { status, headers: answered, body: bytes };
  });
  const destination = fakeClient('dst', (request) => {
    if (request.operation === 'GetBucketAcl') return { body: '<AccessControlPolicy><Owner><ID>bob</ID></Owner></AccessControlPolicy>' };
    if (request.operation !== 'CreateMultipartUpload') throw s3Error('Unexpected', 400, request.operation);
    return { body: '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>', headers: created };
  });
  const sides = { source, destination, sourcePrefix: '', destinationPrefix: '' };
  const options = { ...sides, partMap: 'computed', storageClass: storageClass ?? null, concurrency: 2, fidelity: { ...PLAIN_FIDELITY, ...fidelity } } as const;
  const tasks = await runAll(planParts(options), [{ ...LISTED, ...listed }], recordingContext({ dryRun }));
  expect(tasks.map((task) => copyTask.decode(copyTask.encode(task)))).toEqual(tasks);
  const [task] = tasks;
  if (task?.kind !== 'part') throw new Error(`expected a part, got ${JSON.stringify(task)}`);
  return { task, source, headers: destination.requests.at(-1)?.headers ?? {} };
}

describe('the upload of a multipart object', () => {
  test('is begun with the checksum of its source, which its tasks name', async () => {
    const { task, headers } = await plan({ listed: { checksumAlgorithm: 'SHA256', checksumType: 'COMPOSITE' } });
    expect(headers).toMatchObject({ 'x-amz-checksum-algorithm': 'SHA256', 'x-amz-checksum-type': 'COMPOSITE' });
    expect(task).toMatchObject({ checksum: { algorithm: 'SHA256', type: 'COMPOSITE' }, drift: 'lknknukkn' });
  });

  test('is begun with the first where the listing names several', async () => {
    const { headers } = await plan({ listed: { checksumAlgorithm: 'CRC32,SHA256', checksumType: 'FULL_OBJECT' } });
    expect(headers).toMatchObject({ 'x-amz-checksum-algorithm': 'CRC32', 'x-amz-checksum-type': 'FULL_OBJECT' });
  });

  test.each([
    ['that cannot be carried', { checksumAlgorithm: 'XXHASH3', checksumType: 'COMPOSITE' }, {}, 'l'],
    ['that shall be ignored', { checksumAlgorithm: 'SHA256', checksumType: 'COMPOSITE' }, { checksums: 'ignore' }, 'l'],
    ['that the source has not', {}, {}, 'n'],
    ['whose name is none', { checksumAlgorithm: 'odd name' }, {}, 'n'],
  ] as const)('is begun without a checksum %s, and its drift says so', async (_what, listed, fidelity, letter) => {
    const { task, headers } = await plan({ listed, fidelity });
    expect([headers['x-amz-checksum-algorithm'], task.checksum, task.drift?.[7]]).toEqual([undefined, null, letter]);
  });

  test('is encrypted by its rule, by what the HEAD says of the source', async () => {
    const { headers, task, source } = await plan({ headers: KMS, fidelity: { encryption: { kind: 'keep', bucketKey: true } }, created: KMS });
    expect(headers).toMatchObject({ ...KMS, 'x-amz-server-side-encryption-bucket-key-enabled': 'true' });
    expect([source.operations(), task.drift?.[6]]).toEqual([['HeadObject'], 'k']);
    const weaker = await plan({ headers: KMS, created: { 'x-amz-server-side-encryption': 'AES256' } });
    expect([weaker.headers['x-amz-server-side-encryption'], weaker.task.drift?.[6]]).toEqual([undefined, 'l']);
    const changing = await plan({ fidelity: { encryption: { kind: 'kms', algorithm: 'aws:kms', key: null, bucketKey: false } }, created: KMS });
    expect(changing.task.drift).toBe('cknknucnn');
  });

  test('gets the grants of the source, named for its new owner', async () => {
    const { headers, task, source } = await plan({ fidelity: { acl: 'copy' } });
    expect(headers).toMatchObject({ 'x-amz-grant-full-control': 'id="bob"', 'x-amz-grant-read': 'id="friend"' });
    expect([source.operations(), task.drift?.[5]]).toEqual([['HeadObject', 'GetObjectAcl'], 'k']);
  });

  test('leaves its tags behind, unread, where they are dropped', async () => {
    const { headers, task, source } = await plan({ headers: { 'x-amz-tagging-count': '1' }, fidelity: { tags: 'drop' } });
    expect([headers['x-amz-tagging'], source.operations(), task.drift?.[2]]).toEqual([undefined, ['HeadObject'], 'c']);
  });

  test('tells in its drift what it kept and what became of the class and of a lock', async () => {
    const headers = { 'x-amz-tagging-count': '1', 'x-amz-website-redirect-location': '/', 'x-amz-object-lock-legal-hold': 'ON' };
    expect((await plan({ headers })).task.drift).toBe('lkkkkuknl');
    expect((await plan({ storageClass: 'GLACIER_IR' })).task.drift?.[3]).toBe('c');
    expect((await plan({ storageClass: 'STANDARD_IA' })).task.drift?.[3]).toBe('k');
  });

  test('has no drift in a dry run, where nothing is begun', async () => {
    const { task } = await plan({ dryRun: true, listed: { checksumAlgorithm: 'CRC32', checksumType: 'COMPOSITE' } });
    expect(task).toMatchObject({ uploadId: 'dry-run', drift: null, checksum: { algorithm: 'CRC32' } });
  });
});

test('an object that one request copies names the checksum of the listing, whose type says nothing', async () => {
  const client = fakeClient('none', () => {
    throw new Error('nothing is asked');
  });
  const sides = { source: client, destination: client, sourcePrefix: '', destinationPrefix: '' };
  const listed = { ...LISTED, etag: ETAG.slice(0, 32), checksumAlgorithm: 'SHA1', checksumType: 'FULL_OBJECT' };
  const tasks = await runAll(planParts({ ...sides, partMap: 'computed', storageClass: null, concurrency: 1 }), [listed], recordingContext());
  expect(tasks).toMatchObject([{ kind: 'whole', checksum: { algorithm: 'SHA1', type: null } }]);
});
