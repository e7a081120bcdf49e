import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodePercent, encodeListed, encodePath, encodeStrict } from '../../../infra/local/s3-store/percent.ts';

const bytes = fc.uint8Array().map((array) => Buffer.from(array).toString('latin1'));

describe('percent-encoding', () => {
  test.each([
    ['strict', encodeStrict],
    ['of a path', encodePath],
    ['of a listing', encodeListed],
  ])('%s is undone for all bytes', (_, encode) => {
    fc.assert(
      fc.property(bytes, (key) => {
        expect(decodePercent(encode(key))).toBe(key);
      }),
    );
  });

  test("strict agrees with the vendor on everything but !()*', which it encodes too", () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const expected = encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
        expect(encodeStrict(Buffer.from(text).toString('latin1'))).toBe(expected);
      }),
    );
  });

  test('a listing writes a space as plus and a plus as %2B, and leaves slashes', () => {
    expect(encodeListed('a b+c/d~e*')).toBe('a+b%2Bc/d%7Ee*');
  });

  test.each(['%', '%4', 'a%zz', '%%41'])('%s is malformed', (text) => {
    expect(decodePercent(text)).toBeNull();
  });
});
