import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitMilliseconds, TimeLimit, TimeLimitError } from '../../../emr-steps/s3/time-limit.ts';

describe('limitMilliseconds', () => {
  it('is the base for small requests and grows by a second for every 2 MiB', () => {
    expect(limitMilliseconds(60_000, 0)).toBe(60_000);
    expect(limitMilliseconds(60_000, 5 * 1024 ** 3)).toBe(60_000 + 2_560_000);
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (a, b) => {
        expect(limitMilliseconds(1000, Math.max(a, b))).toBeGreaterThanOrEqual(limitMilliseconds(1000, Math.min(a, b)));
      }),
    );
  });
});

describe('TimeLimit', () => {
  it('ends in an abort that says how long was waited', async () => {
    const limit = new TimeLimit(5, undefined);
    await new Promise((resolve) => limit.signal.addEventListener('abort', resolve));
    expect(limit.signal.reason).toBeInstanceOf(TimeLimitError);
    expect(limit.signal.reason).toMatchObject({ milliseconds: 5 });
    limit.end();
  });

  it("hands the caller's abort on with its reason", () => {
    const outer = new AbortController();
    const limit = new TimeLimit(60_000, outer.signal);
    outer.abort('stop');
    expect(limit.signal.reason).toBe('stop');
    limit.end();
    expect(new TimeLimit(60_000, outer.signal).signal.aborted).toBe(true);
  });

  it('listens once for all that run under a signal, and stops each of them', () => {
    const outer = new AbortController();
    const limits = [1, 2, 3].map(() => new TimeLimit(60_000, outer.signal));
    expect(getEventListeners(outer.signal, 'abort')).toHaveLength(1);
    limits[1]?.end();
    outer.abort('stop');
    expect(limits.map(({ signal }) => signal.aborted)).toEqual([true, false, true]);
    for (const limit of limits) limit.end();
    expect(getEventListeners(outer.signal, 'abort')).toHaveLength(0);
  });

  it('leaves nothing behind when it ends', () => {
    const outer = new AbortController();
    const limit = new TimeLimit(60_000, outer.signal);
    expect(getEventListeners(outer.signal, 'abort')).toHaveLength(1);
    limit.end();
    expect(getEventListeners(outer.signal, 'abort')).toHaveLength(0);
    outer.abort();
    expect(limit.signal.aborted).toBe(false);
  });
});
