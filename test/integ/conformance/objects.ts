/** Objects: what is put comes back, what is wrong is refused. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { clientFor } from './endpoint.ts';
import { type Behaviour, md5, refusal } from './world.ts';

const ODD_KEYS: readonly string[] = [
  'a b+c%20d',
  'new\nline',
  'cr\rx',
  'tab\tx',
  'ünï-日本-\u{1F600}',
  'k//double',
  '/lead',
  'dir/',
  './x',
  '../y',
  `<a>&"'`,
  '\x01',
  '\x7f',
  'back\\slash',
  '?q=1&r#f',
  '\ufffe',
];

/** The table. */
export const OBJECTS: readonly Behaviour[] = [
  {
    name: 'an object comes back with its bytes, its MD5 as the ETag, and the headers that it came with',
    run: async (w) => {
      const { ETag } = await w.put('k', 'hello', { ContentType: 'text/x', CacheControl: 'no-cache', Metadata: { a: 'b' }, ContentLanguage: 'de' });
      const { Body, ...head } = await w.get('k');
      expect([ETag, head.ETag, await Body?.transformToString()]).toEqual([md5('hello'), md5('hello'), 'hello']);
      expect(head).toMatchObject({ ContentType: 'text/x', CacheControl: 'no-cache', Metadata: { a: 'b' }, ContentLanguage: 'de', ContentLength: 5 });
    },
  },
  {
    name: 'a type that nobody gave is binary/octet-stream or application/octet-stream',
    run: async (w) => {
      await w.put('k', Buffer.from('x'));
      expect((await w.head('k')).ContentType).toMatch(/^(binary|application)\/octet-stream$/);
    },
  },
  {
    name: 'an empty object is an object',
    run: async (w) => {
      expect((await w.put('k', '')).ETag).toBe(md5(''));
      expect([(await w.head('k')).ContentLength, await w.text('k')]).toEqual([0, '']);
    },
  },
  {
    name: 'a stream in chunks with a trailing checksum arrives whole, and aws-chunked is no encoding of the object',
    run: async (w) => {
      const bytes = Buffer.alloc(200_000, 'abc');
      const client = clientFor(w.endpoint, { requestChecksumCalculation: 'WHEN_SUPPORTED' });
      await client.send(new PutObjectCommand({ Bucket: w.bucket, Key: w.key('k'), Body: Readable.from([bytes]), ContentLength: bytes.length }));
      const { ETag, ContentEncoding } = await w.head('k');
      expect([ETag, ContentEncoding ?? '']).toEqual([md5(bytes), '']);
    },
  },
  {
    name: 'a wrong Content-MD5 is BadDigest, one that is none InvalidDigest, and nothing is kept',
    run: async (w) => {
      expect(await refusal(w.put('k', 'x', { ContentMD5: Buffer.alloc(16).toString('base64') }))).toBe('400 BadDigest');
      expect(await refusal(w.put('k', 'x', { ContentMD5: 'none' }))).toBe('400 InvalidDigest');
      expect(await refusal(w.head('k'))).toBe('404 NotFound');
    },
  },
  {
    name: 'a wrong checksum is refused',
    run: async (w) => {
      expect(await refusal(w.put('k', 'x', { ChecksumSHA256: Buffer.alloc(32).toString('base64') }))).toMatch(/^400 /);
      expect(await refusal(w.put('k', 'x', { ChecksumCRC32: 'AAAAAA==' }))).toMatch(/^400 /);
    },
  },
  ...(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const).map(
    (ChecksumAlgorithm): Behaviour => ({
      name: `a ${ChecksumAlgorithm} that came with an object is given back where it is asked for`,
      run: async (w) => {
        await w.put('k', 'hello', { ChecksumAlgorithm });
        const name = `Checksum${ChecksumAlgorithm}` as const;
        const [asked, unasked] = [await w.head('k', { ChecksumMode: 'ENABLED' }), await w.head('k')];
        expect([typeof asked[name], asked.ChecksumType, unasked[name]]).toEqual(['string', 'FULL_OBJECT', undefined]);
        if (ChecksumAlgorithm === 'SHA256') expect(asked[name]).toBe(createHash('sha256').update('hello').digest('base64'));
      },
    }),
  ),
  ...ODD_KEYS.map(
    (key): Behaviour => ({
      name: `the key ${JSON.stringify(key)} is kept as it is, read, listed and copied`,
      run: async (w) => {
        await w.put(key, key);
        const listed = (await w.list({ EncodingType: 'url' })).Contents?.map(({ Key = '' }) => decodeURIComponent(Key.replaceAll('+', ' ')));
        expect(listed).toEqual([w.key(key)]);
        await w.copy(key, 'copy');
        expect(await w.text('copy')).toBe(Buffer.from(key).toString('latin1'));
      },
    }),
  ),
  {
    name: 'a key of 1,024 bytes is taken, one of 1,025 is KeyTooLongError',
    run: async (w) => {
      const room = 1024 - Buffer.byteLength(w.prefix);
      expect([await refusal(w.put('k'.repeat(room))), await refusal(w.put('k'.repeat(room + 1)))]).toEqual(['accepted', '400 KeyTooLongError']);
    },
  },
  {
    name: 'a range is 206 with its place; one behind the end is InvalidRange',
    run: async (w) => {
      await w.put('k', '0123456789');
      const { ContentRange, $metadata } = await w.get('k', { Range: 'bytes=2-4' });
      expect([ContentRange, $metadata.httpStatusCode]).toEqual(['bytes 2-4/10', 206]);
      expect([await w.text('k', { Range: 'bytes=2-4' }), await w.text('k', { Range: 'bytes=-2' }), await w.text('k', { Range: 'bytes=8-99' })]).toEqual([
        '234',
        '89',
        '89',
      ]);
      expect(await refusal(w.get('k', { Range: 'bytes=10-' }))).toBe('416 InvalidRange');
    },
  },
  {
    name: 'reads keep conditions: 412 where the object is another, 304 where it is known',
    run: async (w) => {
      await w.put('k');
      expect(await refusal(w.get('k', { IfMatch: md5('x') }))).toBe('412 PreconditionFailed');
      expect(await refusal(w.get('k', { IfMatch: md5('hello') }))).toBe('accepted');
      expect(await refusal(w.get('k', { IfMatch: md5('hello').slice(1, -1) }))).toBe('accepted');
      expect(await refusal(w.get('k', { IfNoneMatch: md5('hello') }))).toMatch(/^304 /);
      expect(await refusal(w.get('k', { IfUnmodifiedSince: new Date(1e12) }))).toBe('412 PreconditionFailed');
    },
  },
  {
    name: 'writes keep conditions: nothing is overwritten that must not be there, or that is another',
    run: async (w) => {
      expect(await refusal(w.put('k', 'a', { IfNoneMatch: '*' }))).toBe('accepted');
      expect(await refusal(w.put('k', 'b', { IfNoneMatch: '*' }))).toBe('412 PreconditionFailed');
      expect(await refusal(w.put('k', 'b', { IfMatch: md5('x') }))).toBe('412 PreconditionFailed');
      expect(await refusal(w.put('k', 'b', { IfMatch: md5('a') }))).toBe('accepted');
      expect(await refusal(w.put('nothing', 'b', { IfMatch: md5('a') }))).toBe('404 NoSuchKey');
    },
  },
  {
    name: 'of four writers that want to be the first, one is',
    run: async (w) => {
      const outcomes = await Promise.all(['a', 'b', 'c', 'd'].map((body) => refusal(w.put('k', body, { IfNoneMatch: '*' }))));
      expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1);
    },
  },
  {
    name: 'tags come with the object or later, and only ten of them',
    run: async (w) => {
      const tags = async () => (await w.s3.send(new GetObjectTaggingCommand({ Bucket: w.bucket, Key: w.key('k') }))).TagSet;
      await w.put('k', 'x', { Tagging: 'a=1&b%20c=%C3%BC' });
      expect((await tags())?.toSorted((a, b) => ((a.Key ?? '') < (b.Key ?? '') ? -1 : 1))).toEqual([
        { Key: 'a', Value: '1' },
        { Key: 'b c', Value: 'ü' },
      ]);
      expect((await w.head('k')).TagCount).toBe(2);
      const { ETag, LastModified } = await w.head('k');
      await w.s3.send(new PutObjectTaggingCommand({ Bucket: w.bucket, Key: w.key('k'), Tagging: { TagSet: [{ Key: 'c', Value: '' }] } }));
      expect([await tags(), await w.head('k')]).toEqual([[{ Key: 'c', Value: '' }], expect.objectContaining({ ETag, LastModified, TagCount: 1 })]);
      const eleven = Array.from({ length: 11 }, (_, n) => `t${n}=x`).join('&');
      expect(await refusal(w.put('k', 'x', { Tagging: eleven }))).toMatch(/^400 (InvalidTag|BadRequest)$/);
    },
  },
  {
    name: 'a storage class is kept, and STANDARD is not named',
    needs: 'storage-class',
    run: async (w) => {
      await w.put('ia', 'x', { StorageClass: 'STANDARD_IA' });
      await w.put('standard');
      expect([(await w.head('ia')).StorageClass, (await w.head('standard')).StorageClass]).toEqual(['STANDARD_IA', undefined]);
      expect((await w.list()).Contents?.map(({ StorageClass }) => StorageClass)).toEqual(['STANDARD_IA', 'STANDARD']);
      expect(await refusal(w.put('k', 'x', { StorageClass: 'SLOW' as 'GLACIER' }))).toBe('400 InvalidStorageClass');
    },
  },
  {
    name: 'an archived object shows itself and is not read',
    needs: 'archive',
    run: async (w) => {
      await w.put('k', 'x', { StorageClass: 'GLACIER' });
      expect((await w.head('k')).StorageClass).toBe('GLACIER');
      expect([await refusal(w.get('k')), await refusal(w.copy('k', 'copy'))]).toEqual(['403 InvalidObjectState', '403 InvalidObjectState']);
    },
  },
  {
    name: 'metadata of more than 2 KB is MetadataTooLarge',
    run: async (w) => {
      expect(await refusal(w.put('k', 'x', { Metadata: { a: 'x'.repeat(2047) } }))).toBe('accepted');
      expect(await refusal(w.put('k', 'x', { Metadata: { a: 'x'.repeat(2048) } }))).toBe('400 MetadataTooLarge');
    },
  },
  {
    name: 'deleting what is not there is done',
    run: async (w) => {
      await w.put('k');
      const remove = () => refusal(w.s3.send(new DeleteObjectCommand({ Bucket: w.bucket, Key: w.key('k') })));
      expect([await remove(), await remove(), await refusal(w.get('k'))]).toEqual(['accepted', 'accepted', '404 NoSuchKey']);
    },
  },
  {
    name: 'a wrong secret is SignatureDoesNotMatch, a key that nobody has InvalidAccessKeyId',
    run: async (w) => {
      const as = (credentials: typeof w.endpoint.credentials) =>
        refusal(clientFor(w.endpoint, { credentials }).send(new ListObjectsV2Command({ Bucket: w.bucket })));
      expect(await as({ ...w.endpoint.credentials, secretAccessKey: 'wrong' })).toBe('403 SignatureDoesNotMatch');
      expect(await as({ accessKeyId: 'AKIANOBODYHASTHISKEY', secretAccessKey: 'x' })).toBe('403 InvalidAccessKeyId');
      expect(await refusal(clientFor(w.endpoint).send(new HeadBucketCommand({ Bucket: `${w.bucket}-none` })))).toMatch(/^404 /);
    },
  },
];
