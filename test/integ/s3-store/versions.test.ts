import {
  CopyObjectCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Store, startStore } from '../../../infra/local/s3-store/store.ts';
import { ACCOUNTS, ANN, refusal, sdkClient } from './sdk-client.ts';

const Bucket = 'versions';
let store: Store;
let s3: S3Client;

beforeEach(async () => {
  store = await startStore({ accounts: ACCOUNTS, buckets: [{ name: Bucket, ownerId: '111111111111' }] });
  s3 = sdkClient(store, ANN);
});

afterEach(() => store.close());

async function version(Status: 'Enabled' | 'Suspended'): Promise<void> {
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
}

async function put(Key: string, body: string): Promise<string | undefined> {
  return (await s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from(body) }))).VersionId;
}

async function text(Key: string, VersionId?: string): Promise<string | undefined> {
  return (await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }))).Body?.transformToString();
}

function remove(Key: string, VersionId?: string) {
  return s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
}

async function rows(more: object = {}) {
  const { Versions = [], DeleteMarkers = [], ...rest } = await s3.send(new ListObjectVersionsCommand({ Bucket, ...more }));
  return {
    versions: Versions.map(({ Key, VersionId, IsLatest }) => `${Key} ${VersionId} ${IsLatest}`),
    markers: DeleteMarkers.map(({ VersionId, IsLatest }) => `${VersionId} ${IsLatest}`),
    ...rest,
  };
}

describe('a bucket with versioning', () => {
  test('keeps every version, and hides the key behind a marker', async () => {
    await version('Enabled');
    const [first, second] = [await put('k', '1'), await put('k', '2')];
    const { DeleteMarker, VersionId: marker } = await remove('k');
    expect(DeleteMarker).toBe(true);
    expect(await refusal(text('k'))).toBe('NoSuchKey 404');
    expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
    expect([await text('k', first), await text('k', second)]).toEqual(['1', '2']);
    expect(await refusal(text('k', marker))).toBe('MethodNotAllowed 405');
    expect(await refusal(text('k', 'unknown'))).toBe('NoSuchVersion 404');
    expect(await rows()).toMatchObject({ versions: [`k ${second} false`, `k ${first} false`], markers: [`${marker} true`] });
  });

  test('gives the key back when its marker is deleted, and the older version when the newer is', async () => {
    await version('Enabled');
    const [, second] = [await put('k', '1'), await put('k', '2')];
    const { VersionId: marker } = await remove('k');
    expect((await remove('k', marker)).DeleteMarker).toBe(true);
    expect(await text('k')).toBe('2');
    await remove('k', second);
    expect(await text('k')).toBe('1');
  });

  test('that is suspended overwrites the version without an id alone', async () => {
    expect(await put('k', '0')).toBeUndefined();
    await version('Enabled');
    const first = await put('k', '1');
    await version('Suspended');
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Suspended');
    expect(await put('k', '2')).toBe('null');
    expect([await text('k'), await text('k', first), await text('k', 'null')]).toEqual(['2', '1', '2']);
    await remove('k');
    expect(await rows()).toMatchObject({ versions: [`k ${first} false`], markers: ['null true'] });
  });

  test('is not deleted while any version is left', async () => {
    await version('Enabled');
    const id = await put('k', '1');
    const { VersionId: marker } = await remove('k');
    expect(await refusal(s3.send(new DeleteBucketCommand({ Bucket })))).toBe('BucketNotEmpty 409');
    const Objects = [
      { Key: 'k', VersionId: id },
      { Key: 'k', VersionId: marker },
    ];
    const { Deleted } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects }, ChecksumAlgorithm: 'CRC32' }));
    expect(Deleted?.map(({ DeleteMarker }) => DeleteMarker)).toEqual([undefined, true]);
    expect(await refusal(s3.send(new DeleteBucketCommand({ Bucket })))).toBe('accepted');
  });

  test('copies an older version, onto itself too', async () => {
    await version('Enabled');
    const [first] = [await put('k', '1'), await put('k', '2')];
    const { CopySourceVersionId } = await s3.send(new CopyObjectCommand({ Bucket, Key: 'k', CopySource: `${Bucket}/k?versionId=${first}` }));
    expect(CopySourceVersionId).toBe(first);
    expect(await text('k')).toBe('1');
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: 'k' }))).VersionId).not.toBe(first);
  });

  test('lists versions in pages', async () => {
    await version('Enabled');
    for (const key of ['a', 'a', 'b', 'b', 'b', 'c']) await put(key, 'x');
    const all = (await rows()).versions;
    const found: string[] = [];
    let marker = {};
    for (let isTruncated: boolean | undefined = true; isTruncated; ) {
      const page = await rows({ MaxKeys: 2, ...marker });
      found.push(...page.versions);
      marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
      isTruncated = page.IsTruncated;
    }
    expect(found).toEqual(all);
    expect(all.map((row) => row.split(' ').at(-1))).toEqual(['true', 'false', 'true', 'false', 'false', 'true']);
  });
});

test('a bucket without versioning lists its objects as versions without an id', async () => {
  await put('k', '1');
  expect(await rows()).toMatchObject({ versions: ['k null true'], markers: [] });
  expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
});
