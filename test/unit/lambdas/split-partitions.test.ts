import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeText } from '../../../emr-steps/records/text.ts';
import { readPlaces } from '../../../lambdas/run/read-places.ts';
import { inventoryKeys } from '../../../lambdas/split-partitions/inventory-keys.ts';
import { listedKeys } from '../../../lambdas/split-partitions/listed-keys.ts';
import { quantiles } from '../../../lambdas/split-partitions/older-points.ts';
import { sampleAim } from '../../../lambdas/split-partitions/partition-count.ts';
import { splitPartitions } from '../../../lambdas/split-partitions/split-partitions.ts';
import { EXECUTION, prepared } from './surroundings.ts';

const folder = await mkdtemp(join(tmpdir(), 'carillon-points-'));
afterAll(async () => rm(folder, { recursive: true, force: true }));

const files = readPlaces(async () => {
  throw new Error('no bucket is asked');
});
const number = (at: number): string => String(at).padStart(7, '0');
const row = (key: string): string => `${encodeText(key)}\te\t1\t2026-01-02 03:04:05\n`;

async function split(partitions: object): Promise<string> {
  const { deps, state, directory } = await prepared({ partitions });
  await splitPartitions({ ...EXECUTION, plan: state.plan }, deps);
  return Buffer.from((await directory.read('partitions/part.tsv')) ?? []).toString('utf8');
}

describe('an older listing', () => {
  it('gives keys from windows over all of its files, and a guess of how many there are', async () => {
    const listing = join(folder, 'listing');
    await mkdir(listing);
    await writeFile(join(listing, 'part-00000'), Array.from({ length: 40_000 }, (_, at) => row(`a/${number(at)}`)).join(''));
    await writeFile(join(listing, 'part-00001'), Array.from({ length: 40_000 }, (_, at) => row(`é %/${number(at)}`)).join(''));
    await writeFile(join(listing, '_SUCCESS'), '');
    const { keys, total } = await listedKeys(listing, files);
    expect(Math.abs(total - 80_000)).toBeLessThan(800);
    expect(keys.filter((key) => key.startsWith('é %/')).length / keys.length).toBeCloseTo(0.5, 1);
    expect(quantiles(keys, 2)).toHaveLength(1);
  });

  it('that is compressed is refused, since it cannot be read in places', async () => {
    await writeFile(join(folder, 'part-00000.gz'), gzipSync(row('a')));
    await expect(listedKeys(join(folder, 'part-00000.gz'), files)).rejects.toThrow('unpack the listing');
  });

  it('gives as many partitions as are asked for, whose bounds tile', async () => {
    const file = join(folder, 'rows.tsv');
    await writeFile(file, Array.from({ length: 1000 }, (_, at) => row(number(at))).join(''));
    expect(await split({ from: 'listing', location: file, count: 4 })).toBe(',\t\\N\t0000249\n,\t0000249\t0000499\n,\t0000499\t0000749\n,\t0000749\t\\N\n');
  });
});

describe('an inventory', () => {
  const manifest = {
    sourceBucket: 'a',
    destinationBucket: 'arn:aws:s3:::inventories',
    version: '2016-11-30',
    fileFormat: 'CSV',
    fileSchema: 'Bucket, Key, Size',
  };

  it('gives the decoded keys of its files, of each from the beginning', async () => {
    const rows = gzipSync(Array.from({ length: 500 }, (_, at) => `"a","logs/%C3%A9+${number(at)}","1"\n`).join(''));
    const text = JSON.stringify({ ...manifest, files: [{ key: 'data/1.csv.gz', size: rows.length, MD5checksum: '' }] });
    const asked: string[] = [];
    const { keys, total } = await inventoryKeys('s3://inventories/manifest.json', 'a', {
      read: async () => Buffer.from(text),
      files: async () => [],
      readRange: async (location, from, to) => {
        asked.push(location);
        return rows.subarray(from, to);
      },
    });
    expect({ asked, first: keys[0], count: keys.length, total }).toEqual({
      asked: ['s3://inventories/data/1.csv.gz'],
      first: `logs/é ${number(0)}`,
      count: 500,
      total: 500,
    });
  });

  it('of another bucket, or in another format, is refused', async () => {
    const places = (more: object) => ({ ...files, read: async () => Buffer.from(JSON.stringify({ ...manifest, files: [], ...more })) });
    await expect(inventoryKeys('s3://i/manifest.json', 'b', places({}))).rejects.toThrow('is an inventory of a, the source is b');
    await expect(inventoryKeys('s3://i/manifest.json', 'a', places({ fileFormat: 'ORC' }))).rejects.toThrow('in ORC');
  });
});

describe('partitions of a request', () => {
  it('that come from a part file are never read a second time', async () => {
    const file = join(folder, 'part.tsv');
    await writeFile(file, '/,0\n,1\n');
    await expect(split({ from: 'file', location: file })).rejects.toMatchObject({ code: 'RUN_RECORD_UNREADABLE' });
  });

  it('are one on one machine where nothing is said', async () => {
    expect(await split({ from: 'automatic' })).toBe(',\n');
  });

  it('follow from the number of keys and of slots', () => {
    const parts = (total: number, asked?: number) => sampleAim(total, asked, 32).parts;
    expect([0, 200_000, 1_000_000, 1e9].map((total) => parts(total))).toEqual([1, 1, 4, 128]);
    expect(parts(10, 7)).toBe(7);
    expect(sampleAim(1e9, 500, 32).requests).toBe(20_000);
  });
});
