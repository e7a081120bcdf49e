import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareKeys } from '../../../emr-steps/keyspace/byte-order.ts';
import { boundBehindPrefix, LAST_CODE_POINT, successorOfKey, successorOfPrefix } from '../../../emr-steps/keyspace/successor.ts';

const text = fc.string({ unit: fc.oneof(fc.constantFrom('a', 'b', '\ud7ff', '\ue000', '\uffff', '\u{10000}', LAST_CODE_POINT), fc.constantFrom('\0', '~')) });

describe('successorOfKey', () => {
  it('leaves no room between a key and the next', () => {
    fc.assert(
      fc.property(text, text, (key, other) => {
        expect(compareKeys(key, successorOfKey(key))).toBeLessThan(0);
        expect(compareKeys(other, key) > 0 && compareKeys(other, successorOfKey(key)) < 0).toBe(false);
      }),
    );
  });
});

describe('successorOfPrefix', () => {
  it('stands behind all that begins with the prefix and before all that is behind it', () => {
    fc.assert(
      fc.property(text, text, text, (prefix, tail, other) => {
        const next = successorOfPrefix(prefix);
        if (next === null) {
          expect([...prefix].every((character) => character === LAST_CODE_POINT)).toBe(true);
          return;
        }
        expect(next.isWellFormed()).toBe(true);
        expect(compareKeys(prefix + tail, next)).toBeLessThan(0);
        if (compareKeys(other, prefix) > 0 && !other.startsWith(prefix)) expect(compareKeys(other, next)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['a', 'b'],
    ['\ud7ff', '\ue000'],
    ['\uffff', '\u{10000}'],
    [`a${LAST_CODE_POINT}`, 'b'],
    [LAST_CODE_POINT, null],
    ['', null],
  ])('of %j is %j', (prefix, next) => {
    expect(successorOfPrefix(prefix)).toBe(next);
  });
});

describe('boundBehindPrefix', () => {
  it('stands behind every key with the prefix that does not go on with the last code point', () => {
    fc.assert(
      fc.property(text, text, (prefix, tail) => {
        fc.pre(!tail.startsWith(LAST_CODE_POINT));
        expect(compareKeys(prefix + tail, boundBehindPrefix(prefix))).toBeLessThan(0);
      }),
    );
  });
});
