import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeLooseText, decodeNullableText, decodeText, encodeDetail, encodeNullableText, encodeText, NULL_COLUMN } from '../../../emr-steps/records/text.ts';
import { key, ODD_KEYS } from './arbitraries.ts';

/** The rule of the format, said byte by byte: 00 to 1F, 7F, `%`, `\`, a space at either end, and a byte order mark at the beginning. */
function plainEncode(text: string): string {
  const bytes = [...Buffer.from(text)];
  const encoded = (byte: number, at: number): boolean =>
    byte < 0x20 || byte === 0x7f || byte === 0x25 || byte === 0x5c || (byte === 0x20 && (at === 0 || at === bytes.length - 1));
  const mark = text.startsWith('\ufeff') ? 3 : 0;
  const out = bytes.flatMap((byte, at) => (encoded(byte, at) || at < mark ? [...Buffer.from(`%${byte.toString(16).toUpperCase().padStart(2, '0')}`)] : [byte]));
  return Buffer.from(out).toString();
}

describe('encodeText', () => {
  test('encodes exactly the bytes that the format names', () => {
    fc.assert(
      fc.property(key, (text) => {
        expect(encodeText(text)).toBe(plainEncode(text));
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['a\tb', 'a%09b'],
    [' ', '%20'],
    ['  ', '%20%20'],
    [' a b ', '%20a b%20'],
    ['a\r\n', 'a%0D%0A'],
    ['100%', '100%25'],
    ['\\N', '%5CN'],
    ['\u007f\u0080\u2028', '%7F\u0080\u2028'],
    ['', ''],
    ['\ufeffa\ufeff', '%EF%BB%BFa\ufeff'],
  ])('writes %j as %j', (text, column) => {
    expect(encodeText(text)).toBe(column);
  });

  test('keeps different keys different and never looks like null', () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        expect(encodeText(a) === encodeText(b)).toBe(a === b);
        expect(encodeText(a)).not.toBe(NULL_COLUMN);
      }),
      { numRuns: 2_000 },
    );
  });

  test('keeps the order of keys where it encodes nothing, U+FFFF before what lies beyond it', () => {
    const [below, above] = [encodeText('\uffff'), encodeText('\u{10000}')];
    expect(Buffer.compare(Buffer.from(below), Buffer.from(above))).toBe(-1);
    expect(below > above).toBe(true); // JavaScript's own order is another one
  });
});

describe('decodeText', () => {
  test('gives every key back', () => {
    for (const text of ODD_KEYS) expect(decodeText(encodeText(text))).toBe(text);
    fc.assert(
      fc.property(key, (text) => {
        expect(decodeText(encodeText(text))).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  test('refuses whatever is not the one encoding of its text', () => {
    fc.assert(
      fc.property(key, (column) => {
        let text: string;
        try {
          text = decodeText(column);
        } catch (error) {
          expect((error as Error).name).toBe('RecordError');
          return;
        }
        expect(encodeText(text)).toBe(column);
      }),
      { numRuns: 5_000 },
    );
  });

  test.each([
    '%',
    '%2',
    '%zz',
    'a%',
    '%0a',
    '%41',
    ' a',
    'a ',
    'a\tb',
    '\\N',
    '%80',
    '%FF',
    '%E3%81%82',
    'a%EF%BB%BF',
    '\ufeffa',
    '%ef%bb%bf',
  ])('refuses %j', (column) => {
    expect(() => decodeText(column)).toThrow('malformed text');
  });
});

describe('nullable text', () => {
  test('tells null from a text that spells it', () => {
    expect(encodeNullableText(null)).toBe('\\N');
    expect(encodeNullableText('\\N')).toBe('%5CN');
    expect(decodeNullableText('\\N')).toBeNull();
    expect(decodeNullableText('%5CN')).toBe('\\N');
    expect(encodeDetail(null)).toBe('\\N');
  });
});

describe('decodeLooseText', () => {
  test('reads hand-written escapes in either case and of any ASCII character', () => {
    expect(decodeLooseText('a%2fb%2C%41 c')).toBe('a/b,A c');
    expect(decodeLooseText('日本 ')).toBe('日本 ');
  });

  test('refuses a percent sign that escapes nothing, with what to write', () => {
    expect(() => decodeLooseText('50% off')).toThrow('"%" in "50% off" is no escape; write a percent sign as %25');
  });

  test('refuses the carriage return that a file from Windows leaves at the end', () => {
    expect(() => decodeLooseText('logs/\r')).toThrow('"logs/\\r" holds a control character; write it as %0D');
  });
});
