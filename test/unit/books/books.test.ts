import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addTally, drawUpBooks, type OutcomeCount, sameBytes, type Tally } from '../../../emr-steps/books/books.ts';
import { isCopyMode, isOutcome, isProof } from '../../../emr-steps/books/outcomes.ts';
import { isReasonCode, REASONS, type ReasonCode, reasonClass } from '../../../emr-steps/books/reasons.ts';

const ZERO: Tally = { objects: 0, bytes: 0 };
const COUNTS: readonly OutcomeCount[] = [
  { outcome: 'copied', reason: null, objects: 5, bytes: 500 },
  { outcome: 'copied', reason: null, objects: 1, bytes: 7 },
  { outcome: 'skipped', reason: 'archived', objects: 2, bytes: 20 },
  { outcome: 'failed', reason: 'throttled', objects: 1, bytes: 3 },
  { outcome: 'failed', reason: 'access-denied', objects: 1, bytes: 0 },
];

describe('drawUpBooks', () => {
  test('adds up the counts of all reducers and balances', () => {
    expect(drawUpBooks({ objects: 14, bytes: 1_530 }, { objects: 4, bytes: 1_000 }, COUNTS)).toEqual({
      listed: { objects: 14, bytes: 1_530 },
      outcomes: {
        copied: { objects: 6, bytes: 507 },
        unchanged: { objects: 4, bytes: 1_000 },
        skipped: { objects: 2, bytes: 20 },
        failed: { objects: 2, bytes: 3 },
      },
      reasons: { archived: 2, throttled: 1, 'access-denied': 1 },
      unlisted: 0,
      duplicates: 0,
      balanced: true,
    });
  });

  test.each([
    ['an object is missing', { objects: 15, bytes: 1_530 }, []],
    ['an object is too many', { objects: 13, bytes: 1_530 }, []],
    ['a byte is missing', { objects: 14, bytes: 1_531 }, []],
    ['a row was not asked for', { objects: 14, bytes: 1_530 }, [{ outcome: 'unlisted', reason: null, objects: 1, bytes: 0 } as const]],
    ['a key was listed twice', { objects: 14, bytes: 1_530 }, [{ outcome: 'duplicate', reason: null, objects: 1, bytes: 0 } as const]],
  ])('does not balance where %s', (_what, listed, further) => {
    expect(drawUpBooks(listed, { objects: 4, bytes: 1_000 }, [...COUNTS, ...further]).balanced).toBe(false);
  });

  test('balances an empty run', () => {
    expect(drawUpBooks(ZERO, ZERO, []).balanced).toBe(true);
  });

  test('balances whenever listed is the sum, in whatever order the reducers ended', () => {
    const some = fc.array(
      fc.record({ outcome: fc.constantFrom('copied' as const, 'skipped' as const, 'failed' as const), objects: fc.nat(), bytes: fc.nat() }),
    );
    fc.assert(
      fc.property(some, (rows) => {
        const counts = rows.map((row): OutcomeCount => ({ ...row, reason: row.outcome === 'copied' ? null : 'unexpected' }));
        const listed = counts.reduce<Tally>(addTally, ZERO);
        expect(drawUpBooks(listed, ZERO, counts.toReversed())).toEqual(drawUpBooks(listed, ZERO, counts));
        expect(drawUpBooks(listed, ZERO, counts).balanced).toBe(true);
        expect(drawUpBooks({ ...listed, objects: listed.objects + 1 }, ZERO, counts).balanced).toBe(false);
      }),
    );
  });
});

describe('sameBytes', () => {
  test('is exact up to 2^53 and allows for rounding beyond it', () => {
    expect(sameBytes(2 ** 53 - 1, 2 ** 53 - 2)).toBe(false);
    expect(sameBytes(1e18, 1e18 + 256)).toBe(true);
    expect(sameBytes(1e18, 1.000_001e18)).toBe(false);
    expect(sameBytes(2 ** 53 + 2, 5)).toBe(false);
  });
});

describe('closed lists', () => {
  test('know their words and no others, not even those that every object has', () => {
    expect(['copied', 'unchanged', 'skipped', 'failed'].every(isOutcome)).toBe(true);
    expect(['etag', 'checksum', 'size'].every(isProof)).toBe(true);
    expect(['server-side', 'streaming'].every(isCopyMode)).toBe(true);
    for (const word of ['', 'Copied', 'toString', 'constructor', '__proto__']) {
      expect([isOutcome(word), isProof(word), isCopyMode(word), isReasonCode(word)]).toEqual([false, false, false, false]);
    }
  });

  test('name for every reason its class and a sentence', () => {
    for (const code of Object.keys(REASONS) as ReasonCode[]) {
      expect(isReasonCode(code)).toBe(true);
      expect(['retryable', 'final']).toContain(reasonClass(code));
      expect(REASONS[code].meaning).toMatch(/^[a-z][^.]+$/);
    }
  });

  test('let another round try what time or a full sweep may heal, and nothing that stays as it is', () => {
    expect(reasonClass('throttled')).toBe('retryable');
    expect(reasonClass('part-map-mismatch')).toBe('retryable');
    expect(reasonClass('not-recorded')).toBe('retryable');
    expect(reasonClass('etag-mismatch')).toBe('final');
    expect(reasonClass('source-changed')).toBe('final');
  });
});
