import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitMilliseconds, TimeLimit, TimeLimitError } from '../../../emr-steps/s3/time-limit.ts';

describe('limitMilliseconds', () => {
  it('is the base for requests without payload and grows by a second for every 2 MiB that are begun', () => {
    expect(limitMilliseconds(60_000, 0)).toBe(60_000);
    expect([1, 2 * 1024 ** 2, 2 * 1024 ** 2 + 1].map((bytes) => limitMilliseconds(60_000, bytes))).toEqual([61_000, 61_000, 62_000]);
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
    await new Promise((resolve) => limit.addEventListener('abort', { handleEvent: () => resolve(null) }));
    expect(limit.reason).toBeInstanceOf(TimeLimitError);
    expect(limit.reason).toMatchObject({ milliseconds: 5 });
    limit.end();
  });

  it("hands the caller's abort on with its reason", () => {
    const outer = new AbortController();
    const limit = new TimeLimit(60_000, outer.signal);
    outer.abort('stop');
    expect(limit.reason).toBe('stop');
    limit.end();
    expect(new TimeLimit(60_000, outer.signal).aborted).toBe(true);
  });

  it('listens once for all that run under a signal, and stops each of them', () => {
    const outer = new AbortController();
    const limits = [1, 2, 3].map(() => new TimeLimit(60_000, outer.signal));
    expect(getEventListeners(outer.signal, 'abort')).toHaveLength(1);
    limits[1]?.end();
    outer.abort('stop');
    expect(limits.map(({ aborted }) => aborted)).toEqual([true, false, true]);
    for (const limit of limits) limit.end();
    expect(getEventListeners(outer.signal, 'abort')).toHaveLength(0);
  });

  it('stops every one that still runs, whichever ended before and whichever end while the others are stopped', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ ends: fc.boolean(), endsWhenStopped: fc.boolean() }), { maxLength: 12 }), fc.integer(), (plans, seed) => {
        const outer = new AbortController();
        const limits = plans.map(() => new TimeLimit(60_000, outer.signal));
        const order = plans.map((_, at) => at).sort((a, b) => ((a * 7 + seed) % 5) - ((b * 7 + seed) % 5));
        for (const at of order) if (plans[at]?.ends) limits[at]?.end();
        for (const at of order) if (plans[at]?.endsWhenStopped) limits[at]?.addEventListener('abort', { handleEvent: () => limits[at]?.end() });
        outer.abort('stop');
        expect(limits.map(({ aborted, reason }) => (aborted ? reason : null))).toEqual(plans.map(({ ends }) => (ends ? null : 'stop')));
        for (const limit of limits) limit.end();
        expect(getEventListeners(outer.signal, 'abort')).toHaveLength(0);
      }),
    );
  });

  it('tells each listener once, and none that was taken away', () => {
    const limit = new TimeLimit(60_000, undefined);
    const told: string[] = [];
    const [first, second, third] = ['first', 'second', 'third'].map((name) => ({ handleEvent: () => void told.push(name) }));
    for (const listener of [first, second, third]) if (listener !== undefined) limit.addEventListener('abort', listener);
    if (second !== undefined) limit.removeEventListener('abort', second);
    limit.stop('now');
    limit.stop('again');
    expect({ told, reason: limit.reason }).toEqual({ told: ['first', 'third'], reason: 'now' });
    limit.end();
  });

  it('leaves nothing behind when it ends', () => {
    const outer = new AbortController();
    const limit = new TimeLimit(60_000, outer.signal);
    expect(getEventListeners(outer.signal, 'abort')).toHaveLength(1);
    limit.end();
    expect(getEventListeners(outer.signal, 'abort')).toHaveLength(0);
    outer.abort();
    expect(limit.aborted).toBe(false);
  });
});
