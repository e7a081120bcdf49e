import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sumOfListing, sumOfShape } from '../../../bench/scale/listing-sums.ts';
import { rangesOf } from '../../../bench/scale/sampled-partitions.ts';
import { mergedScale, type ScaleResult, scalePage } from '../../../bench/scale/scale-page.ts';
import { scratchSpace } from '../../../infra/local/s3-store/virtual/key-shape.ts';
import { keyShape } from '../../../infra/local/s3-store/virtual/shape-names.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-scale-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function lines(from: number, to: number): string {
  const shape = keyShape('deep', 1000);
  const { view, bytes } = scratchSpace(shape.maximumBytes);
  return Array.from({ length: to - from }, (_, at) => `${bytes.toString('latin1', 0, shape.write(from + at, view, 0))}\te\t1\n`).join('');
}

describe('the sums of a listing', () => {
  it('are those of the bucket when every key is there once, in plain and compressed files, and no others', async () => {
    const expected = await sumOfShape('deep', 1000);
    await writeFile(join(folder, 'part-00000'), lines(0, 400));
    await writeFile(join(folder, 'part-00001.zst'), zstdCompressSync(lines(400, 1000)));
    await writeFile(join(folder, '_SUCCESS'), '');
    expect(await sumOfListing(folder)).toEqual(expected);
    await writeFile(join(folder, 'part-00000'), lines(0, 399) + lines(5, 6));
    expect(await sumOfListing(folder)).not.toEqual(expected);
  });
});

describe('the ranges between bounds', () => {
  it('tile the key space', () => {
    const ranges = rangesOf(['b', 'd']);
    expect(ranges.map(({ startAfter, end }) => [startAfter, end])).toEqual([
      [null, 'b'],
      ['b', 'd'],
      ['d', null],
    ]);
    expect(rangesOf([])).toHaveLength(1);
  });
});

describe('the page on scale', () => {
  const machine = { processor: 'p', cores: 4, memory: 2 ** 34, system: 's', node: 'n', commit: 'c', load: 0, at: '2026-11-21T06:20:00Z' };
  const result = (part: ScaleResult['part'], size: number, over: Partial<ScaleResult> = {}): ScaleResult => ({
    ...{ part, size, command: 'do', load: 0.1, machine, isRight: true, facts: [['wall', '5 s']] as const },
    ...over,
  });

  it('says what was not run at its full size', () => {
    const page = scalePage('# Scale', [result('copy', 10_000_000), result('list', 1000)]);
    expect(page).toContain('--list 1000000000 --publish');
    expect(page).toContain('--diff 100000000 --publish');
    expect(page).not.toContain('--copy 10000000 --publish');
  });

  it('names load, and what is not right', () => {
    const page = scalePage('# Scale', [result('diff', 5, { load: 7, isRight: false })]);
    expect(page).toContain('The load was 7.0 when it began: other work ran beside it');
    expect(page).toContain('**Not all of it is right.**');
  });

  it('keeps older results of other sizes', () => {
    const merged = mergedScale([result('copy', 5), result('copy', 9)], [result('list', 1), result('copy', 9, { command: 'again' })]);
    expect(merged.map(({ part, size, command }) => [part, size, command])).toEqual([
      ['list', 1, 'do'],
      ['copy', 5, 'do'],
      ['copy', 9, 'again'],
    ]);
  });
});
