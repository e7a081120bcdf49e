import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pacer, paceGroup } from '../../../emr-steps/s3/pacing.ts';
import { seeded } from '../../helpers/seeded-random.ts';

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
    expect(pacer.rateOf('a/b')).toBeNull();
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

  /**
   * A service: `judge` says whether a request at that time is refused. Sends as fast as the pacer lets it, at most so many a second; counts
   * what happens from `from` on.
   */
  function serve(pacer: Pacer, key: string, judge: (now: number) => boolean, span: { from: number; to: number; perSecond: number }) {
    const gap = 1000 / span.perSecond;
    let [sent, refused] = [0, 0];
    for (let now = 0; now < span.to; now += gap) {
      now += pacer.reserve(key, now);
      const isRefused = judge(now);
      if (isRefused) pacer.refused(key, now);
      if (now >= span.from) {
        sent += 1;
        refused += isRefused ? 1 : 0;
      }
    }
    return { perSecond: (sent / (span.to - span.from)) * 1000, share: refused / Math.max(sent, 1) };
  }

  /** Allows so many a second, evenly: a bucket of tokens that holds a tenth of a second's. */
  function allows(perSecond: number): (now: number) => boolean {
    let [tokens, last] = [perSecond / 10, 0];
    return (now) => {
      tokens = Math.min(perSecond / 10, tokens + ((now - last) * perSecond) / 1000);
      last = now;
      if (tokens < 1) return true;
      tokens -= 1;
      return false;
    };
  }

  it.each([50, 200, 3500])('finds the rate of a service that allows %i a second, with few refusals once there', (allowed) => {
    const { perSecond, share } = serve(new Pacer(0), 'k', allows(allowed), { from: 30_000, to: 90_000, perSecond: allowed * 4 });
    expect(perSecond).toBeGreaterThan(allowed * 0.8);
    expect(share).toBeLessThan(0.03);
  });

  it('holds up the refused prefix and no other', () => {
    const pacer = new Pacer(0);
    serve(pacer, 'hot/x', allows(100), { from: 0, to: 5_000, perSecond: 1_000 });
    expect(pacer.rateOf('hot/z')).toBeLessThan(200);
    expect(pacer.rateOf('cold/z')).toBeNull();
    expect(pacer.reserve('cold/z', 5_000)).toBe(0);
  });

  it('is not slowed down by a service that refuses one in twenty whatever the rate', () => {
    const random = seeded(1);
    const { perSecond } = serve(new Pacer(0), 'k', () => random() < 0.05, { from: 0, to: 60_000, perSecond: 1_000 });
    expect(perSecond).toBeGreaterThan(900);
  });

  it.each([0.01, 0.05])('goes up again after a slump though %f of the requests are refused whatever the rate', (noise) => {
    const random = seeded(1);
    const pacer = new Pacer(0);
    const slump = allows(100);
    const service = (now: number) => (now < 10_000 ? slump(now) : random() < noise);
    expect(serve(pacer, 'k', service, { from: 90_000, to: 180_000, perSecond: 1_000 }).perSecond).toBeGreaterThan(600);
  });

  it('raises the rate again after a slump and forgets the prefix in the end', () => {
    const pacer = new Pacer(0);
    const slump = allows(100);
    serve(pacer, 'k', (now) => now < 10_000 && slump(now), { from: 0, to: 60_000, perSecond: 1_000 });
    expect(pacer.rateOf('k')).toBeGreaterThan(1_500);
    expect(pacer.rateOf('k')).toBeLessThan(2_500);
    expect(pacer.reserve('k', 60_000)).toBe(0);
    serve(pacer, 'k', () => false, { from: 60_000, to: 340_000, perSecond: 1_000 });
    expect(pacer.rateOf('k')).toBeNull();
    expect(pacer.reserve('k', 340_000)).toBe(0);
  });

  it('does not fall to less than half in a window in which everything is refused, and never stops altogether', () => {
    const pacer = new Pacer(0);
    serve(pacer, 'k', () => true, { from: 0, to: 300, perSecond: 1_000 });
    expect(pacer.rateOf('k')).toBeGreaterThan(400);
    serve(pacer, 'k', () => true, { from: 0, to: 600_000, perSecond: 1_000 });
    expect(pacer.rateOf('k')).toBeGreaterThanOrEqual(1);
    expect(pacer.rateOf('k')).toBeLessThan(10);
  });
});
