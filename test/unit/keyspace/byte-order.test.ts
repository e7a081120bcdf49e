import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commonPrefix, compareKeys } from '../../../emr-steps/keyspace/byte-order.ts';

const text = fc.string({ unit: 'binary', maxLength: 12 });
/** Few characters, so that texts share beginnings: both sides of the surrogates, and the ends of each length of UTF-8. */
const close = fc.string({ unit: fc.constantFrom('a', 'b', '\u007f', '\u0080', '\u07ff', '\u0800', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}') });

describe('compareKeys', () => {
  it('orders as the UTF-8 bytes do', () => {
    fc.assert(
      fc.property(fc.oneof(text, close), fc.oneof(text, close), (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 2000 },
    );
  });

  it('puts an emoji behind U+FFFD, where UTF-16 puts it before', () => {
    expect(compareKeys('😀', '\ufffd')).toBeGreaterThan(0);
    expect('😀' < '\ufffd').toBe(true);
  });

  it('puts a key before what goes on with it', () => {
    expect(compareKeys('a', 'a\0')).toBeLessThan(0);
    expect(compareKeys('a/', 'a')).toBeGreaterThan(0);
    expect(compareKeys('a', 'a')).toBe(0);
  });
});

describe('commonPrefix', () => {
  it('is where both texts begin alike and what follows differs', () => {
    fc.assert(
      fc.property(close, close, close, (head, a, b) => {
        const common = commonPrefix(head + a, head + b);
        expect(common.length).toBeGreaterThanOrEqual(head.length);
        expect((head + a).startsWith(common) && (head + b).startsWith(common)).toBe(true);
        const [x, y] = [[...(head + a).slice(common.length)][0], [...(head + b).slice(common.length)][0]];
        expect(x === undefined || x !== y).toBe(true);
      }),
    );
  });

  it('never cuts a code point in two', () => {
    expect(commonPrefix('a😀', 'a😁')).toBe('a');
    expect('a😀'.charCodeAt(1)).toBe('a😁'.charCodeAt(1));
  });
});
