import { describe, expect, test } from 'vitest';
import type { DiffCounts } from '../../../emr-steps/records/diff-counts.ts';
import { type CountedLines, diffContradictions } from '../../../workflows/diff/check-diff.ts';

const COUNTS: DiffCounts = {
  missing: { objects: 2, bytes: 20 },
  different: { objects: 3, bytes: 30 },
  unchanged: { objects: 4, bytes: 40 },
  extra: { objects: 5, bytes: 50 },
  invalid: 0,
};
const LINES: CountedLines = { source: 9, destination: 12, toCopy: 5, extra: 5 };

describe('diffContradictions', () => {
  test('finds none where every line has its verdict', () => {
    expect(diffContradictions(COUNTS, LINES, true)).toEqual([]);
  });

  test.each<readonly [string, Partial<CountedLines>, string]>([
    ['a source line without a verdict', { source: 10 }, '10 lines are in the listing of the source, but the verdicts make 9'],
    ['a source line with two', { source: 8 }, 'a key is listed twice at the destination'],
    ['a destination line without a verdict', { destination: 13 }, '13 lines are in the listing of the destination, but the verdicts make 12'],
    ['a row that did not arrive', { toCopy: 4 }, '4 rows are to be copied, but the verdicts make 5'],
    ['rows of an older diff', { extra: 6 }, '6 rows are extra, but the verdicts make 5'],
  ])('finds %s', (_what, change, problem) => {
    expect(diffContradictions(COUNTS, { ...LINES, ...change }, true)).toEqual([expect.stringContaining(problem)]);
  });

  test('finds rows without a key', () => {
    expect(diffContradictions({ ...COUNTS, invalid: 1 }, LINES, true)).toEqual(['1 rows have no key: a listing is damaged']);
  });

  test('asks nothing of the destination where extras were not wanted, and nothing of lines that nobody counted', () => {
    const noExtras = { ...COUNTS, extra: { objects: 0, bytes: 0 } };
    expect(diffContradictions(noExtras, { ...LINES, destination: 99, extra: null }, false)).toEqual([]);
    expect(diffContradictions(COUNTS, { source: null, destination: null, toCopy: null, extra: null }, true)).toEqual([]);
  });
});
