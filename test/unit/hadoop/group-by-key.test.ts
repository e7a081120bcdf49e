import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupByKey } from '../../../emr-steps/hadoop/group-by-key.ts';

async function* inBatches(batches: readonly (readonly string[])[]): AsyncGenerator<readonly string[]> {
  yield* batches;
}

function keyOf(line: string): string {
  return line.split('\t')[0] as string;
}

describe('groupByKey', () => {
  it('keeps all lines in order and never splits a key over batches', async () => {
    const lines = fc
      .array(fc.tuple(fc.constantFrom('', 'a', 'aa', 'ab', 'b', 'ba'), fc.option(fc.string({ maxLength: 3 }))))
      .map((rows) =>
        rows.map(([key, rest]) => (rest === null ? key : `${key}\t${rest}`)).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0)),
      );
    await fc.assert(
      fc.asyncProperty(lines, fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 4 }), async (sorted, sizes) => {
        const batches: string[][] = [];
        for (let at = 0, turn = 0; at < sorted.length; turn += 1) {
          const size = sizes[turn % sizes.length] || turn % 2;
          batches.push(sorted.slice(at, at + size));
          at += size;
        }
        const grouped = await Array.fromAsync(groupByKey(inBatches(batches)));
        expect(grouped.flat()).toEqual(sorted);
        const keys = grouped.map((batch) => new Set(batch.map(keyOf)));
        for (let at = 1; at < keys.length; at += 1) expect([...(keys[at] as Set<string>)].some((key) => keys[at - 1]?.has(key))).toBe(false);
      }),
    );
  });

  it('holds back only the newest key', async () => {
    const seen: (readonly string[])[] = [];
    for await (const batch of groupByKey(inBatches([['a\t1', 'a\t2', 'b\t1'], ['b\t2'], ['c']]))) seen.push(batch);
    expect(seen).toEqual([['a\t1', 'a\t2'], ['b\t1', 'b\t2'], ['c']]);
  });

  it('does not take a key for the beginning of a longer one', async () => {
    expect(await Array.fromAsync(groupByKey(inBatches([['a\tx'], ['aa\tx'], ['aa']])))).toEqual([['a\tx'], ['aa\tx', 'aa']]);
  });

  it('gives nothing for nothing', async () => {
    expect(await Array.fromAsync(groupByKey(inBatches([[], []])))).toEqual([]);
  });
});
