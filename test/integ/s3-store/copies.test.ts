import { createHash, randomBytes } from 'node:crypto';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  type CopyObjectCommandInput,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Store, startStore } from '../../../infra/local/s3-store/store.ts';
import { ACCOUNTS, ANN, refusal, sdkClient } from './sdk-client.ts';

const FROM = 'source-bucket';
const TO = 'target-bucket';
let store: Store;
let s3: S3Client;

beforeAll(async () => {
  store = await startStore({ accounts: ACCOUNTS, buckets: [FROM, TO].map((name) => ({ name, ownerId: '111111111111' })) });
  s3 = sdkClient(store, ANN);
  await s3.send(
    new PutObjectCommand({
      Bucket: FROM,
      Key: 'rich',
      Body: 'hello',
      ContentType: 'text/x',
      CacheControl: 'no-cache',
      Metadata: { a: '1' },
      Tagging: 'k=v',
      StorageClass: 'STANDARD_IA',
      WebsiteRedirectLocation: '/x',
      ChecksumAlgorithm: 'SHA1',
    }),
  );
});

afterAll(() => store.close());

function copy(Key: string, more: Partial<CopyObjectCommandInput> = {}) {
  return s3.send(new CopyObjectCommand({ Bucket: TO, Key, CopySource: `${FROM}/rich`, ...more }));
}

function head(Key: string, Bucket = TO) {
  return s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
}

async function tags(Key: string) {
  return (await s3.send(new GetObjectTaggingCommand({ Bucket: TO, Key }))).TagSet;
}

function md5(bytes: Uint8Array | string): string {
  return createHash('md5').update(bytes).digest('hex');
}

describe('a copy', () => {
  test('takes over headers, metadata, tags and checksum, but neither storage class nor website redirect', async () => {
    const { CopyObjectResult } = await copy('plain');
    expect(CopyObjectResult).toMatchObject({ ETag: `"${md5('hello')}"`, ChecksumSHA1: createHash('sha1').update('hello').digest('base64') });
    const found = await head('plain');
    expect(found).toMatchObject({
      ContentType: 'text/x',
      CacheControl: 'no-cache',
      Metadata: { a: '1' },
      TagCount: 1,
      ETag: `"${md5('hello')}"`,
      ChecksumType: 'FULL_OBJECT',
    });
    expect([found.StorageClass, found.WebsiteRedirectLocation]).toEqual([undefined, undefined]);
    expect(await tags('plain')).toEqual([{ Key: 'k', Value: 'v' }]);
  });

  test('has the storage class, redirect and checksum that the request gives', async () => {
    await copy('given', { StorageClass: 'GLACIER_IR', WebsiteRedirectLocation: '/y', ChecksumAlgorithm: 'CRC64NVME' });
    const found = await head('given');
    expect(found).toMatchObject({ StorageClass: 'GLACIER_IR', WebsiteRedirectLocation: '/y', ContentType: 'text/x' });
    expect([typeof found.ChecksumCRC64NVME, found.ChecksumSHA1]).toEqual(['string', undefined]);
  });

  test('with REPLACE has the metadata, or the tags, of the request alone', async () => {
    await copy('replaced', { MetadataDirective: 'REPLACE', Metadata: { b: '2' }, TaggingDirective: 'REPLACE', Tagging: 'x=y' });
    const found = await head('replaced');
    expect([found.Metadata, found.CacheControl]).toEqual([{ b: '2' }, undefined]);
    expect(await tags('replaced')).toEqual([{ Key: 'x', Value: 'y' }]);
    await copy('untagged', { TaggingDirective: 'REPLACE' });
    expect((await head('untagged')).TagCount).toBeUndefined();
  });

  test('of a multipart object is one part with a plain MD5', async () => {
    const parts = [randomBytes(5 * 1024 * 1024), randomBytes(10)];
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket: FROM, Key: 'parts', ChecksumAlgorithm: 'SHA256' }));
    const Parts = [];
    for (const [index, Body] of parts.entries()) {
      const { ETag, ChecksumSHA256 } = await s3.send(
        new UploadPartCommand({ Bucket: FROM, Key: 'parts', UploadId, PartNumber: index + 1, Body, ChecksumAlgorithm: 'SHA256' }),
      );
      Parts.push({ PartNumber: index + 1, ETag, ChecksumSHA256 });
    }
    await s3.send(new CompleteMultipartUploadCommand({ Bucket: FROM, Key: 'parts', UploadId, MultipartUpload: { Parts } }));
    const { CopyObjectResult } = await copy('whole', { CopySource: `${FROM}/parts` });
    const whole = Buffer.concat(parts);
    expect(CopyObjectResult).toMatchObject({
      ETag: `"${md5(whole)}"`,
      ChecksumSHA256: createHash('sha256').update(whole).digest('base64'),
      ChecksumType: 'FULL_OBJECT',
    });
    const found = await s3.send(new HeadObjectCommand({ Bucket: TO, Key: 'whole', PartNumber: 1 }));
    expect([found.PartsCount, found.ContentLength]).toEqual([undefined, whole.length]);
  });

  test('under KMS has another ETag than its source', async () => {
    const { CopyObjectResult, ServerSideEncryption } = await copy('kms', { ServerSideEncryption: 'aws:kms' });
    expect(ServerSideEncryption).toBe('aws:kms');
    expect(CopyObjectResult?.ETag).not.toBe(`"${md5('hello')}"`);
    const back = await copy('plain again', { CopySource: `${TO}/kms` });
    expect(back.CopyObjectResult?.ETag).toBe(`"${md5('hello')}"`);
  });

  test.each(['a b+c%41', '/lead', 'é\u{1F600}', '?versionId=x', '\r\n\x01', 'a/../b'])('of key %j finds its source', async (key) => {
    await s3.send(new PutObjectCommand({ Bucket: FROM, Key: key, Body: Buffer.from(key) }));
    await copy(key, { CopySource: encodeURIComponent(`${FROM}/${key}`) });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: TO, Key: key }));
    expect(await Body?.transformToString()).toBe(key);
  });
});

describe('a copy is refused', () => {
  test('when its source is another, newer or gone', async () => {
    expect(await refusal(copy('k', { CopySourceIfMatch: '"0"' }))).toBe('PreconditionFailed 412');
    expect(await refusal(copy('k', { CopySourceIfNoneMatch: md5('hello') }))).toBe('PreconditionFailed 412');
    expect(await refusal(copy('k', { CopySourceIfUnmodifiedSince: new Date(0) }))).toBe('PreconditionFailed 412');
    expect(await refusal(copy('k', { CopySourceIfMatch: md5('hello') }))).toBe('accepted');
    expect(await refusal(copy('k', { CopySource: `${FROM}/nothing` }))).toBe('NoSuchKey 404');
    expect(await refusal(copy('k', { CopySource: 'no-such-bucket/k' }))).toBe('NoSuchBucket 404');
    expect(await refusal(copy('k', { CopySource: FROM }))).toBe('InvalidArgument 400');
  });

  test('when its source is archived', async () => {
    await s3.send(new PutObjectCommand({ Bucket: FROM, Key: 'cold', Body: 'x', StorageClass: 'DEEP_ARCHIVE' }));
    expect(await refusal(copy('cold', { CopySource: `${FROM}/cold` }))).toBe('InvalidObjectState 403');
  });

  test('onto itself, unless it changes something', async () => {
    const onto = (more: Partial<CopyObjectCommandInput> = {}) => refusal(copy('rich', { Bucket: FROM, ...more }));
    expect(await onto()).toBe('InvalidRequest 400');
    expect(await onto({ TaggingDirective: 'REPLACE' })).toBe('InvalidRequest 400');
    expect(await onto({ StorageClass: 'STANDARD_IA' })).toBe('accepted');
    expect(await onto({ MetadataDirective: 'REPLACE', Metadata: { a: '1' } })).toBe('accepted');
  });

  test('where its target must not be there', async () => {
    expect(await refusal(copy('guarded', { IfNoneMatch: '*' }))).toBe('accepted');
    expect(await refusal(copy('guarded', { IfNoneMatch: '*' }))).toBe('PreconditionFailed 412');
  });

  test('beyond 5 GiB', async () => {
    const objects = store.context.buckets.get(FROM)?.objects;
    const rich = objects?.find('rich', null);
    if (rich?.kind !== 'object') throw new Error('the source is gone');
    const huge = { size: 5 * 1024 ** 3 + 1, md5: async () => '0'.repeat(32), read: () => [], slice: () => huge };
    (objects as unknown as { put(object: object): void }).put({ ...rich, key: 'huge', size: huge.size, content: huge });
    expect(await refusal(copy('huge', { CopySource: `${FROM}/huge` }))).toBe('InvalidRequest 400');
  });
});
