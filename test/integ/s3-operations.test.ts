/** Every operation of the lean client against the embedded store, which checks signatures with the vendor's signer. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { abortMultipartUpload } from '../../emr-steps/s3/abort-multipart-upload.ts';
import { completeMultipartUpload } from '../../emr-steps/s3/complete-multipart-upload.ts';
import { copyObject } from '../../emr-steps/s3/copy-object.ts';
import { createMultipartUpload } from '../../emr-steps/s3/create-multipart-upload.ts';
import { deleteObjects } from '../../emr-steps/s3/delete-objects.ts';
import { getObject } from '../../emr-steps/s3/get-object.ts';
import { getObjectAttributes } from '../../emr-steps/s3/get-object-attributes.ts';
import { headBucket } from '../../emr-steps/s3/head-bucket.ts';
import { headObject } from '../../emr-steps/s3/head-object.ts';
import { listMultipartUploads } from '../../emr-steps/s3/list-multipart-uploads.ts';
import { listParts } from '../../emr-steps/s3/list-parts.ts';
import { putObject } from '../../emr-steps/s3/put-object.ts';
import type { S3Client, S3ClientOptions } from '../../emr-steps/s3/s3-client.ts';
import { S3Error } from '../../emr-steps/s3/s3-error.ts';
import { getObjectTagging } from '../../emr-steps/s3/tagging.ts';
import { undiciTransport } from '../../emr-steps/s3/transport.ts';
import { uploadPart } from '../../emr-steps/s3/upload-part.ts';
import { uploadPartCopy } from '../../emr-steps/s3/upload-part-copy.ts';
import { type Store, startStore } from '../../infra/local/s3-store/store.ts';
import { storeClient } from '../helpers/store-client.ts';

const ANN = { id: '111122223333', key: { accessKeyId: 'ann', secretAccessKey: 'ann-secret' } };
const BOB = { id: '444455556666', key: { accessKeyId: 'bob', secretAccessKey: 'bob-secret' } };
const EXPIRED = { accessKeyId: 'session', secretAccessKey: 'session-secret', sessionToken: 'old+token/=', expires: 1 };
const FRESH = { accessKeyId: 'session2', secretAccessKey: 'session-secret', sessionToken: 'new+token/=' };

const transport = undiciTransport({ connections: 16 });
let store: Store;
let books: S3Client;

function clientFor(bucket: string, options: Partial<S3ClientOptions> = {}): S3Client {
  const own = { addressingStyle: 'auto', userAgent: 'carillon/test run/r1', maxAttempts: 2 } as const;
  return storeClient({ url: store.url, bucket, key: ANN.key, transport }, { ...own, ...options });
}

beforeAll(async () => {
  store = await startStore({
    accounts: [
      { id: ANN.id, keys: [ANN.key, EXPIRED, FRESH] },
      { id: BOB.id, keys: [BOB.key] },
    ],
    buckets: [
      { name: 'books', ownerId: ANN.id },
      { name: 'my.books', ownerId: ANN.id },
      { name: 'others', ownerId: BOB.id },
      { name: 'far-away', ownerId: ANN.id, region: 'eu-west-1' },
    ],
  });
  books = clientFor('books');
});

afterAll(async () => {
  await transport.close();
  await store.close();
});

const md5 = (bytes: string | Uint8Array): string => createHash('md5').update(bytes).digest('hex');

async function contentOf(client: S3Client, key: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await getObject(client, { key })).body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function failure(promise: Promise<unknown>): Promise<S3Error> {
  const outcome = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(outcome instanceof S3Error)) throw new Error(`expected an S3Error, got ${String(outcome)}`, { cause: outcome });
  return outcome;
}

const KEPT = {
  'cache-control': 'max-age=60',
  'content-disposition': 'attachment; filename="a b.txt"',
  'content-encoding': 'identity',
  'content-language': 'de',
  'content-type': 'text/plain; charset=utf-8',
  expires: 'Thu, 01 Dec 2033 16:00:00 GMT',
  'x-amz-meta-blanks': 'a   b',
  'x-amz-meta-text': Buffer.from('ÄÖ à 日本', 'utf8').toString('latin1'),
};
const TAGS = [
  { key: 'a b', value: 'c+d' },
  { key: 'empty', value: '' },
];

describe('whole objects', () => {
  it('keep bytes, headers, metadata, tags and class through put, copy, head and get', async () => {
    const put = await putObject(books, { key: 'put', body: Buffer.from('hello'), kept: KEPT, tags: TAGS, storageClass: 'STANDARD_IA' });
    expect(put.etag).toBe(md5('hello'));
    const copied = await copyObject(books, { key: 'copied', source: { bucket: 'books', key: 'put', etag: put.etag }, storageClass: 'STANDARD_IA', size: 5 });
    expect(copied.etag).toBe(put.etag);
    for (const key of ['put', 'copied']) {
      expect(await headObject(books, { key, ifMatch: put.etag })).toMatchObject({
        size: 5,
        etag: put.etag,
        kept: KEPT,
        storageClass: 'STANDARD_IA',
        tagCount: 2,
      });
      expect(await getObjectTagging(books, { key })).toEqual(TAGS);
      expect(await contentOf(books, key)).toBe('hello');
    }
  });

  it.each([
    'a b',
    'a+b',
    'a%41',
    'é/日本',
    '😀',
    "!'()*",
    'x=y&z',
    'a?b#c',
    'q;r:s@t$u,v',
    '"<>^`{|}\\',
    'tab\tcr\rlf\n',
    '\u0001\u001f\u007f',
    '\u2028\u00a0\ufeff',
    'a//b',
    '//',
    './x',
    '../y',
    'a/../b',
    'slash/',
    ' blanks ',
    'k'.repeat(1024),
  ])('are found again under the key %j', async (key) => {
    const { etag } = await putObject(books, { key, body: Buffer.from(key) });
    expect(await contentOf(books, key)).toBe(key);
    expect((await copyObject(books, { key: 'odd-copy', source: { bucket: 'books', key, etag }, storageClass: null, size: 1 })).etag).toBe(md5(key));
    expect(await deleteObjects(books, { keys: [key] })).toEqual([]);
    expect(await failure(headObject(books, { key }))).toMatchObject({ code: 'NotFound', status: 404 });
  });

  it('are read in pieces', async () => {
    await putObject(books, { key: 'pieces', body: Buffer.from('hello') });
    const { head, body } = await getObject(books, { key: 'pieces', range: { firstByte: 1, lastByte: 3 } });
    expect([head.size, head.objectSize]).toEqual([3, 5]);
    for await (const chunk of body) expect(Buffer.from(chunk).toString()).toBe('ell');
  });

  it('are written from a stream, and refused when the bytes are not those of the MD5', async () => {
    async function* hello(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('hel');
      yield Buffer.from('lo');
    }
    const md5Base64 = createHash('md5').update('hello').digest('base64');
    expect((await putObject(books, { key: 'streamed', body: { stream: hello(), size: 5, md5Base64 } })).etag).toBe(md5('hello'));
    const wrong = createHash('md5').update('other').digest('base64');
    expect((await failure(putObject(books, { key: 'streamed', body: { stream: hello(), size: 5, md5Base64: wrong } }))).code).toBe('BadDigest');
  });

  it('are pinned: a source that changed is not copied, a key that exists is not overwritten', async () => {
    await putObject(books, { key: 'pinned', body: Buffer.from('new') });
    const copying = copyObject(books, { key: 'x', source: { bucket: 'books', key: 'pinned', etag: md5('old') }, storageClass: null, size: 3 });
    expect(await failure(copying)).toMatchObject({ code: 'PreconditionFailed', status: 412 });
    expect((await failure(putObject(books, { key: 'pinned', body: Buffer.from('x'), ifNoneMatch: '*' }))).status).toBe(412);
  });

  it('that are missing say so', async () => {
    expect((await failure(getObject(books, { key: 'missing' }))).code).toBe('NoSuchKey');
    expect((await failure(getObject(clientFor('missing-bucket'), { key: 'k' }))).code).toBe('NoSuchBucket');
    const copying = copyObject(books, { key: 'x', source: { bucket: 'books', key: 'missing', etag: null }, storageClass: null, size: 3 });
    expect((await failure(copying)).code).toBe('NoSuchKey');
  });

  it('are deleted by the thousand', async () => {
    const keys = Array.from({ length: 1001 }, (_, i) => `many/${i}`);
    await Promise.all(keys.map((key) => putObject(books, { key, body: new Uint8Array(0) })));
    expect(await deleteObjects(books, { keys })).toEqual([]);
    expect((await failure(headObject(books, { key: 'many/1000' }))).status).toBe(404);
  });
});

describe('multipart uploads', () => {
  const first = Buffer.alloc(5 * 1024 ** 2, 1);
  const second = Buffer.alloc(1000, 2);
  const etag = `${createHash('md5')
    .update(Buffer.concat([Buffer.from(md5(first), 'hex'), Buffer.from(md5(second), 'hex')]))
    .digest('hex')}-2`;

  async function upload(key: string): Promise<string> {
    const { uploadId } = await createMultipartUpload(books, { key, storageClass: 'STANDARD_IA', kept: KEPT, tags: TAGS });
    const parts = [
      { partNumber: 1, ...(await uploadPart(books, { key, uploadId, partNumber: 1, body: first })) },
      { partNumber: 2, ...(await uploadPart(books, { key, uploadId, partNumber: 2, body: second })) },
    ];
    expect(await listParts(books, { key, uploadId })).toMatchObject([
      { partNumber: 1, etag: md5(first), size: first.length },
      { partNumber: 2, etag: md5(second), size: second.length },
    ]);
    return (await completeMultipartUpload(books, { key, uploadId, parts })).etag;
  }

  it('become objects with the ETag of their parts, metadata, tags and class', async () => {
    expect(await upload('big ü')).toBe(etag);
    const head = await headObject(books, { key: 'big ü', partNumber: 1 });
    expect(head).toMatchObject({ size: first.length, objectSize: first.length + second.length, partsCount: 2, etag, kept: KEPT, storageClass: 'STANDARD_IA' });
    expect(await getObjectTagging(books, { key: 'big ü' })).toEqual(TAGS);
    expect(await getObjectAttributes(books, { key: 'big ü' })).toMatchObject({ objectSize: first.length + second.length });
  });

  it('are copied part by part with the same ETag', async () => {
    await upload('source');
    const source = { bucket: 'books', key: 'source', etag };
    const key = 'copied in parts';
    const { uploadId } = await createMultipartUpload(books, { key, storageClass: null, kept: {}, tags: [] });
    const ranges = [
      { firstByte: 0, lastByte: first.length - 1 },
      { firstByte: first.length, lastByte: first.length + second.length - 1 },
    ];
    const parts = await Promise.all(
      ranges.map(async (range, i) => ({ partNumber: i + 1, ...(await uploadPartCopy(books, { key, uploadId, partNumber: i + 1, source, range })) })),
    );
    expect((await completeMultipartUpload(books, { key, uploadId, parts })).etag).toBe(etag);
  });

  it('of one part are copied without a range', async () => {
    await putObject(books, { key: 'small', body: second });
    const key = 'one part';
    const { uploadId } = await createMultipartUpload(books, { key, storageClass: null, kept: {}, tags: [] });
    const source = { bucket: 'books', key: 'small', etag: null };
    const refused = uploadPartCopy(books, { key, uploadId, partNumber: 1, source, range: { firstByte: 0, lastByte: 999 } });
    expect(await failure(refused)).toMatchObject({ code: 'InvalidRequest', status: 400 });
    const part = await uploadPartCopy(books, { key, uploadId, partNumber: 1, source, range: null });
    expect((await completeMultipartUpload(books, { key, uploadId, parts: [{ partNumber: 1, ...part }] })).etag).toMatch(/-1$/);
  });

  it('are listed with keys of every kind, and aborted', async () => {
    const keys = ['open/a b+c', 'open/é😀', 'open/%41', 'open/\n\u0001'];
    for (const key of keys) await createMultipartUpload(books, { key, storageClass: null, kept: {}, tags: [] });
    const found: string[] = [];
    for await (const { key, uploadId, initiated, initiator } of listMultipartUploads(books, { prefix: 'open/' })) {
      found.push(key);
      expect(Math.abs(initiated.getTime() - Date.now())).toBeLessThan(3_600_000);
      expect(initiator).not.toBe('');
      await abortMultipartUpload(books, { key, uploadId });
      expect(await failure(listParts(books, { key, uploadId }))).toMatchObject({ code: 'NoSuchUpload', status: 404 });
    }
    expect(found.sort()).toEqual([...keys].sort());
  });
});

describe('buckets and identities', () => {
  it('tell the Region', async () => {
    expect(await headBucket(books)).toEqual({ region: 'us-east-1' });
    expect(await headBucket(clientFor('far-away'))).toEqual({ region: 'eu-west-1' });
  });

  it('are told apart: missing, forbidden, wrong secret, unknown key, anonymous', async () => {
    expect((await failure(headBucket(clientFor('missing-bucket')))).status).toBe(404);
    expect((await failure(headBucket(clientFor('others')))).status).toBe(403);
    const wrongSecret = clientFor('books', { credentials: async () => ({ ...ANN.key, secretAccessKey: 'wrong' }) });
    expect((await failure(getObject(wrongSecret, { key: 'k' }))).code).toBe('SignatureDoesNotMatch');
    const unknown = clientFor('books', { credentials: async () => ({ accessKeyId: 'nobody', secretAccessKey: 'x' }) });
    expect((await failure(getObject(unknown, { key: 'k' }))).code).toBe('InvalidAccessKeyId');
    expect((await failure(getObject(clientFor('books', { credentials: null }), { key: 'k' }))).code).toBe('AccessDenied');
  });

  it('are refused when another account owns them than expected, on both sides of a copy', async () => {
    await putObject(books, { key: 'owned', body: Buffer.from('x') });
    expect((await headObject(clientFor('books', { expectedBucketOwner: ANN.id }), { key: 'owned' })).size).toBe(1);
    expect((await failure(headObject(clientFor('books', { expectedBucketOwner: BOB.id }), { key: 'owned' }))).status).toBe(403);
    const copy = { key: 'owned2', source: { bucket: 'books', key: 'owned', etag: null }, storageClass: null, size: 1 };
    expect((await copyObject(clientFor('books', { sourceBucketOwner: ANN.id }), copy)).etag).toBe(md5('x'));
    expect((await failure(copyObject(clientFor('books', { sourceBucketOwner: BOB.id }), copy))).code).toBe('AccessDenied');
  });

  it('with dots in their names are reached too', async () => {
    const dotted = clientFor('my.books');
    expect((await putObject(dotted, { key: 'k', body: Buffer.from('x') })).etag).toBe(md5('x'));
  });

  it('of sessions are replaced when they have expired, for requests with and without a body in the answer', async () => {
    await putObject(books, { key: 'session', body: Buffer.from('x') });
    for (const ask of [headObject, async (client: S3Client, { key }: { key: string }) => contentOf(client, key)]) {
      const given = [EXPIRED, FRESH];
      const client = clientFor('books', { credentials: async () => given.shift() ?? FRESH });
      await ask(client, { key: 'session' });
      expect(given).toEqual([]);
    }
  });
});
