/** The demo's source copied by the real command, then every object looked at with the vendor's client on both sides. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { GetObjectTaggingCommand, HeadObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoObject } from '../../cli/demo/demo-object.ts';
import { demoSet } from '../../cli/demo/demo-set.ts';
import { BUCKETS, fillSource, startDemoStore } from '../../cli/demo/demo-store.ts';
import { archivedSet } from '../../cli/demo/feature-set.ts';
import { type DemoAccount, RECEIVER, REGION, SENDER, writeProfiles } from '../../cli/demo/profiles.ts';
import { type FinishedRun, runCarillon } from '../../cli/demo/run-carillon.ts';
import type { Store } from '../../infra/local/s3-store/store.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const OBJECTS = demoSet();
const ARCHIVED = archivedSet().map(({ key }) => key);
const READABLE = OBJECTS.filter(({ key }) => !ARCHIVED.includes(key));

let folder: string;
let store: Store;
let sender: S3Client;
let receiver: S3Client;

function clientOf({ accessKeyId, secretAccessKey }: DemoAccount): S3Client {
  return new S3Client({ endpoint: store.url, region: REGION, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-demo-test-'));
  store = await startDemoStore();
  await fillSource(store, OBJECTS);
  [sender, receiver] = [clientOf(SENDER), clientOf(RECEIVER)];
});

afterAll(async () => {
  for (const client of [sender, receiver]) client.destroy();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

async function copyTo(destination: string, options: readonly string[]): Promise<FinishedRun> {
  const runs = join(folder, destination);
  await mkdir(runs);
  const env = { ...process.env, ...(await writeProfiles(folder, [SENDER, RECEIVER])) };
  const words = ['copy', `s3://${BUCKETS.source}`, `s3://${destination}`, '--endpoint-url', store.url, '--quiet', ...options];
  return runCarillon({ root: ROOT, env, runs, show: false }, words);
}

/** Everything about an object that a copy must keep, as the vendor's client sees it. */
async function facts(client: S3Client, Bucket: string, Key: string) {
  const head = await client.send(new HeadObjectCommand({ Bucket, Key }));
  const first = await client.send(new HeadObjectCommand({ Bucket, Key, PartNumber: 1 }));
  const { TagSet = [] } = await client.send(new GetObjectTaggingCommand({ Bucket, Key }));
  const tags = TagSet.map(({ Key: key, Value: value }) => ({ key, value })).toSorted((a, b) => (String(a.key) < String(b.key) ? -1 : 1));
  return {
    etag: head.ETag,
    size: head.ContentLength,
    parts: first.PartsCount,
    firstPart: first.ContentLength,
    storageClass: head.StorageClass ?? 'STANDARD',
    cacheControl: head.CacheControl,
    contentDisposition: head.ContentDisposition,
    contentEncoding: head.ContentEncoding,
    contentLanguage: head.ContentLanguage,
    contentType: head.ContentType,
    expires: head.ExpiresString,
    redirect: head.WebsiteRedirectLocation,
    metadata: head.Metadata,
    tags,
  };
}

/** What the data set says of an object, as far as it says something. */
function described({ headers, parts, size, storageClass, tags }: DemoObject) {
  const metadata = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-'));
  return {
    size,
    parts: parts?.length,
    storageClass: storageClass ?? 'STANDARD',
    metadata: Object.fromEntries(metadata.map(([name, value]) => [name.slice('x-amz-meta-'.length), value])),
    tags: tags.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    ...(headers['content-type'] !== undefined && { contentType: headers['content-type'], contentEncoding: headers['content-encoding'] }),
  };
}

async function listedKeys(client: S3Client, Bucket: string): Promise<readonly string[]> {
  const { Contents = [], IsTruncated } = await client.send(new ListObjectsV2Command({ Bucket, EncodingType: 'url' }));
  expect(IsTruncated).toBe(false);
  return Contents.map(({ Key = '' }) => decodeURIComponent(Key.replaceAll('+', ' ')));
}

describe.each([
  { mode: 'inside the store', bucket: BUCKETS.serverSide, options: ['--profile', RECEIVER.name, '--mode', 'server-side'] },
  {
    mode: 'through this machine',
    bucket: BUCKETS.streamed,
    options: ['--source-profile', SENDER.name, '--destination-profile', RECEIVER.name, '--mode', 'streaming'],
  },
])('the demo copied $mode', ({ bucket, options }) => {
  let run: FinishedRun;

  beforeAll(async () => {
    run = await copyTo(bucket, options);
  });

  it('ends well, with books that balance', () => {
    expect(run.exitCode).toBe(0);
    expect(run.summary).toMatchObject({ status: 'succeeded', books: { balanced: true, listed: { objects: OBJECTS.length } } });
    expect(run.summary.books?.outcomes).toMatchObject({ copied: { objects: READABLE.length }, skipped: { objects: ARCHIVED.length }, failed: { objects: 0 } });
  });

  it('gives every object the ETag, size, parts, headers, metadata, tags and storage class of the source', async () => {
    for (const object of READABLE) {
      const [there, here] = await Promise.all([facts(sender, BUCKETS.source, object.key), facts(receiver, bucket, object.key)]);
      expect(there, object.key).toMatchObject(described(object));
      expect(here, object.key).toEqual(there);
    }
  });

  it('leaves out the archived objects, which the ledger lists as skipped, and nothing else', async () => {
    expect((await listedKeys(receiver, bucket)).toSorted()).toEqual(READABLE.map(({ key }) => key).toSorted());
    // An object that a later round settled has a row in each round; the last one counts.
    const last = new Map(run.ledger.toSorted((a, b) => a.round - b.round).map((row) => [row.key, row]));
    const skipped = [...last.values()].filter(({ outcome }) => outcome !== 'copied');
    expect(skipped.map(({ key }) => key).toSorted()).toEqual(ARCHIVED.toSorted());
    expect(new Set(skipped.map(({ outcome, reason }) => `${outcome} ${reason}`))).toEqual(new Set(['skipped archived']));
  });
});
