import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keysListed } from '../../../bench/arrived.ts';
import { carillonPrograms } from '../../../bench/contenders/carillon.ts';
import { withDuckDb } from '../../../bench/contenders/parquet.ts';
import { objectRecord } from '../../../emr-steps/records/object-record.ts';
import { KeyChecksum } from '../../../infra/local/s3-store/virtual/key-checksum.ts';

const SITE = {
  endpoint: '',
  region: '',
  source: 'b',
  destination: 'b',
  credentials: { accessKeyId: '', secretAccessKey: '' },
  directory: '/tmp',
  inFlight: null,
  keySpace: null,
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-arrived-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function record(key: string): string {
  const unused = { checksumAlgorithm: null, checksumType: null, versionId: null, isDeleteMarker: null, restoreStatus: null };
  return objectRecord.encode({ key, etag: 'e', size: 1, mtime: null, storageClass: null, ...unused });
}

describe('the keys in a listing that a program wrote', () => {
  it('are those of its records, whatever their bytes, across the chunks of a file, with a line feed at its end or without', async () => {
    const list = carillonPrograms.list?.(SITE);
    if (list === undefined) throw new Error('the programs list');
    const odd = ['tab\there', 'line\nfeed', '100%', ' space ', 'é/日本/😀', 'back\\slash'];
    const keys = [...odd, ...Array.from({ length: 40_000 }, (_, at) => `some/folder/${'x'.repeat(at % 50)}/${at}`)];
    const path = join(folder, 'listing');
    await writeFile(path, keys.map((key) => `${record(key)}\n`).join(''));
    const expected = new KeyChecksum();
    for (const key of keys) expected.add(Buffer.from(key));
    expect(await keysListed(path, list.listed)).toEqual(expected.value());
    await writeFile(path, keys.map(record).join('\n'));
    expect(await keysListed(path, list.listed)).toEqual(expected.value());
  });

  it('are those of a column where it wrote Parquet', async () => {
    const file = join(folder, 'listing.parquet');
    await withDuckDb((run) => run(`copy (select 'a "key", ' || n as "Key", n as "Size" from range(5) t(n)) to '${file}' (format parquet)`));
    const expected = new KeyChecksum();
    for (let at = 0; at < 5; at += 1) expected.add(Buffer.from(`a "key", ${at}`));
    expect(await keysListed(join(folder, 'none'), { kind: 'parquet', file, column: 'Key' })).toEqual(expected.value());
  });
});
