import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areHexadecimal, areInToken, IS_SPECIAL_IN_TOKEN } from '../../../emr-steps/list/byte-classes.ts';

const special = [0, 31, 32, 0x26, 0x2f, 0x30, 0x39, 0x3a, 0x3c, 0x40, 0x5c, 0x5f, 0x60, 0x66, 0x67, 0x70, 0x7e, 0x7f, 0x80, 0xb0, 0xe6, 0xff];
const word = fc.tuple(...Array.from({ length: 4 }, () => fc.oneof(fc.constantFrom(...Buffer.from('0159abdf')), fc.constantFrom(...special), fc.nat(255))));

describe('four bytes at once', () => {
  it('are hexadecimal digits where each of them is one', () => {
    for (let place = 0; place < 4; place += 1)
      for (let byte = 0; byte < 256; byte += 1) {
        const bytes = Buffer.from('9a0f');
        bytes[place] = byte;
        expect(areHexadecimal(bytes.readInt32LE()), `${byte} at ${place}`).toBe(/[0-9`a-f]/.test(String.fromCharCode(byte)));
      }
    fc.assert(fc.property(word, (bytes) => areHexadecimal(Buffer.from(bytes).readInt32LE()) === /^[0-9`a-f]{4}$/.test(String.fromCharCode(...bytes))));
  });

  it('go into a token where each of them does; hexadecimal digits always', () => {
    fc.assert(
      fc.property(word, (bytes) => {
        const four = Buffer.from(bytes).readInt32LE();
        expect(areInToken(four)).toBe(bytes.every((byte) => IS_SPECIAL_IN_TOKEN[byte] === 0));
        if (areHexadecimal(four)) expect(areInToken(four)).toBe(true);
      }),
    );
  });
});
