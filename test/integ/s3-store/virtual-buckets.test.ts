/** Virtual buckets behind the store's server, asked by the vendor's client; and the same store as several processes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
  S3Client,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_ACCOUNT, type Store, startStore } from '../../../infra/local/s3-store/store.ts';
import { describeVirtual } from '../../../infra/local/s3-store/virtual/description.ts';
import { checksumOfShape, KeyChecksum } from '../../../infra/local/s3-store/virtual/key-checksum.ts';
import { SHAPE_NAMES } from '../../../infra/local/s3-store/virtual/shape-names.ts';
import { virtualBucket } from '../../../infra/local/s3-store/virtual/virtual-bucket.ts';
import { virtualSource } from '../../../infra/local/s3-store/virtual/virtual-source.ts';

const KEYS = 3333;
const SETTINGS = 'multipart=0.2,archived=0.05';
const COPIED = `deep:400,${SETTINGS.replace('archived=0.05', 'archived=0')}`;

function clientOf(endpoint: string): S3Client {
  const [credentials] = DEFAULT_ACCOUNT.keys;
  if (credentials === undefined) throw new Error('the default account has no keys');
  return new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials });
}

async function listAll(client: S3Client, input: ListObjectsV2CommandInput) {
  const [objects, prefixes]: [NonNullable<Awaited<ReturnType<typeof page>>['Contents']>, string[]] = [[], []];
  const page = (token: string | undefined) => client.send(new ListObjectsV2Command({ ...input, ContinuationToken: token }));
  let token: string | undefined;
  do {
    const answer = await page(token);
    expect(answer.KeyCount).toBe((answer.Contents ?? []).length + (answer.CommonPrefixes ?? []).length);
    objects.push(...(answer.Contents ?? []));
    prefixes.push(...(answer.CommonPrefixes ?? []).map(({ Prefix }) => Prefix ?? ''));
    token = answer.NextContinuationToken;
  } while (token !== undefined);
  return { objects, prefixes };
}

describe('virtual buckets in the store', () => {
  let store: Store;
  let client: S3Client;
  const owner = DEFAULT_ACCOUNT.id;

  beforeAll(async () => {
    const virtual = SHAPE_NAMES.map((shape) => virtualBucket(`${shape}:${KEYS},${SETTINGS},name=${shape}`));
    const copied = [virtualBucket(`${COPIED},name=source`), virtualBucket(`sink:${COPIED},name=sink`)];
    store = await startStore({ buckets: [...virtual, ...copied].map((bucket) => ({ ...bucket, ownerId: owner })) });
    client = clientOf(store.url);
  });
  afterAll(async () => {
    client.destroy();
    await store.close();
  });

  it.each([...SHAPE_NAMES])('lists every key of %s once, in order, with what HEAD says of it', async (shape) => {
    for (const EncodingType of ['url', undefined] as const) {
      const { objects } = await listAll(client, { Bucket: shape, MaxKeys: 700, EncodingType });
      const keys = objects.map(({ Key = '' }) => (EncodingType === 'url' ? decodeURIComponent(Key.replaceAll('+', ' ')) : Key));
      const checksum = new KeyChecksum();
      for (const key of keys) checksum.add(Buffer.from(key));
      expect(checksum.value()).toEqual(checksumOfShape(virtualSource(describeVirtual(`${shape}:${KEYS}`)).shape));
      for (const at of [0, 1234, KEYS - 1]) {
        const head = await client.send(new HeadObjectCommand({ Bucket: shape, Key: keys[at] as string }));
        expect([head.ETag, head.ContentLength, head.LastModified]).toEqual([objects[at]?.ETag, objects[at]?.Size, objects[at]?.LastModified]);
        expect(head.StorageClass ?? 'STANDARD').toBe(objects[at]?.StorageClass);
      }
    }
  });

  it('lists by prefix, start-after and delimiter as if the keys were stored', async () => {
    const all = (await listAll(client, { Bucket: 'deep' })).objects.map(({ Key = '' }) => Key);
    const prefix = 'team-01/project-0';
    const startAfter = all.filter((key) => key.startsWith(prefix))[7] as string;
    const within = await listAll(client, { Bucket: 'deep', Prefix: prefix, StartAfter: startAfter, MaxKeys: 100 });
    expect(within.objects.map(({ Key }) => Key)).toEqual(all.filter((key) => key.startsWith(prefix) && key > startAfter));
    const folders = await listAll(client, { Bucket: 'deep', Prefix: 'team-01/', Delimiter: '/', MaxKeys: 2 });
    expect(folders.prefixes).toEqual(
      [...new Set(all.filter((key) => key.startsWith('team-01/')).map((key) => key.split('/').slice(0, 2).join('/')))].map((name) => `${name}/`),
    );
    expect((await client.send(new ListObjectsV2Command({ Bucket: 'deep', MaxKeys: 0 }))).IsTruncated).toBe(false);
  });

  it('gives the bytes of an object whole and by part, and refuses archived ones', async () => {
    const { objects } = await listAll(client, { Bucket: 'flat' });
    const large = objects.find(({ ETag, StorageClass }) => ETag?.endsWith('-3"') && StorageClass === 'STANDARD');
    const part = await client.send(new GetObjectCommand({ Bucket: 'flat', Key: large?.Key, PartNumber: 3 }));
    expect([part.PartsCount, (await part.Body?.transformToByteArray())?.length]).toEqual([3, (large?.Size ?? 0) - 2 * 8_388_608]);
    const archived = objects.find(({ StorageClass }) => StorageClass === 'GLACIER');
    await expect(client.send(new GetObjectCommand({ Bucket: 'flat', Key: archived?.Key }))).rejects.toMatchObject({ name: 'InvalidObjectState' });
  });

  it('cannot be written', async () => {
    await expect(client.send(new PutObjectCommand({ Bucket: 'flat', Key: 'x', Body: 'x' }))).rejects.toMatchObject({ name: 'MethodNotAllowed' });
  });

  it('are copied into a sink that counts every object with its ETag', async () => {
    const { objects } = await listAll(client, { Bucket: 'source' });
    for (const { Key = '', Size = 0, ETag } of objects) {
      const head = await client.send(new HeadObjectCommand({ Bucket: 'source', Key, PartNumber: 1 }));
      if (head.PartsCount === undefined) await client.send(new CopyObjectCommand({ Bucket: 'sink', Key, CopySource: `source/${Key}` }));
      else expect(await copyInParts(Key, Size, head.PartsCount, head.ContentLength ?? 0)).toBe(ETag);
    }
    const counts = (await (await fetch(`${store.url}/_carillon/counts`)).json()) as { sinks: { sink: unknown } };
    const shape = virtualSource(describeVirtual(COPIED)).shape;
    expect(counts.sinks.sink).toMatchObject({ written: checksumOfShape(shape), exact: 400, different: 0, unknown: 0 });
  });

  async function copyInParts(Key: string, size: number, count: number, partSize: number): Promise<string | undefined> {
    const target = { Bucket: 'sink', Key };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(target));
    const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
    for (let number = 1; number <= count; number += 1) {
      const range = `bytes=${(number - 1) * partSize}-${Math.min(size, number * partSize) - 1}`;
      const copy = { ...target, UploadId, PartNumber: number, CopySource: `source/${Key}`, CopySourceRange: range };
      const { CopyPartResult } = await client.send(new UploadPartCopyCommand(copy));
      Parts.push({ PartNumber: number, ETag: CopyPartResult?.ETag });
    }
    return (await client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }))).ETag;
  }
});

describe('a store of several processes', () => {
  let child: ChildProcess;
  let url = '';

  beforeAll(async () => {
    const order = { virtual: ['flat:5000,name=source', 'sink:flat:5000,name=sink'], stored: null, latencyMilliseconds: 0, processes: 3, region: 'us-east-1' };
    const account = { accountId: DEFAULT_ACCOUNT.id, ...DEFAULT_ACCOUNT.keys[0] };
    const program = join(import.meta.dirname, '..', '..', '..', 'bench', 'store-server.ts');
    child = spawn(process.execPath, [program, JSON.stringify({ ...order, ...account })], { stdio: ['ignore', 'pipe', 'inherit'] });
    url = String((await once(child.stdout as NonNullable<typeof child.stdout>, 'data'))[0]).trim();
  });
  afterAll(async () => {
    const ended = once(child, 'exit');
    child.kill();
    await ended;
  });

  it('counts what any of them served as one', async () => {
    const clients = Array.from({ length: 6 }, () => clientOf(url));
    const keys = (
      await Promise.all(
        clients.map((client, at) => client.send(new ListObjectsV2Command({ Bucket: 'source', StartAfter: `object-00000000${at}500`, MaxKeys: 50 }))),
      )
    ).flatMap(({ Contents = [] }) => Contents.map(({ Key = '' }) => Key));
    await Promise.all(keys.map((Key, at) => clients[at % clients.length]?.send(new CopyObjectCommand({ Bucket: 'sink', Key, CopySource: `source/${Key}` }))));
    const counts = (await (await fetch(`${url}/_carillon/counts`)).json()) as { byOperation: unknown; sinks: { sink: { written: { keys: number } } } };
    expect(counts).toMatchObject({ byOperation: { ListObjectsV2: 6, CopyObject: 250 }, sinks: { sink: { exact: 250 } } });
    const checksum = new KeyChecksum();
    for (const key of keys) checksum.add(Buffer.from(key));
    expect(counts.sinks.sink.written).toEqual(checksum.value());
    for (const client of clients) client.destroy();
  });

  it('refuses buckets that only one of them would know', async () => {
    const { CreateBucketCommand } = await import('@aws-sdk/client-s3');
    const client = clientOf(url);
    await expect(client.send(new CreateBucketCommand({ Bucket: 'another' }))).rejects.toMatchObject({ name: 'NotImplemented' });
    client.destroy();
  });
});
