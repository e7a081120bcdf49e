import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pacer, paceGroup } from '../../../emr-steps/s3/pacing.ts';

/** Sends as fast as the pacer lets it from `from` to `to`; the times at which requests went. */
function sendAllOut(pacer: Pacer, key: string, from: number, to: number, every = 1): number[] {
  const sent: number[] = [];
  let now = from;
  while (now < to) {
    const at = now + pacer.reserve(key, now);
    if (at < to) sent.push(at);
    now = Math.max(now + every, at);
  }
  return sent;
}

describe('paceGroup', () => {
  it.each([
    ['a/b/c', 'a'],
    ['a', ''],
    ['/a', ''],
    ['', ''],
  ])('puts %j into group %j', (key, group) => {
    expect(paceGroup(key)).toBe(group);
  });
});

describe('Pacer', () => {
  it('holds nobody up before the first refusal', () => {
    const pacer = new Pacer(0);
    for (let now = 0; now < 100; now++) expect(pacer.reserve('a/b', now)).toBe(0);
    expect(pacer.rateOf('a/b', 100)).toBeNull();
  });

  it('never lets more than the ceiling through, whatever the times', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 300 }), (ceiling, gaps) => {
        const pacer = new Pacer(ceiling);
        let now = 0;
        const sent = gaps.map((gap) => {
          now += gap;
          return now + pacer.reserve('k', now);
        });
        sent.sort((a, b) => a - b);
        sent.forEach((first, i) => {
          sent.slice(i).forEach((last, count) => {
            expect(count).toBeLessThanOrEqual(((last - first + 50) / 1000) * ceiling + 1.001);
          });
        });
      }),
      { numRuns: 50 },
    );
  });

  it('lowers the rate of the refused prefix to seven tenths of what was sent, and of no other', () => {
    const pacer = new Pacer(0);
    sendAllOut(pacer, 'hot/x', 0, 3000);
    pacer.refused('hot/y', 2990, 3000);
    expect(pacer.rateOf('hot/z', 3000)).toBeCloseTo(700, -1);
    expect(pacer.rateOf('cold/z', 3000)).toBeNull();
    expect(pacer.reserve('cold/z', 3000)).toBe(0);
  });

  it('measures the rate in the first moments too', () => {
    const pacer = new Pacer(0);
    sendAllOut(pacer, 'k', 0, 200);
    pacer.refused('k', 100, 200);
    expect(pacer.rateOf('k', 200)).toBeGreaterThan(350);
  });

  it('counts refusals of requests that were under way when the rate fell as one', () => {
    const pacer = new Pacer(0);
    sendAllOut(pacer, 'k', 0, 3000);
    pacer.refused('k', 2950, 3000);
    const after = pacer.rateOf('k', 3000);
    for (let i = 0; i < 50; i++) pacer.refused('k', 2950 + i, 3000);
    expect(pacer.rateOf('k', 3000)).toBe(after);
    pacer.refused('k', 3251, 3300);
    expect(pacer.rateOf('k', 3300)).toBeLessThan((after ?? 0) * 0.75);
  });

  it('sends at the lowered rate, raises it step by step and forgets the prefix in the end', () => {
    const pacer = new Pacer(0);
    sendAllOut(pacer, 'k', 0, 3000);
    pacer.refused('k', 2999, 3000);
    const nextSecond = sendAllOut(pacer, 'k', 3000, 4000).length;
    expect(nextSecond).toBeGreaterThan(650);
    expect(nextSecond).toBeLessThan(850);
    sendAllOut(pacer, 'k', 4000, 34_000, 5);
    expect(pacer.rateOf('k', 34_000)).toBeNull();
  });

  it('never stops altogether, and a rate only rises while nothing is refused', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ gap: fc.integer({ min: 1, max: 500 }), isRefused: fc.boolean() }), { maxLength: 200 }), (steps) => {
        const pacer = new Pacer(0);
        let now = 0;
        let before = 0;
        for (const { gap, isRefused } of steps) {
          now += gap;
          pacer.reserve('k', now);
          if (isRefused) pacer.refused('k', now, now);
          const rate = pacer.rateOf('k', now) ?? Number.POSITIVE_INFINITY;
          expect(rate).toBeGreaterThanOrEqual(1);
          if (!isRefused) expect(rate).toBeGreaterThanOrEqual(before);
          before = rate;
        }
      }),
    );
  });

  it('finds the rate of a service that allows a fixed number a second', () => {
    const pacer = new Pacer(0);
    const allowed = 200;
    let now = 0;
    let second = 0;
    let used = 0;
    let refused = 0;
    let served = 0;
    while (now < 120_000) {
      now += Math.max(1, pacer.reserve('k', now));
      if (Math.floor(now / 1000) !== second) {
        second = Math.floor(now / 1000);
        used = 0;
      }
      used += 1;
      if (used > allowed) {
        pacer.refused('k', now - 1, now);
        refused += now > 60_000 ? 1 : 0;
      } else if (now > 60_000) served += 1;
    }
    expect(served / 60).toBeGreaterThan(allowed * 0.6);
    expect(refused / (served + refused)).toBeLessThan(0.1);
  });
});
