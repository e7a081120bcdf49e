/** Part files, older listings and inventories in a bucket: read by the real client, over HTTP, in ranges. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { putObject } from '../../../emr-steps/s3/put-object.ts';
import { undiciTransport } from '../../../emr-steps/s3/undici-transport.ts';
import { type Store, startStore } from '../../../infra/local/s3-store/store.ts';
import { splitPartitions } from '../../../lambdas/split-partitions/split-partitions.ts';
import { writeParquet } from '../../helpers/parquet-file.ts';
import { storeClient } from '../../helpers/store-client.ts';
import { EXECUTION, prepared } from '../../unit/lambdas/surroundings.ts';

const KEY = { accessKeyId: 'AKIAPOINTS0000000000', secretAccessKey: 'points-secret' } as const;
const ACCOUNT = '111122223333';
const REGION = 'eu-west-1';
const transport = undiciTransport({ connections: 8 });
const asker = { env: { AWS_ACCESS_KEY_ID: KEY.accessKeyId, AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey }, transport };

let store: Store;
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-points-'));
  store = await startStore({ accounts: [{ id: ACCOUNT, keys: [KEY] }], buckets: [{ name: 'points', ownerId: ACCOUNT, region: REGION }] });
});
afterAll(async () => {
  await transport.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

async function put(key: string, body: string | Uint8Array): Promise<void> {
  const client = storeClient({ url: store.url, bucket: 'points', key: KEY, transport }, { region: REGION });
  await putObject(client, { key, body: Buffer.from(body), storageClass: null });
}

/** The first columns of the ranges that a run would list. */
async function split(partitions: object): Promise<string> {
  const source = { bucket: 'a', endpointUrl: store.url, addressingStyle: 'path' };
  const { deps, state, directory } = await prepared({ source, partitions }, { asker });
  if (state.choices.splitPartitions) await splitPartitions({ ...EXECUTION, plan: state.plan }, { ...deps, asker });
  return Buffer.from((await directory.read('partitions/part.tsv')) ?? []).toString('utf8');
}

const number = (at: number): string => String(at).padStart(5, '0');
const FOUR = ',\t\\N\t00249\n,\t00249\t00499\n,\t00499\t00749\n,\t00749\t\\N\n';
const THOUSAND = Array.from({ length: 1000 }, (_, at) => number(at));
const manifest = (more: object) => JSON.stringify({ sourceBucket: 'a', destinationBucket: 'arn:aws:s3:::points', ...more });

describe('what a request names in a bucket of another Region', () => {
  it('may be a part file', async () => {
    await put('parts/one.tsv', '/,0\n,1\n');
    expect(await split({ from: 'file', location: 's3://points/parts/one.tsv' })).toBe('/,0\n,1\n');
  });

  it('may be the folder of an older listing', async () => {
    const rows = THOUSAND.map((key) => `${key}\te\t1\t2026-01-02 03:04:05\n`);
    await put('listing/part-00000', rows.slice(0, 600).join(''));
    await put('listing/part-00001', rows.slice(600).join(''));
    await put('listing/_SUCCESS', '');
    await put('listing-of-others/part-00000', 'zzz\te\t1\t2026-01-02 03:04:05\n');
    expect(await split({ from: 'listing', location: 's3://points/listing', count: 4 })).toBe(FOUR);
  });

  it('may be an inventory in CSV', async () => {
    const rows = gzipSync(THOUSAND.map((key) => `"a","${key}","1"\n`).join(''));
    await put('csv/data/1.csv.gz', rows);
    await put('csv/manifest.json', manifest({ fileFormat: 'CSV', fileSchema: 'Bucket, Key, Size', files: [{ key: 'csv/data/1.csv.gz', size: rows.length }] }));
    expect(await split({ from: 'inventory', manifest: 's3://points/csv/manifest.json', count: 4 })).toBe(FOUR);
  });

  it('may be an inventory in Parquet, of which no file is read whole', async () => {
    const file = join(folder, '1.parquet');
    const query = "SELECT 'a' AS bucket, lpad(i::VARCHAR, 5, '0') AS key, sha256(i::VARCHAR) || sha256('x' || i) AS etag FROM range(1000) t(i)";
    const size = await writeParquet(file, query);
    await put('parquet/data/1.parquet', await readFile(file));
    await put('parquet/manifest.json', manifest({ fileFormat: 'Parquet', fileSchema: 'message', files: [{ key: 'parquet/data/1.parquet', size }] }));
    expect(size).toBeGreaterThan(64 * 1024);
    store.accessLog.reset();
    expect(await split({ from: 'inventory', manifest: 's3://points/parquet/manifest.json', count: 4 })).toBe(FOUR);
    expect(store.accessLog.counts().byOperation).toMatchObject({ GetObject: 3 });
  });
});
