import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { listedPartMap, type PartMap, partRanges, rangeSize, uniformPartMap } from '../../../emr-steps/multipart/part-map.ts';

function mapOf(answer: ReturnType<typeof uniformPartMap>): PartMap {
  if (answer.kind !== 'map') throw new Error(answer.why);
  return answer.map;
}

describe('a uniform map', () => {
  test('is found again from the size, part 1 and the count of any uniform upload', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 * 2 ** 30 }), fc.integer({ min: 2, max: 10_000 }), fc.nat(), (first, count, seed) => {
        const last = 1 + (seed % first);
        const map = mapOf(uniformPartMap((count - 1) * first + last, first, count));
        expect(map.sizes).toHaveLength(count);
        expect(map.sizes[0]).toBe(first);
        expect(map.sizes.at(-1)).toBe(last);
        expect(listedPartMap(map.size, map.sizes)).toEqual({ kind: 'map', map });
      }),
    );
  });

  test('is refused wherever the count does not fit the sizes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 2, max: 200 }), (first, size, count) => {
        expect(uniformPartMap(size, first, count).kind).toBe(Math.ceil(size / first) === count ? 'map' : 'contradiction');
      }),
    );
  });

  test.each([
    [24, 8, 4, 'would leave a last part of 0 of 24 bytes'],
    [28, 8, 3, 'would leave a last part of 12 of 28 bytes'],
    [10, 8, 3, 'would leave a last part of -6 of 10 bytes'],
    [10, 8, 1, 'the only part has 8 of 10 bytes'],
    [10, 0, 2, 'parts of 0 bytes'],
    [10, 1, 0, '0 parts'],
    [10, 1, 10_001, '10001 parts'],
    [10, 4, 2.5, '2.5 parts'],
  ])('%d bytes, part 1 of %d, %d parts: %s', (size, first, count, why) => {
    const answer = uniformPartMap(size, first, count);
    expect(answer.kind === 'contradiction' && answer.why).toContain(why);
  });

  test('an empty object may have one part, which is empty', () => {
    expect(uniformPartMap(0, 0, 1)).toEqual({ kind: 'map', map: { size: 0, sizes: [0] } });
  });
});

describe('a map read part by part', () => {
  test.each([
    [10, [], '0 parts'],
    [10, [5, 4], 'hold 9 bytes, the object 10'],
    [10, [5, 0, 5], 'part 2 of 3 has 0 bytes'],
  ])('%d bytes in parts of %j are refused: %s', (size, sizes, why) => {
    const answer = listedPartMap(size, sizes);
    expect(answer.kind === 'contradiction' && answer.why).toContain(why);
  });

  test('an empty last part is one', () => {
    expect([...partRanges(mapOf(listedPartMap(6, [4, 2, 0])))]).toEqual([
      { partNumber: 1, range: { firstByte: 0, lastByte: 3 } },
      { partNumber: 2, range: { firstByte: 4, lastByte: 5 } },
      { partNumber: 3, range: { firstByte: 6, lastByte: 5 } },
    ]);
  });
});

describe('the ranges of a map', () => {
  test('tile the object in part order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 50 }), (sizes) => {
        const size = sizes.reduce((a, b) => a + b);
        let next = 0;
        for (const [n, part] of [...partRanges(mapOf(listedPartMap(size, sizes)))].entries()) {
          expect(part.partNumber).toBe(n + 1);
          expect(part.range?.firstByte).toBe(next);
          expect(rangeSize(part.range, size)).toBe(sizes[n]);
          next += rangeSize(part.range, size);
        }
        expect(next).toBe(size);
      }),
    );
  });

  test('a part that is the whole object has none, also beside an empty one, because a small source takes no range', () => {
    expect([...partRanges(mapOf(uniformPartMap(5, 5, 1)))]).toEqual([{ partNumber: 1, range: null }]);
    expect([...partRanges(mapOf(uniformPartMap(0, 0, 1)))]).toEqual([{ partNumber: 1, range: null }]);
    expect([...partRanges(mapOf(listedPartMap(5, [5, 0])))]).toEqual([
      { partNumber: 1, range: null },
      { partNumber: 2, range: { firstByte: 5, lastByte: 4 } },
    ]);
    expect(rangeSize(null, 5)).toBe(5);
  });
});
