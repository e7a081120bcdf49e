import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CodePointSpans } from '../../../emr-steps/keyspace/code-point-spans.ts';

const MOST = 40;
const span = fc.tuple(fc.integer({ min: -1, max: MOST }), fc.integer({ min: -1, max: MOST })).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);

describe('a set of code points', () => {
  it('holds what was added and nothing else', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 12 }), (added) => {
        const spans = new CodePointSpans();
        const expected = new Set<number>();
        for (const [low, high] of added) {
          const before = expected.size;
          for (let point = low + 1; point < high; point += 1) expected.add(point);
          expect(spans.add(low, high)).toBe(expected.size > before);
        }
        for (let point = 0; point <= MOST; point += 1) expect(spans.has(point)).toBe(expected.has(point));
      }),
    );
  });

  it('leaves of a stretch what it does not hold', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 8 }), fc.nat({ max: MOST }), fc.nat({ max: MOST }), (added, a, b) => {
        const spans = new CodePointSpans();
        for (const [low, high] of added) spans.add(low, high);
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const left = spans.without(low, high).flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => first + at));
        expect(left).toEqual(Array.from({ length: high - low + 1 }, (_, at) => low + at).filter((point) => !spans.has(point)));
      }),
    );
  });

  it('forgets what would make it large', () => {
    const spans = new CodePointSpans();
    for (let at = 0; at < 1000; at += 1) spans.add(at * 10, at * 10 + 3);
    const held = Array.from({ length: 10_000 }, (_, point) => spans.has(point)).filter(Boolean).length;
    expect(held).toBe(2 * 64);
    expect(spans.add(0, 5)).toBe(true);
  });
});
