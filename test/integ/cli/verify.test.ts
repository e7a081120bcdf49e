/** `carillon verify`, `copy --verify`, and comparisons where ETags are no MD5s. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../../cli/main.ts';
import { difference } from '../../../emr-steps/records/difference.ts';
import { isWritable } from '../../../infra/local/s3-store/bucket.ts';
import type { RunOutput, RunSummary } from '../../../workflows/events/run-output.ts';
import { capturedHost } from '../../helpers/captured-host.ts';
import { type FilledStore, filledStore } from '../../helpers/filled-store.ts';

let folder = '';
let filled: FilledStore;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-verify-'));
  filled = await filledStore(folder);
  const { buckets } = filled.store.context;
  const kms = buckets.get('two');
  if (kms === undefined) throw new Error('the store has no bucket two');
  buckets.change(kms, { encryption: { algorithm: 'aws:kms', kmsKeyId: 'arn:aws:kms:eu-central-1:333333333333:key/1' } });
});
afterAll(async () => {
  await filled.close();
  await rm(folder, { recursive: true, force: true });
});

async function carillon(runs: string, words: readonly string[]) {
  const before = await readdir(join(folder, runs)).catch((): string[] => []);
  const host = capturedHost({ env: filled.env('owner') });
  const code = await main([...words, '--run-dir', join(folder, runs)], host);
  const id = (await readdir(join(folder, runs)).catch((): string[] => [])).find((name) => !before.includes(name)) ?? '';
  const json = async <T>(file: string) => JSON.parse(await readFile(join(folder, runs, id, file), 'utf8')) as T;
  return {
    code,
    id,
    stdout: host.stdout.text(),
    stderr: host.stderr.text(),
    output: () => json<RunOutput>('output.json'),
    summary: () => json<RunSummary>('summary.json'),
  };
}

const rowsOf = (stdout: string): readonly string[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map(difference.decode)
    .map(({ key, kind, outcome }) => `${key} ${kind} ${outcome}`)
    .toSorted();

function drop(bucket: string, key: string): void {
  const objects = filled.store.context.buckets.get(bucket)?.objects;
  if (objects === undefined || !isWritable(objects)) throw new Error(`${bucket} keeps what it has`);
  objects.remove(key, 'null');
}

describe('carillon verify', () => {
  it('finds nothing after a copy, with its ledger and without, and exits with 0', async () => {
    for (const key of ['a', 'b', 'c%d']) await filled.put('one', `well/${key}`, key);
    const copied = await carillon('well', ['copy', 's3://one/well/', 's3://one/kept/']);
    expect(copied.code).toBe(0);
    const [alone, held] = [
      await carillon('well', ['verify', 's3://one/well/', 's3://one/kept/']),
      await carillon('well', ['verify', 's3://one/well/', 's3://one/kept/', '--run', copied.id]),
    ];
    for (const { code, stdout, stderr } of [alone, held])
      expect({ code, stdout, equal: stderr.includes('3 objects equal') }).toEqual({ code: 0, stdout: '', equal: true });
    expect(Object.keys((await alone.summary()).steps).toSorted()).toEqual(['list-source.t1', 'list-verification.t1', 'verify-counts.t1']);
    expect(Object.keys((await held.summary()).steps).toSorted()).toEqual(['list-verification.t1', 'verify-counts.t1']);
  });

  it('prints each difference as a row, with what the ledger says, and exits with 1', async () => {
    for (const key of ['same', 'lost', 'changed', 'grown']) await filled.put('one', `bad/${key}`, key);
    const copied = await carillon('bad', ['copy', 's3://one/bad/', 's3://one/worse/']);
    await filled.put('one', 'worse/changed', 'degnahc');
    await filled.put('one', 'worse/grown', 'grown and grown');
    await filled.put('one', 'worse/more', 'more');
    drop('one', 'worse/lost');
    const held = await carillon('bad', ['verify', 's3://one/bad/', 's3://one/worse/', '--run', copied.id]);
    expect(held.code).toBe(1);
    expect(rowsOf(held.stdout)).toEqual(['changed etag copied', 'grown size copied', 'lost missing copied']);
    expect(await held.output()).toMatchObject({
      status: 'failed',
      cause: 'the verification found 3 differences: 1 missing, 1 size, 1 etag',
      places: { differences: 'verify/differences/try-1' },
    });
    const file = join(folder, 'rows.tsv');
    const alone = await carillon('bad', ['verify', 's3://one/bad/', 's3://one/worse/', '--extras', '--output', file]);
    expect({ code: alone.code, stdout: alone.stdout }).toEqual({ code: 1, stdout: '' });
    expect(rowsOf(await readFile(file, 'utf8'))).toEqual(['changed etag null', 'grown size null', 'lost missing null', 'more extra null']);
  });

  it('refuses a run that it does not know, and one of other places, before any work', async () => {
    const copied = await carillon('places', ['copy', 's3://one/nothing/', 's3://one/none/']);
    expect(await carillon('places', ['verify', 's3://one/nothing/', 's3://one/none/', '--run', '20260101-000000-0000000000'])).toMatchObject({
      code: 2,
      id: '',
      stderr: expect.stringContaining('holds no run that has ended'),
    });
    expect(await carillon('places', ['verify', 's3://one/nothing/', 's3://one/elsewhere/', '--run', copied.id])).toMatchObject({
      code: 2,
      id: '',
      stderr: expect.stringContaining('is s3://one/none/, not s3://one/elsewhere/'),
    });
  });
});

describe('carillon copy --verify', () => {
  it('lists the destination again and tells what it found', async () => {
    for (const key of ['a', 'b']) await filled.put('one', `proof/${key}`, key);
    const { code, stderr, summary } = await carillon('proof', ['copy', 's3://one/proof/', 's3://one/proven/', '--verify']);
    expect({ code, equal: stderr.includes('2 objects equal') }).toEqual({ code: 0, equal: true });
    expect((await summary()).verification).toEqual([{ verdict: 'equal-etag', objects: 2, bytes: 2 }]);
  });
});

describe('a destination that encrypts by KMS', () => {
  it('is no place for a diff by ETag, which is refused before any work, with what to ask for instead', async () => {
    for (const words of [
      ['copy', 's3://one/kms/', 's3://two/kms/', '--diff'],
      ['diff', 's3://one/kms/', 's3://two/kms/'],
    ]) {
      const refused = await carillon('kms-refused', words);
      expect(refused).toMatchObject({ code: 2, id: '', stderr: expect.stringContaining('default encryption is aws:kms') });
      expect(refused.stderr).toContain('--compare size');
    }
  });

  it('is compared by size, so that a second copy finds all of it unchanged', async () => {
    for (const key of ['a', 'b']) await filled.put('one', `kms/${key}`, key);
    const words = ['copy', 's3://one/kms/', 's3://two/kms/', '--diff', '--compare', 'size'];
    expect((await carillon('kms', words)).code).toBe(0);
    expect((await (await carillon('kms', words)).output()).books).toMatchObject({ outcomes: { copied: { objects: 0 }, unchanged: { objects: 2 } } });
  });

  it('is verified by the proof of each object in the ledger, and without one by what both sides store', async () => {
    for (const key of ['a', 'b']) await filled.put('one', `kms-proof/${key}`, key);
    const copied = await carillon('kms-proof', ['copy', 's3://one/kms-proof/', 's3://two/kms-proof/', '--verify']);
    expect({ code: copied.code, stderr: copied.stderr.includes('2 objects equal') }).toEqual({ code: 0, stderr: true });
    expect((await carillon('kms-proof', ['verify', 's3://one/kms-proof/', 's3://two/kms-proof/'])).code).toBe(0);
    await filled.put('two', 'kms-proof/b', 'c');
    const held = await carillon('kms-proof', ['verify', 's3://one/kms-proof/', 's3://two/kms-proof/', '--run', copied.id]);
    expect({ code: held.code, rows: rowsOf(held.stdout) }).toEqual({ code: 1, rows: ['b etag copied'] });
  });

  it('is verified without a ledger by checksums, or by sizes where that is asked for', async () => {
    const sum = { ChecksumAlgorithm: 'SHA256' } as const;
    await filled.put('one', 'sums/summed', 'abc', sum);
    await filled.put('one', 'sums/other', 'abc', sum);
    await filled.put('one', 'sums/by-default', 'abc');
    for (const [key, body] of [
      ['summed', 'abc'],
      ['other', 'xyz'],
    ] as const)
      await filled.put('two', `sums/${key}`, body, sum);
    await filled.put('two', 'sums/by-default', 'abc');
    const words = ['verify', 's3://one/sums/', 's3://two/sums/'];
    const byChecksum = await carillon('sums', words);
    expect({ code: byChecksum.code, rows: rowsOf(byChecksum.stdout) }).toEqual({ code: 1, rows: ['other etag null'] });
    expect(byChecksum.stdout).toContain('checksums differ');
    expect((await byChecksum.summary()).verification).toEqual([
      { verdict: 'equal-checksum', objects: 2, bytes: 6 },
      { verdict: 'etag', objects: 1, bytes: 3 },
    ]);
    expect((await carillon('sums', [...words, '--compare', 'size'])).code).toBe(0);
  });
});
