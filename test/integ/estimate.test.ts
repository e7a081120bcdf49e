import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoSet } from '../../cli/demo/demo-set.ts';
import { BUCKETS, fillSource, startDemoStore } from '../../cli/demo/demo-store.ts';
import { RECEIVER } from '../../cli/demo/profiles.ts';
import { main } from '../../cli/main.ts';
import { objectRecord } from '../../emr-steps/records/object-record.ts';
import { type Store, startStore } from '../../infra/local/s3-store/store.ts';
import { virtualBucket } from '../../infra/local/s3-store/virtual/virtual-bucket.ts';
import { reviewEstimate } from '../../workflows/estimate/compare-estimate.ts';
import type { RunEstimate } from '../../workflows/estimate/estimate-run.ts';
import { capturedHost } from '../helpers/captured-host.ts';
import { demoShape } from '../helpers/demo-shape.ts';
import { objectNamed } from '../unit/list/listing-xml.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** What the acceptance allows. */
const MOST_DEVIATION = 0.02;
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-estimate-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Place {
  readonly store: Store;
  readonly source: string;
  readonly destination: string;
  readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** The real command, as a child process. */
function carillon({ store, keys }: Pick<Place, 'store' | 'keys'>, words: readonly string[]): Promise<number> {
  const env = { PATH: process.env.PATH, HOME: folder, AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey };
  const child = spawn(join(ROOT, 'cli', 'bin', 'carillon'), [...words, '--endpoint-url', store.url, '--quiet'], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? -1));
  });
}

async function estimated({ store, source, destination }: Place, options: readonly string[]): Promise<RunEstimate> {
  const file = join(folder, 'request.json');
  const side = (bucket: string) => ({ bucket, endpointUrl: store.url });
  await writeFile(file, JSON.stringify({ source: side(source), destination: side(destination) }));
  const host = capturedHost({ env: {}, signal: new AbortController().signal });
  expect([await main(['estimate', file, '--json', ...options], host), host.stderr.text()]).toEqual([0, '']);
  return JSON.parse(host.stdout.text()) as RunEstimate;
}

/** Copies, and holds what the store was asked against what was foreseen. */
async function reviewed(place: Place, estimate: RunEstimate) {
  place.store.accessLog.reset();
  expect(await carillon(place, ['copy', `s3://${place.source}`, `s3://${place.destination}`])).toBe(0);
  return reviewEstimate(estimate.requests, place.store.accessLog.counts().byOperation);
}

const isClose = (deviation: number | null) => deviation !== null && Math.abs(deviation) <= MOST_DEVIATION;

describe('an estimate foresees the requests of a run, as the store counts them, within two percent', () => {
  it('of a bucket of which a twentieth came by multipart upload, from an older listing of it', async () => {
    const settings = 'hashed:20000,multipart=0.05';
    const buckets = [`${settings},name=source`, `sink:${settings},name=sink`].map((text) => ({ ...virtualBucket(text), ownerId: '111122223333' }));
    const store = await startStore({ signatures: 'fast', buckets });
    const place: Place = { store, source: 'source', destination: 'sink', keys: { accessKeyId: 'carillon', secretAccessKey: 'carillon-secret' } };
    try {
      const listing = join(folder, 'listing.tsv');
      expect(await carillon(place, ['list', 's3://source', '--output', listing])).toBe(0);
      const review = await reviewed(place, await estimated(place, ['--listing', listing, '--layout', 'hashed']));
      expect(review.total).toSatisfy(({ deviation }: typeof review.total) => isClose(deviation));
      for (const operation of ['CopyObject', 'HeadObject', 'CreateMultipartUpload', 'UploadPartCopy', 'CompleteMultipartUpload'])
        expect(review.byOperation[operation]?.deviation ?? 1).toBeLessThanOrEqual(MOST_DEVIATION);
    } finally {
      await store.close();
    }
  });

  it('of the demo, whose objects are of every kind', async () => {
    const store = await startDemoStore();
    const place: Place = { store, source: BUCKETS.source, destination: BUCKETS.serverSide, keys: RECEIVER };
    try {
      const objects = demoSet();
      await fillSource(store, objects);
      const file = join(folder, 'shape.json');
      await writeFile(file, JSON.stringify(demoShape(objects)));
      const review = await reviewed(place, await estimated(place, ['--shape', file]));
      expect(review.total).toSatisfy(({ deviation }: typeof review.total) => isClose(deviation));
    } finally {
      await store.close();
    }
  });
});

describe('carillon estimate', () => {
  const host = () => capturedHost({ env: {}, signal: new AbortController().signal });

  it('tells requests, time, cost and what they rest on', async () => {
    const file = join(folder, 'plain.json');
    await writeFile(file, '{"source":{"bucket":"aaa"},"destination":{"bucket":"bbb"}}');
    const told = host();
    expect(await main(['estimate', file, '--objects', '1000000', '--multipart-objects', '50000', '--parts', '200000'], told)).toBe(0);
    expect(told.stdout.text()).toMatch(/CopyObject +950,000\n/);
    expect(told.stdout.text()).toMatch(/UploadPartCopy +200,001\n/);
    expect(told.stdout.text()).toContain('prices of 2025-04-01');
  });

  it('takes a price table of the user', async () => {
    const [file, prices] = [join(folder, 'plain.json'), join(folder, 'prices.json')];
    await writeFile(
      prices,
      JSON.stringify({ asOf: '2026-11-21', source: 'mine', perThousandRequests: { write: 1, read: 1, free: 0 }, perGigabyteBetweenRegions: 0, perNodeHour: 0 }),
    );
    const told = host();
    expect(await main(['estimate', file, '--objects', '1000', '--prices', prices, '--json'], told)).toBe(0);
    expect(JSON.parse(told.stdout.text())).toMatchObject({ pricesAsOf: '2026-11-21', cost: { transfer: 0, cluster: 0 } });
    expect(JSON.parse(told.stdout.text()).cost.writes).toBeGreaterThan(1);
  });

  it('counts a listing line by line, packed or not, whatever its keys hold', async () => {
    const [file, listing] = [join(folder, 'plain.json'), join(folder, 'listing')];
    const row = (key: string, size: number) => objectRecord.encode({ ...objectNamed(key), size });
    const keys = ['a\u2028b', 'c\u2029d', 'e\u0085f', 'g\r\nh', '\ufeffi'];
    await mkdir(listing);
    await writeFile(join(listing, 'part-00000'), `${keys.map((key) => row(key, 10)).join('\n')}\n`);
    await writeFile(join(listing, 'part-00001.gz'), gzipSync(`${row('packed', 7)}\n`));
    await writeFile(join(listing, '_SUCCESS'), '');
    const told = host();
    expect([await main(['estimate', file, '--listing', listing, '--json'], told), told.stderr.text()]).toEqual([0, '']);
    expect(JSON.parse(told.stdout.text()).shape).toMatchObject({ objects: keys.length + 1, bytes: 57 });
  });

  it.each([
    ['is not there', 'absent', null, /absent cannot be read \(there is none\)/],
    ['holds something else', 'other.tsv', 'no listing', /other\.tsv is no listing that can be read \(malformed ObjectRecord/],
    ['is cut off', 'half.gz', gzipSync('key\tetag\t1\t2026-01-01T00:00:00Z\n').subarray(0, 20), /half\.gz is no listing that can be read \(unexpected end/],
    ['is an empty folder', 'empty', 'folder', /empty holds no files of a listing/],
  ])('refuses a listing that %s', async (_, name, content, message) => {
    const [file, listing] = [join(folder, 'plain.json'), join(folder, name)];
    if (content === 'folder') await mkdir(listing);
    else if (content !== null) await writeFile(listing, content);
    const told = host();
    expect(await main(['estimate', file, '--listing', listing], told)).toBe(2);
    expect(told.stderr.text()).toMatch(message);
  });

  it('refuses an estimate of nothing, and a file that is no price table', async () => {
    const [file, prices] = [join(folder, 'plain.json'), join(folder, 'no-prices.json')];
    const none = host();
    expect(await main(['estimate', file], none)).toBe(2);
    expect(none.stderr.text()).toContain('one of --listing, --shape and --objects must say what the bucket holds');
    await writeFile(prices, '{"asOf":"yesterday"}');
    const wrong = host();
    expect(await main(['estimate', file, '--objects', '5', '--prices', prices], wrong)).toBe(2);
    expect(wrong.stderr.text()).toContain('asOf is no day, such as 2026-11-21');
  });
});
