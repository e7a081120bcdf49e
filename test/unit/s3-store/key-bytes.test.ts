import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { afterPrefix, isValidUtf8, justAfter, keyBytes, keyText } from '../../../infra/local/s3-store/key-bytes.ts';

const text = fc.string({ unit: 'grapheme' });
const bytes = fc.uint8Array({ maxLength: 6 }).map((array) => Buffer.from(array).toString('latin1'));

describe('keys as bytes', () => {
  test('come back as the text they were', () => {
    fc.assert(
      fc.property(text, (key) => {
        expect(keyText(keyBytes(key))).toBe(key);
      }),
    );
  });

  test('compare in UTF-8 byte order, where JavaScript compares UTF-16', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(keyBytes(a) < keyBytes(b)).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0);
      }),
    );
    expect('\u{1F600}' < '\uFF5E').toBe(true);
    expect(keyBytes('\u{1F600}') < keyBytes('\uFF5E')).toBe(false);
  });

  test('are ASCII keys unchanged', () => {
    expect(keyBytes('a/b\x00\x7f')).toBe('a/b\x00\x7f');
  });

  test.each([
    ['a lone continuation byte', '\x80'],
    ['an overlong slash', '\xc0\xaf'],
    ['a surrogate', '\xed\xa0\x80'],
    ['a cut character', 'a\xe2\x82'],
    ['more than U+10FFFF', '\xf4\x90\x80\x80'],
  ])('%s is no UTF-8', (_, key) => {
    expect(isValidUtf8(key)).toBe(false);
  });

  test('every text is UTF-8', () => {
    fc.assert(
      fc.property(text, (key) => {
        expect(isValidUtf8(keyBytes(key))).toBe(true);
      }),
    );
    expect(isValidUtf8('\xef\xbb\xbfa')).toBe(true);
  });
});

describe('bounds', () => {
  test('after a prefix lies nothing that begins with it, and everything greater that does not', () => {
    fc.assert(
      fc.property(bytes, bytes, (prefix, key) => {
        const bound = afterPrefix(prefix);
        expect(bound === null || key < bound).toBe(key.startsWith(prefix) || key < prefix || bound === null);
      }),
    );
  });

  test('a prefix of nothing but 0xFF has no end', () => {
    expect(afterPrefix('')).toBeNull();
    expect(afterPrefix('\xff\xff')).toBeNull();
    expect(afterPrefix('a\xff')).toBe('b');
  });

  test('just after a key comes no other key', () => {
    fc.assert(
      fc.property(bytes, bytes, (key, other) => {
        expect(other >= justAfter(key)).toBe(other > key);
      }),
    );
  });
});
