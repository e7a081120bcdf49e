import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OutcomeCount } from '../../../emr-steps/books/books.ts';
import { ASPECTS, type DriftCount } from '../../../emr-steps/books/drift.ts';
import { type DiffCounts, diffCounts } from '../../../emr-steps/records/diff-counts.ts';
import { driftCount, settledCounts } from '../../../emr-steps/records/drift-count.ts';
import { outcomeCount } from '../../../emr-steps/records/outcome-count.ts';
import { reason } from './arbitraries.ts';

const tally = fc.record({ objects: fc.maxSafeNat(), bytes: fc.maxSafeNat() });
const counts: fc.Arbitrary<DiffCounts> = fc.record({ missing: tally, different: tally, unchanged: tally, extra: tally, invalid: fc.maxSafeNat() });
const outcomeCounts: fc.Arbitrary<OutcomeCount> = fc.oneof(
  fc
    .tuple(tally, fc.constantFrom('skipped' as const, 'failed' as const), reason)
    .map(([sums, outcome, code]): OutcomeCount => ({ ...sums, outcome, reason: code })),
  fc
    .tuple(tally, fc.constantFrom('copied' as const, 'unchanged' as const, 'unlisted' as const, 'duplicate' as const))
    .map(([sums, outcome]): OutcomeCount => ({ ...sums, outcome, reason: null })),
);

describe('diffCounts', () => {
  test('come back from their line', () => {
    fc.assert(
      fc.property(counts, (record) => {
        expect(diffCounts.decode(diffCounts.encode(record))).toEqual(record);
      }),
    );
  });

  test('carry sums beyond 2^53, as a billion objects of 10 MB have, to the nearest number', () => {
    const line = '1000000000\t10000000000000001\t0\t0\t0\t0\t0\t0\t0';
    expect(diffCounts.decode(line).missing).toEqual({ objects: 1e9, bytes: 1e16 });
    expect(diffCounts.encode(diffCounts.decode(line))).toBe('1000000000\t10000000000000000\t0\t0\t0\t0\t0\t0\t0');
    expect(diffCounts.encode({ ...diffCounts.decode(line), extra: { objects: 1, bytes: 1e22 } })).toContain('\t10000000000000000000000\t');
  });

  test.each([
    '',
    '1\t2\t3\t4\t5\t6\t7\t8',
    '1\t2\t3\t4\t5\t6\t7\t8\t-1',
    '1\t\\N\t3\t4\t5\t6\t7\t8\t9',
    '1\t1.5\t3\t4\t5\t6\t7\t8\t9',
    '1\t1e16\t3\t4\t5\t6\t7\t8\t9',
  ])('refuse the line %j', (line) => {
    expect(() => diffCounts.decode(line)).toThrow('malformed DiffCounts');
  });
});

describe('outcomeCount', () => {
  test('comes back from its line', () => {
    fc.assert(
      fc.property(outcomeCounts, (record) => {
        expect(outcomeCount.decode(outcomeCount.encode(record))).toEqual(record);
      }),
    );
  });

  test.each([
    'copied\tarchived\t1\t1',
    'failed\t\\N\t1\t1',
    'unlisted\tarchived\t1\t1',
    'lost\t\\N\t1\t1',
    'failed\tbored\t1\t1',
    'copied\t\\N\t1',
    'copied\t\\N\t-1\t0',
    'copied\t\\N\t1\tx',
  ])('refuses the line %j', (line) => {
    expect(() => outcomeCount.decode(line)).toThrow('malformed OutcomeCount');
  });

  test('refuses to write a reason where none belongs, and a sum that is none', () => {
    expect(() => outcomeCount.encode({ outcome: 'copied', reason: 'archived', objects: 1, bytes: 1 })).toThrow(
      'outcome copied does not go with reason archived',
    );
    expect(() => outcomeCount.encode({ outcome: 'copied', reason: null, objects: 1, bytes: Number.NaN })).toThrow('bytes is NaN');
  });
});

describe('driftCount', () => {
  const driftCounts: fc.Arbitrary<DriftCount> = fc
    .tuple(tally, fc.constantFrom(...ASPECTS), fc.constantFrom('kept' as const, 'changed' as const, 'lost' as const, 'unseen' as const))
    .map(([sums, aspect, fate]) => ({ ...sums, aspect, fate }));

  test('comes back from its line', () => {
    fc.assert(
      fc.property(driftCounts, (record) => {
        expect(driftCount.decode(driftCount.encode(record))).toEqual(record);
      }),
    );
  });

  test.each([
    'drift\tacl=none\t1\t1',
    'drift\tcolour=lost\t1\t1',
    'drift\tacl\t1\t1',
    'copied\tacl=lost\t1\t1',
    'drift\tacl=lost\t1',
    'drift\tacl=lost\t-1\t1',
  ])('refuses the line %j', (line) => {
    expect(() => driftCount.decode(line)).toThrow('malformed DriftCount');
  });

  test('stands among the lines of the outcomes and is told apart from them', () => {
    const lines = ['copied\t\\N\t2\t20', 'drift\tacl=unseen\t2\t20', 'failed\tthrottled\t1\t5', 'duplicate\t\\N\t1\t5'];
    expect(settledCounts(lines)).toEqual({
      outcomes: [
        { outcome: 'copied', reason: null, objects: 2, bytes: 20 },
        { outcome: 'failed', reason: 'throttled', objects: 1, bytes: 5 },
        { outcome: 'duplicate', reason: null, objects: 1, bytes: 5 },
      ],
      drift: [{ aspect: 'acl', fate: 'unseen', objects: 2, bytes: 20 }],
    });
  });
});
