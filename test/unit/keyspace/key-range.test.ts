import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareKeys } from '../../../emr-steps/keyspace/byte-order.ts';
import { cutRange, isEmptyRange, isInRange, WHOLE_RANGE } from '../../../emr-steps/keyspace/key-range.ts';

const key = fc.string({ unit: fc.constantFrom('a', 'b', '\uffff', '\u{10000}'), maxLength: 4 });

describe('isInRange', () => {
  it('leaves out the start and takes in the end', () => {
    const range = { startAfter: 'b', end: 'd' };
    expect(['b', 'b\0', 'c', 'd', 'd\0'].filter((one) => isInRange(range, one))).toEqual(['b\0', 'c', 'd']);
  });

  it('takes in everything without bounds', () => {
    fc.assert(fc.property(key, (one) => isInRange(WHOLE_RANGE, one)));
  });
});

describe('isEmptyRange', () => {
  it('is true where no key can lie in the range', () => {
    expect(isEmptyRange({ startAfter: 'b', end: 'b' })).toBe(true);
    expect(isEmptyRange({ startAfter: '\u{10000}', end: '\uffff' })).toBe(true);
    expect(isEmptyRange({ startAfter: 'b', end: 'b\0' })).toBe(false);
    expect(isEmptyRange({ startAfter: null, end: '' })).toBe(false);
  });
});

describe('cutRange', () => {
  it('puts every key into exactly one of the pieces', () => {
    fc.assert(
      fc.property(fc.uniqueArray(key, { maxLength: 6 }), key, (cuts, one) => {
        const pieces = cutRange(WHOLE_RANGE, cuts.toSorted(compareKeys));
        expect(pieces).toHaveLength(cuts.length + 1);
        expect(pieces.filter((piece) => isInRange(piece, one))).toHaveLength(1);
      }),
    );
  });
});
