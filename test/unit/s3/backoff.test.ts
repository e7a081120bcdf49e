import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMilliseconds, retryAfterMilliseconds } from '../../../emr-steps/s3/backoff.ts';

const attempts = fc.integer({ min: 1, max: 60 });
const random = fc.double({ min: 0, max: 0.999, noNaN: true });
const classes = fc.constantFrom('throttle', 'transient' as const);

describe('backoffMilliseconds', () => {
  it('draws from zero to a bound that doubles up to 20 seconds', () => {
    fc.assert(
      fc.property(attempts, classes, random, (attempt, retryClass, drawn) => {
        const base = retryClass === 'throttle' ? 500 : 100;
        const bound = Math.min(20_000, base * 2 ** (attempt - 1));
        expect(backoffMilliseconds(attempt, retryClass, drawn, null)).toBeCloseTo(drawn * bound);
      }),
    );
  });

  it('waits at least as long as the service asks, but never more than a minute for it', () => {
    fc.assert(
      fc.property(attempts, classes, random, fc.integer({ min: 0, max: 1_000_000 }), (attempt, retryClass, drawn, asked) => {
        const wait = backoffMilliseconds(attempt, retryClass, drawn, asked);
        expect(wait).toBeGreaterThanOrEqual(Math.min(asked, 60_000));
        expect(wait).toBeLessThanOrEqual(Math.min(asked, 60_000) + 20_000);
      }),
    );
  });
});

describe('retryAfterMilliseconds', () => {
  const now = Date.UTC(2026, 10, 20, 10, 0, 0);

  it.each([
    ['3', 3000],
    ['0', 0],
    ['Fri, 20 Nov 2026 10:00:07 GMT', 7000],
    ['Fri, 20 Nov 2026 09:00:00 GMT', 0],
    ['soon', null],
    [undefined, null],
  ])('reads %j as %j', (header, milliseconds) => {
    expect(retryAfterMilliseconds(header, now)).toBe(milliseconds);
  });
});
