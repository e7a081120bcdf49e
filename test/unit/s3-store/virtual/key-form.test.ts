import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalWidth, phrase, writeDecimal, writeHex16, writeHex32, writeNumber, writePhrase } from '../../../../infra/local/s3-store/virtual/digits.ts';
import { inForm } from '../../../../infra/local/s3-store/virtual/key-form.ts';
import { scratchSpace } from '../../../../infra/local/s3-store/virtual/key-shape.ts';
import { keyShape, SHAPE_NAMES } from '../../../../infra/local/s3-store/virtual/shape-names.ts';

function written(write: (into: DataView, at: number) => number): string {
  const { view, bytes } = scratchSpace(2000);
  return bytes.toString('utf8', 3, write(view, 3));
}

describe('writing into bytes', () => {
  it('writes numbers as JavaScript prints them', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        expect(written((into, at) => writeNumber(into, at, value))).toBe(String(value));
      }),
    );
    for (const value of [0, 9, 10, 99, 100, 999_999_999, 1_000_000_000, 50_000_000_000_000]) {
      expect(written((into, at) => writeNumber(into, at, value))).toBe(String(value));
    }
  });

  it('writes numbers in a fixed width with leading zeros', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(5), (value, more) => {
        const width = decimalWidth(value) + more;
        expect(written((into, at) => writeDecimal(into, at, value, width))).toBe(String(value).padStart(width, '0'));
      }),
    );
  });

  it('writes hexadecimal digits of 32 and 16 bits', () => {
    fc.assert(
      fc.property(fc.integer(), (value) => {
        expect(written((into, at) => writeHex32(into, at, value))).toBe((value >>> 0).toString(16).padStart(8, '0'));
        expect(written((into, at) => writeHex16(into, at, value))).toBe((value & 0xffff).toString(16).padStart(4, '0'));
      }),
    );
  });

  it('writes any text as a phrase, byte for byte', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(written((into, at) => writePhrase(into, at, phrase(text)))).toBe(text);
      }),
    );
  });
});

describe.each([...SHAPE_NAMES])('keys of %s in a listing', (name) => {
  const inBytes = keyShape(name, 5000);
  const { view, bytes } = scratchSpace(2000);

  it.each(['url', 'xml'] as const)('are the same keys in the form %s', (form) => {
    const shape = keyShape(name, 5000, form);
    for (let index = 0; index < 5000; index += 7) {
      const key = Buffer.from(bytes.subarray(0, inBytes.write(index, view, 0)));
      const end = shape.write(index, view, 0);
      expect(end).toBeLessThanOrEqual(shape.maximumBytes);
      const shown = bytes.toString('utf8', 0, end);
      expect(shown).toBe(inForm(form, key).toString('utf8'));
      if (form === 'url') expect(decodeURIComponent(shown.replaceAll('+', ' '))).toBe(key.toString('utf8'));
    }
  });
});

describe('the forms of a key', () => {
  it('encode what S3 encodes', () => {
    const key = Buffer.from('a b+c=%&<>"é/~*-_.\r', 'utf8');
    expect(inForm('url', key).toString()).toBe('a+b%2Bc%3D%25%26%3C%3E%22%C3%A9/%7E*-_.%0D');
    expect(inForm('xml', key).toString()).toBe('a b+c=%&amp;&lt;&gt;&quot;é/~*-_.&#xd;');
  });
});
