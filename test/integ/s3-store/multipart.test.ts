import { createHash, randomBytes } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Store, startStore } from '../../../infra/local/s3-store/store.ts';
import { ACCOUNTS, ANN, refusal, sdkClient } from './sdk-client.ts';

const Bucket = 'parts';
const MiB = 1024 * 1024;
const FIRST = randomBytes(5 * MiB);
const SECOND = randomBytes(6 * MiB + 7);
const LAST = randomBytes(1000);
const WHOLE = Buffer.concat([FIRST, SECOND, LAST]);
let store: Store;
let s3: S3Client;

beforeAll(async () => {
  store = await startStore({ accounts: ACCOUNTS, buckets: [{ name: Bucket, ownerId: '111111111111' }] });
  s3 = sdkClient(store, ANN);
  await upload('source', [FIRST, SECOND, LAST], { Metadata: { a: 'b' }, ContentType: 'text/x', StorageClass: 'STANDARD_IA', Tagging: 'k=v' });
});

afterAll(() => store.close());

function md5(bytes: Uint8Array): Buffer {
  return createHash('md5').update(bytes).digest();
}

function etagOf(parts: readonly Uint8Array[]): string {
  return `"${md5(Buffer.concat(parts.map(md5))).toString('hex')}-${parts.length}"`;
}

async function begin(Key: string, more: Partial<CreateMultipartUploadCommandInput> = {}): Promise<string> {
  return (await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }))).UploadId as string;
}

async function part(Key: string, UploadId: string, PartNumber: number, Body: Uint8Array, more: object = {}): Promise<CompletedPart> {
  const { $metadata: _, ...written } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ...more }));
  return { PartNumber, ...written };
}

function complete(Key: string, UploadId: string, Parts: CompletedPart[], more: object = {}) {
  return s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }));
}

async function upload(Key: string, bodies: readonly Uint8Array[], more: Partial<CreateMultipartUploadCommandInput> = {}) {
  const UploadId = await begin(Key, more);
  const Parts: CompletedPart[] = [];
  for (const [index, body] of bodies.entries())
    Parts.push(await part(Key, UploadId, index + 1, body, more.ChecksumAlgorithm && { ChecksumAlgorithm: more.ChecksumAlgorithm }));
  return complete(Key, UploadId, Parts);
}

function copyPart(Key: string, UploadId: string, PartNumber: number, more: object = {}) {
  return s3.send(new UploadPartCopyCommand({ Bucket, Key, UploadId, PartNumber, CopySource: `${Bucket}/source`, ...more }));
}

describe('a completed upload', () => {
  test('has the multipart ETag, the bytes, and what was given at its beginning', async () => {
    const found = await s3.send(new HeadObjectCommand({ Bucket, Key: 'source' }));
    expect(found).toMatchObject({
      ETag: etagOf([FIRST, SECOND, LAST]),
      ContentLength: WHOLE.length,
      ContentType: 'text/x',
      Metadata: { a: 'b' },
      StorageClass: 'STANDARD_IA',
      TagCount: 1,
    });
    expect(found.PartsCount).toBeUndefined();
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'source' }));
    expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(WHOLE)).toBe(true);
    expect((await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'source' }))).TagSet).toEqual([{ Key: 'k', Value: 'v' }]);
  });

  test('is read by part, with the count of parts', async () => {
    for (const [index, bytes] of [FIRST, SECOND, LAST].entries()) {
      const found = await s3.send(new HeadObjectCommand({ Bucket, Key: 'source', PartNumber: index + 1 }));
      expect([found.$metadata.httpStatusCode, found.PartsCount, found.ContentLength]).toEqual([206, 3, bytes.length]);
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'source', PartNumber: index + 1 }));
      expect(md5((await Body?.transformToByteArray()) ?? new Uint8Array()).equals(md5(bytes))).toBe(true);
    }
    expect(await refusal(s3.send(new HeadObjectCommand({ Bucket, Key: 'source', PartNumber: 4 })))).toMatch(/ 416$/);
  });

  test('of one part, and of one empty part, is a multipart object still', async () => {
    expect((await upload('one', [LAST])).ETag).toBe(etagOf([LAST]));
    expect((await upload('none', [Buffer.alloc(0)])).ETag).toBe('"59adb24ef3cdbe0297f05b395827453f-1"');
    const found = await s3.send(new HeadObjectCommand({ Bucket, Key: 'none', PartNumber: 1 }));
    expect([found.PartsCount, found.ContentLength]).toEqual([1, 0]);
  });

  test('tells its number of parts, and the parts themselves only where each has a checksum', async () => {
    const ask = (Key: string, more: object = {}) =>
      s3.send(new GetObjectAttributesCommand({ Bucket, Key, ObjectAttributes: ['ETag', 'ObjectParts', 'ObjectSize', 'StorageClass', 'Checksum'], ...more }));
    const plain = await ask('source');
    expect(plain).toMatchObject({ ETag: etagOf([FIRST, SECOND, LAST]).replaceAll('"', ''), ObjectSize: WHOLE.length, StorageClass: 'STANDARD_IA' });
    expect(plain.ObjectParts).toEqual({ TotalPartsCount: 3 });
    await upload('summed', [FIRST, SECOND, LAST], { ChecksumAlgorithm: 'SHA256' });
    const first = await ask('summed', { MaxParts: 2 });
    expect(first.ObjectParts).toMatchObject({ TotalPartsCount: 3, IsTruncated: true, NextPartNumberMarker: '2', MaxParts: 2 });
    expect(first.ObjectParts?.Parts?.map(({ Size }) => Size)).toEqual([FIRST.length, SECOND.length]);
    const rest = await ask('summed', { PartNumberMarker: '2' });
    expect(rest.ObjectParts?.Parts).toEqual([{ PartNumber: 3, Size: LAST.length, ChecksumSHA256: createHash('sha256').update(LAST).digest('base64') }]);
    expect((await ask('one')).Checksum).toBeUndefined();
    await s3.send(new PutObjectCommand({ Bucket, Key: 'single', Body: 'x' }));
    expect((await ask('single')).ObjectParts).toBeUndefined();
  });

  test.each([
    ['CRC64NVME', undefined, 'FULL_OBJECT'],
    ['CRC32', 'FULL_OBJECT', 'FULL_OBJECT'],
    ['CRC32C', undefined, 'COMPOSITE'],
    ['SHA1', undefined, 'COMPOSITE'],
  ] as const)('with %s as %s has a checksum of type %s', async (ChecksumAlgorithm, ChecksumType, expected) => {
    const written = await upload(`sum/${ChecksumAlgorithm}`, [FIRST, LAST], { ChecksumAlgorithm, ...(ChecksumType && { ChecksumType }) });
    const found = await s3.send(new HeadObjectCommand({ Bucket, Key: `sum/${ChecksumAlgorithm}`, ChecksumMode: 'ENABLED' }));
    const value = found[`Checksum${ChecksumAlgorithm}`];
    expect([value, found.ChecksumType]).toEqual([written[`Checksum${ChecksumAlgorithm}`], expected]);
    if (expected === 'COMPOSITE') expect(value).toMatch(/-2$/);
    else {
      const whole = await s3.send(new PutObjectCommand({ Bucket, Key: 'whole', Body: Buffer.concat([FIRST, LAST]), ChecksumAlgorithm }));
      expect(value).toBe(whole[`Checksum${ChecksumAlgorithm}`]);
    }
  });
});

describe('completion is refused', () => {
  test.each([
    ['a part under 5 MiB that is not the last', [LAST, LAST], (parts: CompletedPart[]) => parts, 'EntityTooSmall 400'],
    ['parts out of order', [FIRST, LAST], (parts: CompletedPart[]) => parts.toReversed(), 'InvalidPartOrder 400'],
    ['a part twice', [FIRST], ([one]: CompletedPart[]) => [one as CompletedPart, one as CompletedPart], 'InvalidPartOrder 400'],
    ['a part that was not uploaded', [FIRST], (parts: CompletedPart[]) => [...parts, { PartNumber: 2, ETag: '"x"' }], 'InvalidPart 400'],
    ['another ETag', [FIRST], () => [{ PartNumber: 1, ETag: `"${'0'.repeat(32)}"` }], 'InvalidPart 400'],
    ['no part at all', [FIRST], () => [], 'MalformedXML 400'],
  ] as const)('for %s, and the upload stays open', async (_, bodies, change, expected) => {
    const UploadId = await begin('refused');
    const parts: CompletedPart[] = [];
    for (const [index, body] of bodies.entries()) parts.push(await part('refused', UploadId, index + 1, body));
    expect(await refusal(complete('refused', UploadId, change(parts)))).toBe(expected);
    expect((await s3.send(new ListPartsCommand({ Bucket, Key: 'refused', UploadId }))).Parts).toHaveLength(bodies.length);
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: 'refused', UploadId }));
  });

  test('where something is there already and must not be, or must be something else', async () => {
    const UploadId = await begin('source');
    const parts = [await part('source', UploadId, 1, LAST)];
    expect(await refusal(complete('source', UploadId, parts, { IfNoneMatch: '*' }))).toBe('PreconditionFailed 412');
    expect(await refusal(complete('source', UploadId, parts, { IfMatch: '"0"' }))).toBe('PreconditionFailed 412');
    expect(await refusal(complete('source', UploadId, parts, { MpuObjectSize: 5 }))).toBe('InvalidRequest 400');
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: 'source', UploadId }));
  });

  test("without the parts' checksums where the upload is of a composite one", async () => {
    const UploadId = await begin('composite', { ChecksumAlgorithm: 'SHA256' });
    const { PartNumber, ETag } = await part('composite', UploadId, 1, LAST, { ChecksumAlgorithm: 'SHA256' });
    expect(await refusal(complete('composite', UploadId, [{ PartNumber, ETag }]))).toBe('InvalidRequest 400');
    expect(await refusal(part('composite', UploadId, 1, LAST, { ChecksumAlgorithm: 'CRC32' }))).toBe('InvalidRequest 400');
  });
});

describe('an upload that is over, or never was', () => {
  test.each([
    ['completed', (Key: string, UploadId: string, parts: CompletedPart[]) => complete(Key, UploadId, parts)],
    ['aborted', (Key: string, UploadId: string) => s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }))],
  ])('%s takes nothing any more', async (_, end) => {
    const UploadId = await begin('over');
    const parts = [await part('over', UploadId, 1, LAST)];
    await end('over', UploadId, parts);
    expect(await refusal(part('over', UploadId, 2, LAST))).toBe('NoSuchUpload 404');
    expect(await refusal(copyPart('over', UploadId, 2))).toBe('NoSuchUpload 404');
    expect(await refusal(complete('over', UploadId, parts))).toBe('NoSuchUpload 404');
    expect(await refusal(s3.send(new AbortMultipartUploadCommand({ Bucket, Key: 'over', UploadId })))).toBe('NoSuchUpload 404');
    expect(await refusal(s3.send(new ListPartsCommand({ Bucket, Key: 'over', UploadId })))).toBe('NoSuchUpload 404');
  });

  test('of another key is none of this one', async () => {
    const UploadId = await begin('mine');
    expect(await refusal(part('yours', UploadId, 1, LAST))).toBe('NoSuchUpload 404');
  });

  test('refuses part numbers that S3 does not have', async () => {
    const UploadId = await begin('numbers');
    expect(await refusal(part('numbers', UploadId, 0, LAST))).toBe('InvalidArgument 400');
    expect(await refusal(part('numbers', UploadId, 10_001, LAST))).toBe('InvalidArgument 400');
    expect((await part('numbers', UploadId, 10_000, LAST)).ETag).toBeDefined();
  });
});

describe('parts copied from an object', () => {
  test("by the source's own map have its parts' MD5s, and the copy has its ETag", async () => {
    const UploadId = await begin('copied');
    const ends = [FIRST.length, FIRST.length + SECOND.length, WHOLE.length];
    const parts: CompletedPart[] = [];
    for (const [index, end] of ends.entries()) {
      const CopySourceRange = `bytes=${ends[index - 1] ?? 0}-${end - 1}`;
      const { CopyPartResult } = await copyPart('copied', UploadId, index + 1, { CopySourceRange, CopySourceIfMatch: etagOf([FIRST, SECOND, LAST]) });
      parts.push({ PartNumber: index + 1, ETag: CopyPartResult?.ETag });
    }
    expect((await complete('copied', UploadId, parts)).ETag).toBe(etagOf([FIRST, SECOND, LAST]));
  });

  test('by any other map have the MD5 of their bytes', async () => {
    const UploadId = await begin('other');
    const { CopyPartResult } = await copyPart('other', UploadId, 1, { CopySourceRange: 'bytes=1000-9000000' });
    expect(CopyPartResult?.ETag).toBe(`"${md5(WHOLE.subarray(1000, 9_000_001)).toString('hex')}"`);
    const whole = await copyPart('other', UploadId, 1);
    expect(whole.CopyPartResult?.ETag).toBe(`"${md5(WHOLE).toString('hex')}"`);
    expect(whole.CopyPartResult?.LastModified).toBeInstanceOf(Date);
  });

  test('carry the checksum that the upload is of', async () => {
    const UploadId = await begin('copied sum', { ChecksumAlgorithm: 'SHA256' });
    const { CopyPartResult } = await copyPart('copied sum', UploadId, 1, { CopySourceRange: 'bytes=0-999' });
    expect(CopyPartResult?.ChecksumSHA256).toBe(createHash('sha256').update(WHOLE.subarray(0, 1000)).digest('base64'));
  });

  test('are refused past the end, from a small source, in another form, and from a changed source', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'small', Body: FIRST }));
    const UploadId = await begin('refused copy');
    const attempt = (more: object) => refusal(copyPart('refused copy', UploadId, 1, more));
    expect(await attempt({ CopySourceRange: `bytes=0-${WHOLE.length}` })).toBe('InvalidArgument 400');
    expect(await attempt({ CopySourceRange: 'bytes=5-' })).toBe('InvalidArgument 400');
    expect(await attempt({ CopySource: `${Bucket}/small`, CopySourceRange: 'bytes=0-9' })).toBe('InvalidRequest 400');
    expect(await attempt({ CopySource: `${Bucket}/small` })).toBe('accepted');
    expect(await attempt({ CopySourceIfMatch: '"0"' })).toBe('PreconditionFailed 412');
    expect(await attempt({ CopySource: `${Bucket}/nothing` })).toBe('NoSuchKey 404');
  });
});

describe('open uploads', () => {
  test('are listed in pages by key and id, with who began them', async () => {
    const keys = ['open/a', 'open/b', 'open/b', 'open/b', 'open/c/1', 'open/c/2', 'open/d'];
    for (const key of keys) await begin(key, { StorageClass: 'GLACIER' });
    const found: string[] = [];
    let marker = {};
    for (let isTruncated: boolean | undefined = true; isTruncated; ) {
      const page = await s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'open/', MaxUploads: 2, EncodingType: 'url', ...marker }));
      found.push(...(page.Uploads ?? []).map(({ Key }) => Key ?? ''));
      expect(page.Uploads?.[0]).toMatchObject({ Initiator: { ID: ANN.arn, DisplayName: 'ann' }, Owner: { DisplayName: 'ones' }, StorageClass: 'GLACIER' });
      marker = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
      isTruncated = page.IsTruncated;
    }
    expect(found).toEqual(keys);
    const grouped = await s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'open/', Delimiter: '/' }));
    expect([grouped.Uploads?.length, grouped.CommonPrefixes]).toEqual([5, [{ Prefix: 'open/c/' }]]);
  });

  test('are listed on behind one that was aborted meanwhile', async () => {
    for (let turn = 0; turn < 4; turn++) await begin('swept');
    const first = await s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'swept', MaxUploads: 2 }));
    for (const { Key, UploadId } of first.Uploads ?? []) await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    const second = await s3.send(
      new ListMultipartUploadsCommand({ Bucket, Prefix: 'swept', KeyMarker: first.NextKeyMarker, UploadIdMarker: first.NextUploadIdMarker }),
    );
    expect([second.Uploads?.length, second.IsTruncated]).toEqual([2, false]);
  });

  test('have their parts listed in pages', async () => {
    const UploadId = await begin('listed');
    for (const number of [7, 3, 12]) await part('listed', UploadId, number, LAST);
    const first = await s3.send(new ListPartsCommand({ Bucket, Key: 'listed', UploadId, MaxParts: 2 }));
    expect(first).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '7', Initiator: { ID: ANN.arn }, StorageClass: 'STANDARD' });
    expect(first.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [3, 1000],
      [7, 1000],
    ]);
    const second = await s3.send(new ListPartsCommand({ Bucket, Key: 'listed', UploadId, PartNumberMarker: '7' }));
    expect(second.Parts?.map(({ PartNumber, ETag }) => [PartNumber, ETag])).toEqual([[12, `"${md5(LAST).toString('hex')}"`]]);
  });
});
