/** Inventories in Parquet, written by DuckDB, and which of their bytes are read. */
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readPlaces } from '../../../lambdas/run/read-places.ts';
import { inventoryKeys } from '../../../lambdas/split-partitions/inventory-keys.ts';
import { quantiles } from '../../../lambdas/split-partitions/older-points.ts';
import type { PointSource } from '../../../lambdas/split-partitions/point-source.ts';
import { writeParquet } from '../../helpers/parquet-file.ts';

const folder = await mkdtemp(join(tmpdir(), 'carillon-parquet-'));
afterAll(async () => rm(folder, { recursive: true, force: true }));

const MEBIBYTE = 1024 * 1024;
const NUMBERED = "SELECT 'a' AS bucket, 'é/' || lpad(i::VARCHAR, 8, '0') AS key, i AS size FROM range";
const SHUFFLED = "SELECT 'a' AS bucket, md5(i::VARCHAR) || md5('x' || i) AS key, i AS size FROM range";

/** An inventory whose files lie in the folder, and what is read of it. */
function inventory(files: readonly { readonly key: string; readonly size: number }[], fileFormat = 'Parquet') {
  const schema = 'message s3.inventory { required binary bucket (UTF8); required binary key (UTF8); optional int64 size; }';
  const manifest = { sourceBucket: 'a', destinationBucket: 'arn:aws:s3:::i', fileFormat, fileSchema: schema, files };
  const here = readPlaces(() => Promise.reject(new Error('no bucket is asked')));
  const read = { bytes: 0, ranges: 0 };
  const places: PointSource = {
    ...here,
    read: async () => Buffer.from(JSON.stringify(manifest)),
    readRange: async (location, from, to) => {
      const bytes = await here.readRange(join(folder, basename(location)), from, to);
      read.bytes += bytes.length;
      read.ranges += 1;
      return bytes;
    },
  };
  return { read, keys: () => inventoryKeys('s3://i/manifest.json', 'a', places) };
}

async function written(name: string, query: string, options?: string) {
  return { key: `data/${name}`, size: await writeParquet(join(folder, name), query, options) };
}

describe('an inventory in Parquet', () => {
  it('of few rows gives every key, and how many there are', async () => {
    const { keys } = inventory([await written('few.parquet', `${NUMBERED}(1000) t(i)`)]);
    const found = await keys();
    expect([found.keys.length, found.total, found.keys[0], found.keys.at(-1)]).toEqual([1000, 1000, 'é/00000000', 'é/00000999']);
  });

  it('whose many row groups are in order is known by their least keys: only the footer is read', async () => {
    const file = await written('ordered.parquet', `${NUMBERED}(2_100_000) t(i)`, 'COMPRESSION snappy, ROW_GROUP_SIZE 2048');
    const { read, keys } = inventory([file]);
    const found = await keys();
    expect(found).toMatchObject({ total: 2_100_000 });
    expect(quantiles(found.keys, 4).map((key) => Math.round(Number(key.slice(2)) / 2_100_000 / 0.01))).toEqual([25, 50, 75]);
    expect(read).toMatchObject({ ranges: 2, bytes: expect.toSatisfy((bytes: number) => bytes < MEBIBYTE) });
  });

  it('whose row groups overlap is sampled by pages of all of them', async () => {
    const file = await written('shuffled.parquet', `${SHUFFLED}(500_000) t(i)`, 'COMPRESSION snappy, ROW_GROUP_SIZE 50_000');
    const found = await inventory([file]).keys();
    expect(found.total).toBe(500_000);
    expect(quantiles(found.keys, 16).map((key, at) => Math.abs(Number.parseInt(key.slice(0, 4), 16) - 4096 * (at + 1)) < 400)).toEqual(Array(15).fill(true));
  });

  it('whose keys repeat, as those of versions do, is read by its dictionary', async () => {
    const file = await written('versions.parquet', "SELECT 'a' AS bucket, 'key ' || (i // 100) AS key FROM range(20_000) t(i)");
    const found = await inventory([file]).keys();
    expect(new Set(found.keys)).toEqual(new Set(Array.from({ length: 200 }, (_, at) => `key ${at}`)));
  });

  it('of any size is read in places, 64 MiB at most', async () => {
    const file = await written('large.parquet', `${SHUFFLED}(250_000) t(i)`);
    const { read, keys } = inventory(Array.from({ length: 1000 }, () => file));
    const found = await keys();
    expect(file.size * 1000).toBeGreaterThan(10 * 1024 * MEBIBYTE);
    expect(read.bytes).toBeLessThanOrEqual(64 * MEBIBYTE);
    expect(read.bytes).toBeGreaterThan(32 * MEBIBYTE);
    expect(found.total).toBe(250_000_000);
    expect(quantiles(found.keys, 4).map((key) => Math.round(Number.parseInt(key.slice(0, 2), 16) / 16))).toEqual([4, 8, 12]);
  });

  it.each([
    ['is none', async () => await writeFile(join(folder, 'none.parquet'), 'no Parquet at all'), 'none.parquet', 'it does not end as Parquet does'],
    ['has no keys', async () => await writeParquet(join(folder, 'other.parquet'), 'SELECT 1 AS x'), 'other.parquet', 'it has no column key'],
    [
      'is compressed otherwise than S3 does',
      async () => await writeParquet(join(folder, 'zstd.parquet'), `${NUMBERED}(10) t(i)`, 'COMPRESSION zstd'),
      'zstd.parquet',
      'ZSTD',
    ],
  ])('of which a file %s is refused with the file', async (_, write, name, reason) => {
    await write();
    const { keys } = inventory([{ key: name, size: name === 'none.parquet' ? 17 : await sizeOf(name) }]);
    await expect(keys()).rejects.toThrow(expect.objectContaining({ code: 'SPLIT_POINTS_UNREADABLE', message: expect.stringContaining(reason) }));
    await expect(keys()).rejects.toThrow(`s3://i/${name}`);
  });

  it('is the other format that can be read: ORC is refused, with both', async () => {
    await expect(inventory([], 'ORC').keys()).rejects.toThrow('is an inventory in ORC; one in CSV or Parquet can be read');
  });
});

async function sizeOf(name: string): Promise<number> {
  return (await stat(join(folder, name))).size;
}
