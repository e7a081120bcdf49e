import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeListed, encodeKey, encodeValue, queryString } from '../../../emr-steps/s3/uri.ts';

describe('encodeKey', () => {
  it.each([
    ['a//b', 'a//b'],
    ['./x', './x'],
    ['../y/', '../y/'],
    ['a b+c', 'a%20b%2Bc'],
    ["!'()*", '%21%27%28%29%2A'],
    ['\u0000\n\u007f', '%00%0A%7F'],
    ['%2F', '%252F'],
    ['é😀', '%C3%A9%F0%9F%98%80'],
  ])('sends %j as %s', (key, encoded) => {
    expect(encodeKey(key)).toBe(encoded);
  });

  it('loses nothing, and leaves only unreserved signs and slashes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (key) => {
        const encoded = encodeKey(key);
        expect(encoded).toMatch(/^(?:[A-Za-z0-9\-_.~/]|%[0-9A-F]{2})*$/);
        expect(decodeURIComponent(encoded)).toBe(key);
      }),
    );
  });

  it('refuses what has no UTF-8', () => {
    expect(() => encodeKey('a\ud800')).toThrow(URIError);
  });
});

describe('encodeValue', () => {
  it('encodes slashes too', () => {
    expect(encodeValue('a/b~')).toBe('a%2Fb~');
  });
});

describe('queryString', () => {
  it('sorts by name, writes empty values with an equals sign and leaves out what is null or undefined', () => {
    expect(queryString({ uploads: '', prefix: 'a b', 'key-marker': null, 'max-keys': 5, x: undefined })).toBe('max-keys=5&prefix=a%20b&uploads=');
  });
});

describe('decodeListed', () => {
  it('is the inverse of what S3 writes, and reads a plus as a space', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (key) => {
        expect(decodeListed(encodeValue(key), true)).toBe(key);
        expect(decodeListed(encodeValue(key).replaceAll('%20', '+'), true)).toBe(key);
      }),
    );
  });

  it('keeps a literal plus that comes as %2B', () => {
    expect(decodeListed('a%2Bb+c', true)).toBe('a+b c');
  });

  it('leaves a key as it is where the answer is not encoded', () => {
    expect(decodeListed('a%41+b', false)).toBe('a%41+b');
  });

  it.each(['%', '%zz', '%C3', 'plain'])('leaves %s as it is', (text) => {
    expect(decodeListed(text, true)).toBe(text);
  });
});
