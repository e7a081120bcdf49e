import { ListObjectsCommand, ListObjectsV2Command, type ListObjectsV2CommandInput, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Store, startStore } from '../../../infra/local/s3-store/store.ts';
import { sendSigned } from './raw-request.ts';
import { ACCOUNTS, ANN, refusal, sdkClient } from './sdk-client.ts';

const Bucket = 'listing';
const KEYS = ['a b+', 'a/1', 'a/2', 'a//3', 'b', 'c/', 'c/\r\n\x01', 'é/x', '\uFF5E', '\u{1F600}'];
const IN_BYTE_ORDER = KEYS.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
let store: Store;
let s3: S3Client;

beforeAll(async () => {
  store = await startStore({ accounts: ACCOUNTS, signatures: 'fast', buckets: [{ name: Bucket, ownerId: '111111111111' }] });
  s3 = sdkClient(store, ANN);
  for (const Key of KEYS) await s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from(Key) }));
});

afterAll(() => store.close());

function list(more: Partial<ListObjectsV2CommandInput> = {}) {
  return s3.send(new ListObjectsV2Command({ Bucket, ...more }));
}

/** A listed key as the bytes it stands for. */
function decoded(key: string | undefined): string {
  return decodeURIComponent((key ?? '').replaceAll('+', ' '));
}

async function everyPage(more: Partial<ListObjectsV2CommandInput>): Promise<string[]> {
  const found: string[] = [];
  for (let token: string | undefined, isFirst = true; isFirst || token !== undefined; isFirst = false) {
    const page = await list({ ...more, EncodingType: 'url', ...(token !== undefined && { ContinuationToken: token }) });
    const rows = [...(page.Contents ?? []).map(({ Key }) => Key), ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix)];
    expect(page.KeyCount).toBe(rows.length);
    found.push(...rows.map(decoded));
    token = page.NextContinuationToken;
  }
  return found;
}

describe('ListObjectsV2', () => {
  test.each([1, 2, 3, 1000])('gives all keys in byte order by pages of %i', async (MaxKeys) => {
    expect(await everyPage({ MaxKeys })).toEqual(IN_BYTE_ORDER);
  });

  test.each([1, 2, 1000])('gives keys and common prefixes once by pages of %i', async (MaxKeys) => {
    expect((await everyPage({ MaxKeys, Delimiter: '/' })).toSorted()).toEqual(['a b+', 'a/', 'b', 'c/', 'é/', '\uFF5E', '\u{1F600}'].toSorted());
    expect((await everyPage({ MaxKeys, Delimiter: '/', Prefix: 'a/' })).toSorted()).toEqual(['a/1', 'a/2', 'a//'].toSorted());
  });

  test('begins behind a key of any alphabet', async () => {
    for (const [at, StartAfter] of IN_BYTE_ORDER.entries()) expect(await everyPage({ StartAfter, MaxKeys: 2 })).toEqual(IN_BYTE_ORDER.slice(at + 1));
  });

  test('gives size, ETag, time and storage class, and the owner when asked', async () => {
    const { Contents, MaxKeys, Name, IsTruncated } = await list({ Prefix: 'b', FetchOwner: true });
    expect([MaxKeys, Name, IsTruncated]).toEqual([1000, Bucket, false]);
    expect(Contents?.[0]).toMatchObject({
      Key: 'b',
      Size: 1,
      ETag: '"92eb5ffee6ae2fec3ad71c777531578f"',
      StorageClass: 'STANDARD',
      Owner: { DisplayName: 'ones' },
    });
    expect(Contents?.[0]?.LastModified?.getMilliseconds()).toBe(0);
    expect((await list({ Prefix: 'b' })).Contents?.[0]?.Owner).toBeUndefined();
  });

  test('encodes keys, prefix, delimiter and start as S3 does', async () => {
    const { body } = await sendSigned(store.url, { target: `/${Bucket}?delimiter=%2F&encoding-type=url&list-type=2&max-keys=1&prefix=a%20&start-after=a` });
    expect(body).toContain('<Prefix>a+</Prefix>');
    expect(body).toContain('<Key>a+b%2B</Key>');
    expect(body).toContain('<StartAfter>a</StartAfter>');
    expect(body).toContain('<EncodingType>url</EncodingType>');
    expect((await sendSigned(store.url, { target: `/${Bucket}?encoding-type=url&list-type=2&prefix=%C3%A9` })).body).toContain('<Key>%C3%A9/x</Key>');
  });

  test('without encoding writes bytes and references', async () => {
    const { body } = await sendSigned(store.url, { target: `/${Bucket}?list-type=2` });
    expect(body).toContain('<Key>c/&#xd;&#xa;&#x1;</Key>');
    expect(body).toContain('<Key>\u{1F600}</Key>');
  });

  test('refuses what it cannot read', async () => {
    expect(await refusal(list({ ContinuationToken: 'nonsense' }))).toBe('InvalidArgument 400');
    expect(await refusal(list({ EncodingType: 'base64' as 'url' }))).toBe('InvalidArgument 400');
    expect((await sendSigned(store.url, { target: `/${Bucket}?list-type=2&max-keys=-1` })).body).toContain('<Code>InvalidArgument</Code>');
    expect((await list({ MaxKeys: 0 })).KeyCount).toBe(0);
    expect((await list({ MaxKeys: 5000 })).MaxKeys).toBe(1000);
  });
});

describe('ListObjects', () => {
  test('pages by marker; the next one is named only with a delimiter', async () => {
    const plain = await s3.send(new ListObjectsCommand({ Bucket, MaxKeys: 2 }));
    expect([plain.NextMarker, plain.IsTruncated, plain.Contents?.length]).toEqual([undefined, true, 2]);
    const grouped = await s3.send(new ListObjectsCommand({ Bucket, MaxKeys: 2, Delimiter: '/' }));
    expect([grouped.NextMarker, grouped.CommonPrefixes]).toEqual(['a/', [{ Prefix: 'a/' }]]);
    const next = await s3.send(new ListObjectsCommand({ Bucket, Delimiter: '/', Marker: 'a/', MaxKeys: 1 }));
    expect(next.Contents?.map(({ Key }) => Key)).toEqual(['b']);
    expect(next.Contents?.[0]?.Owner).toMatchObject({ DisplayName: 'ones' });
  });
});
