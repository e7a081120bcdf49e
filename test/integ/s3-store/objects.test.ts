import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectTaggingCommand,
  RestoreObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Store, startStore } from '../../../infra/local/s3-store/store.ts';
import { sendSigned, sendUnsigned } from './raw-request.ts';
import { ACCOUNTS, ANN, refusal, sdkClient } from './sdk-client.ts';

const Bucket = 'objects';
let store: Store;
let s3: S3Client;
/** With the SDK's own defaults: a CRC32 on everything. */
let checking: S3Client;

beforeAll(async () => {
  store = await startStore({ accounts: ACCOUNTS, buckets: [{ name: Bucket, ownerId: '111111111111' }] });
  s3 = sdkClient(store, ANN);
  checking = sdkClient(store, ANN, { requestChecksumCalculation: 'WHEN_SUPPORTED', responseChecksumValidation: 'WHEN_SUPPORTED' });
});

afterAll(() => store.close());

function put(Key: string, body: string, more: Partial<PutObjectCommandInput> = {}) {
  return s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from(body), ...more }));
}

async function text(Key: string, more: Partial<GetObjectCommandInput> = {}): Promise<string | undefined> {
  return (await s3.send(new GetObjectCommand({ Bucket, Key, ...more }))).Body?.transformToString('latin1');
}

function head(Key: string, more: object = {}) {
  return s3.send(new HeadObjectCommand({ Bucket, Key, ...more }));
}

function md5(body: string): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}

describe('an object', () => {
  test('keeps everything that was put with it', async () => {
    const facts = {
      CacheControl: 'no-cache',
      ContentDisposition: 'inline; filename="a.txt"',
      ContentEncoding: 'gzip',
      ContentLanguage: 'de',
      ContentType: 'text/x',
      Expires: new Date('2030-01-01T00:00:00Z'),
      Metadata: { a: '1', 'b-c': 'x y' },
      StorageClass: 'STANDARD_IA',
      WebsiteRedirectLocation: '/elsewhere',
    } as const;
    const written = await put('facts', 'hello', { ...facts, Tagging: 'k=v&sp%20ace=pl%2Bus' });
    expect(written.ETag).toBe(md5('hello'));
    const { Expires: _, ...same } = facts;
    const found = await head('facts');
    expect(found).toMatchObject({ ...same, ETag: md5('hello'), ContentLength: 5, AcceptRanges: 'bytes', ServerSideEncryption: 'AES256', TagCount: 2 });
    expect(found.ExpiresString).toBe('Tue, 01 Jan 2030 00:00:00 GMT');
    expect((await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'facts' }))).TagSet).toEqual([
      { Key: 'k', Value: 'v' },
      { Key: 'sp ace', Value: 'pl+us' },
    ]);
  });

  test("has S3's defaults where nothing was said", async () => {
    await put('plain', 'x');
    const found = await head('plain');
    expect([found.StorageClass, found.TagCount, found.PartsCount, found.VersionId, found.ContentEncoding]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    const { headers } = await sendSigned(store.url, { method: 'PUT', target: `/${Bucket}/untyped`, body: 'x' });
    expect(headers.etag).toBe(md5('x'));
    expect((await head('untyped')).ContentType).toBe('binary/octet-stream');
  });

  test('keeps header bytes beyond ASCII as they were sent', async () => {
    const header = Buffer.from('grün').toString('latin1');
    const open = await startStore({ accounts: ACCOUNTS, signatures: 'off', buckets: [{ name: 'b', ownerId: '111111111111' }] });
    const authorization = 'AWS4-HMAC-SHA256 Credential=ann/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0';
    await sendUnsigned(open.url, { method: 'PUT', target: '/b/k', headers: { 'x-amz-meta-colour': header, authorization }, body: '' });
    const { headers } = await sendUnsigned(open.url, { method: 'HEAD', target: '/b/k', headers: { authorization } });
    expect(headers['x-amz-meta-colour']).toBe(header);
    await open.close();
  });

  test('can be of any key that S3 allows, and is listed under exactly that', async () => {
    const segment = fc.constantFrom(
      '.',
      '..',
      '',
      ' ',
      '+',
      '%',
      '%41',
      'a',
      '\x00',
      '\r\n',
      '\t',
      '\x7f',
      '\\',
      '&<>"\'',
      'é',
      '\u2028',
      '\ufffe',
      '\u{1F600}',
      '?',
      '#',
      '=',
      ';',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(segment, { minLength: 1, maxLength: 5 }), async (segments) => {
        const Key = `odd/${segments.join('/')}`;
        await put(Key, Key);
        expect(await text(Key)).toBe(Buffer.from(Key).toString('latin1'));
        const listed = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: Key, MaxKeys: 1, EncodingType: 'url' }));
        expect(decodeURIComponent((listed.Contents?.[0]?.Key ?? '').replaceAll('+', ' '))).toBe(Key);
        await s3.send(new DeleteObjectCommand({ Bucket, Key }));
        expect(await refusal(head(Key))).toBe('NotFound 404');
      }),
      { numRuns: 60 },
    );
  });

  test('has a key of at most 1,024 bytes of UTF-8', async () => {
    await put('k'.repeat(1024), '');
    await put('é'.repeat(512), '');
    expect(await refusal(put('k'.repeat(1025), ''))).toBe('KeyTooLongError 400');
    expect(await refusal(put('é'.repeat(513), ''))).toBe('KeyTooLongError 400');
    expect((await sendSigned(store.url, { method: 'PUT', target: `/${Bucket}/%ff`, body: '' })).body).toContain('<Code>InvalidURI</Code>');
  });

  test('is refused with more than 2 KB of metadata, more than ten tags, or a storage class that S3 has not', async () => {
    expect(await refusal(put('refused', '', { Metadata: { a: 'x'.repeat(2048) } }))).toBe('MetadataTooLarge 400');
    expect(await refusal(put('refused', '', { Tagging: Array.from({ length: 11 }, (_, at) => `k${at}=v`).join('&') }))).toBe('InvalidTag 400');
    expect(await refusal(put('refused', '', { Tagging: 'a=1&a=2' }))).toBe('InvalidTag 400');
    expect(await refusal(put('refused', '', { StorageClass: 'COLD' as 'STANDARD' }))).toBe('InvalidStorageClass 400');
    expect(await refusal(head('refused'))).toBe('NotFound 404');
  });

  test('is refused with an ACL other than bucket-owner-full-control, since the bucket has none', async () => {
    expect(await refusal(put('acl', '', { ACL: 'public-read' }))).toBe('AccessControlListNotSupported 400');
    expect(await refusal(put('acl', '', { GrantRead: 'id="x"' }))).toBe('AccessControlListNotSupported 400');
    expect(await refusal(put('acl', '', { ACL: 'bucket-owner-full-control' }))).toBe('accepted');
  });

  test('under KMS has an ETag that is not its MD5', async () => {
    const written = await put('kms', 'hello', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'arn:aws:kms:us-east-1:111111111111:key/1' });
    expect(written.ETag).toMatch(/^"[0-9a-f]{32}"$/);
    expect(written.ETag).not.toBe(md5('hello'));
    expect(await head('kms')).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'arn:aws:kms:us-east-1:111111111111:key/1' });
  });
});

describe('reading', () => {
  beforeAll(() => put('ten', '0123456789'));

  test('a range is 206 with its place', async () => {
    const answer = await s3.send(new GetObjectCommand({ Bucket, Key: 'ten', Range: 'bytes=2-4' }));
    expect(answer.$metadata.httpStatusCode).toBe(206);
    expect([await answer.Body?.transformToString(), answer.ContentRange, answer.ContentLength]).toEqual(['234', 'bytes 2-4/10', 3]);
    expect(await text('ten', { Range: 'bytes=-2' })).toBe('89');
    expect(await refusal(text('ten', { Range: 'bytes=10-' }))).toBe('InvalidRange 416');
    expect((await head('ten', { Range: 'bytes=2-4' })).ContentLength).toBe(3);
  });

  test('a part of a plain object is the whole, 206, without a count of parts', async () => {
    const found = await head('ten', { PartNumber: 1 });
    expect([found.$metadata.httpStatusCode, found.ContentLength, found.PartsCount]).toEqual([206, 10, undefined]);
  });

  test('under conditions is 304 or 412', async () => {
    expect(await refusal(text('ten', { IfNoneMatch: md5('0123456789') }))).toMatch(/ 304$/);
    expect(await refusal(text('ten', { IfMatch: '"0"' }))).toBe('PreconditionFailed 412');
    expect(await text('ten', { IfMatch: md5('0123456789') })).toBe('0123456789');
    expect(await refusal(head('ten', { IfModifiedSince: new Date(Date.now() + 5000) }))).toMatch(/ 304$/);
  });

  test('what is not there is 404, with the key', async () => {
    expect(await refusal(text('nothing/here'))).toBe('NoSuchKey 404');
    expect((await sendSigned(store.url, { target: `/${Bucket}/nothing/here` })).body).toContain('<Key>nothing/here</Key>');
    expect(await refusal(s3.send(new GetObjectCommand({ Bucket: 'nowhere', Key: 'k' })))).toBe('NoSuchBucket 404');
  });

  test('with response headers of its own', async () => {
    const answer = await s3.send(new GetObjectCommand({ Bucket, Key: 'ten', ResponseContentType: 'text/y', ResponseCacheControl: 'private' }));
    expect([answer.ContentType, answer.CacheControl]).toEqual(['text/y', 'private']);
  });
});

describe('writing', () => {
  test("with the SDK's own checksum, as a buffer and as a stream in chunks with a trailer", async () => {
    const body = Buffer.alloc(300_000, 'chunk');
    await checking.send(new PutObjectCommand({ Bucket, Key: 'crc/buffer', Body: body }));
    await checking.send(
      new PutObjectCommand({ Bucket, Key: 'crc/stream', Body: Readable.from([body.subarray(0, 70_001), body.subarray(70_001)]), ContentLength: body.length }),
    );
    const [buffer, stream] = [await head('crc/buffer', { ChecksumMode: 'ENABLED' }), await head('crc/stream', { ChecksumMode: 'ENABLED' })];
    expect(buffer.ChecksumCRC32).toMatch(/^[A-Za-z0-9+/]{6}==$/);
    expect(stream).toMatchObject({ ChecksumCRC32: buffer.ChecksumCRC32, ChecksumType: 'FULL_OBJECT', ETag: buffer.ETag, ContentLength: body.length });
    expect(stream.ContentEncoding).toBeUndefined();
    const read = await checking.send(new GetObjectCommand({ Bucket, Key: 'crc/stream' }));
    expect(Buffer.from((await read.Body?.transformToByteArray()) ?? []).equals(body)).toBe(true);
  });

  test.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)('with a %s keeps it', async (ChecksumAlgorithm) => {
    const written = await put(`sum/${ChecksumAlgorithm}`, 'abc', { ChecksumAlgorithm });
    const found = await head(`sum/${ChecksumAlgorithm}`, { ChecksumMode: 'ENABLED' });
    expect(found[`Checksum${ChecksumAlgorithm}`]).toBe(written[`Checksum${ChecksumAlgorithm}`]);
    expect(found[`Checksum${ChecksumAlgorithm}`]).toBeTruthy();
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: `sum/${ChecksumAlgorithm}`, MaxKeys: 1 }));
    expect(Contents?.[0]).toMatchObject({ ChecksumAlgorithm: [ChecksumAlgorithm], ChecksumType: 'FULL_OBJECT' });
    expect((await head(`sum/${ChecksumAlgorithm}`))[`Checksum${ChecksumAlgorithm}`]).toBeUndefined();
  });

  test('with a wrong or malformed MD5 or checksum is refused and leaves nothing', async () => {
    expect(await refusal(put('wrong', 'x', { ContentMD5: Buffer.alloc(16).toString('base64') }))).toBe('BadDigest 400');
    expect(await refusal(put('wrong', 'x', { ContentMD5: 'AAAA' }))).toBe('InvalidDigest 400');
    expect(await refusal(put('wrong', 'x', { ChecksumSHA256: Buffer.alloc(32).toString('base64') }))).toBe('BadDigest 400');
    expect(await refusal(put('wrong', 'x', { ChecksumCRC32: 'AAAA' }))).toBe('InvalidRequest 400');
    expect(await refusal(head('wrong'))).toBe('NotFound 404');
  });

  test('under conditions has one winner', async () => {
    const outcomes = await Promise.all(Array.from({ length: 8 }, (_, at) => refusal(put('race', String(at), { IfNoneMatch: '*' }))));
    expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1);
    expect(new Set(outcomes)).toEqual(new Set(['accepted', 'PreconditionFailed 412']));
    expect(await refusal(put('race', 'x', { IfMatch: '"0"' }))).toBe('PreconditionFailed 412');
    expect(await refusal(put('not there', 'x', { IfMatch: '"0"' }))).toBe('NoSuchKey 404');
  });
});

describe('deleting', () => {
  test('what is not there succeeds', async () => {
    expect(await refusal(s3.send(new DeleteObjectCommand({ Bucket, Key: 'never there' })))).toBe('accepted');
  });

  test('many keys at once, odd ones too, loudly or quietly', async () => {
    const keys = ['d/a', 'd/<&>', 'd/\u{1F600}', 'd/\r\n'];
    for (const key of keys) await put(key, 'x');
    const Objects = keys.map((Key) => ({ Key }));
    const loud = await checking.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(loud.Deleted?.map(({ Key }) => Key)).toEqual(keys);
    const quiet = await checking.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
    expect([quiet.Deleted, quiet.Errors]).toEqual([undefined, undefined]);
    expect((await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'd/' }))).KeyCount).toBe(0);
  });

  test('needs a proof of its document, and at most a thousand keys', async () => {
    const body = '<Delete><Object><Key>a</Key></Object></Delete>';
    expect((await sendSigned(store.url, { method: 'POST', target: `/${Bucket}?delete`, body })).body).toContain('<Code>InvalidRequest</Code>');
    const Objects = Array.from({ length: 1001 }, (_, at) => ({ Key: String(at) }));
    expect(await refusal(checking.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } })))).toBe('MalformedXML 400');
  });
});

describe('tags', () => {
  test('are replaced, and neither ETag nor time changes', async () => {
    await put('tagged', 'x', { Tagging: 'a=1' });
    const before = await head('tagged');
    await s3.send(new PutObjectTaggingCommand({ Bucket, Key: 'tagged', Tagging: { TagSet: [{ Key: 'é', Value: '<&>' }] } }));
    expect((await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'tagged' }))).TagSet).toEqual([{ Key: 'é', Value: '<&>' }]);
    expect(await head('tagged')).toMatchObject({ ETag: before.ETag, LastModified: before.LastModified, TagCount: 1 });
  });
});

describe('archived objects', () => {
  test.each(['GLACIER', 'DEEP_ARCHIVE'] as const)('of class %s are seen but not read, until they are restored', async (StorageClass) => {
    await put(StorageClass, 'cold', { StorageClass });
    expect(await head(StorageClass)).toMatchObject({ StorageClass, ContentLength: 4 });
    expect(await refusal(text(StorageClass))).toBe('InvalidObjectState 403');
    expect((await s3.send(new RestoreObjectCommand({ Bucket, Key: StorageClass, RestoreRequest: { Days: 2 } }))).$metadata.httpStatusCode).toBe(202);
    expect((await head(StorageClass)).Restore).toMatch(/^ongoing-request="false", expiry-date="/);
    expect(await text(StorageClass)).toBe('cold');
    const listed = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: StorageClass, OptionalObjectAttributes: ['RestoreStatus'] }));
    expect(listed.Contents?.[0]?.RestoreStatus).toMatchObject({ IsRestoreInProgress: false });
  });

  test('of class INTELLIGENT_TIERING are unreadable once they are marked as archived', async () => {
    await put('tier', 'cool', { StorageClass: 'INTELLIGENT_TIERING' });
    expect(await text('tier')).toBe('cool');
    store.setArchiveStatus(Bucket, 'tier', 'DEEP_ARCHIVE_ACCESS');
    expect((await head('tier')).ArchiveStatus).toBe('DEEP_ARCHIVE_ACCESS');
    expect((await sendSigned(store.url, { target: `/${Bucket}/tier` })).body).toMatch(/InvalidObjectState.*<AccessTier>DEEP_ARCHIVE_ACCESS/);
    store.setArchiveStatus(Bucket, 'tier', null);
    expect(await text('tier')).toBe('cool');
  });

  test('of class GLACIER_IR are read at once', async () => {
    await put('instant', 'x', { StorageClass: 'GLACIER_IR' });
    expect(await text('instant')).toBe('x');
    expect(await refusal(s3.send(new RestoreObjectCommand({ Bucket, Key: 'instant', RestoreRequest: { Days: 1 } })))).toBe('InvalidObjectState 403');
  });
});
