import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEntities, elementsOf, encodeEntities, fitsXml, nextElement, textOf } from '../../../emr-steps/s3/xml.ts';

describe('decodeEntities', () => {
  it.each([
    ['&quot;0af3-2&quot;', '"0af3-2"'],
    ['&quot;&quot;', '""'],
    ['&quot;', '"'],
    ['&quot;a', '"a'],
    ['a&quot;', 'a"'],
    ['&quot;a&amp;b&quot;', '"a&b"'],
    ['&quot;a&quot;&quot;', '"a""'],
  ])('reads %s as %s', (text, expected) => {
    expect(decodeEntities(text)).toBe(expected);
  });

  it('reads named, decimal and hexadecimal entities once', () => {
    expect(decodeEntities('&lt;&gt;&amp;&quot;&apos;&#65;&#x1F600;&#xd;&amp;lt;')).toBe('<>&"\'A😀\r&lt;');
  });

  it.each(['&nbsp;', '&', '&#x110000;', '&#;', 'plain'])('leaves %s as it is', (text) => {
    expect(decodeEntities(text)).toBe(text);
  });

  it('is the inverse of encodeEntities for what XML can hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeEntities(encodeEntities(text))).toBe(text);
        expect(encodeEntities(text)).not.toMatch(/[<>\r\n\t]/);
      }),
    );
  });
});

describe('fitsXml', () => {
  it.each(['\u0000', 'a\u0008', '\u000b', '\u001f', '\uffff'])('says that %j cannot stand in XML', (text) => {
    expect(fitsXml(text)).toBe(false);
  });

  it.each(['\t\r\n', '\u007f', '\u0085', '😀', ''])('says that %j can', (text) => {
    expect(fitsXml(text)).toBe(true);
  });
});

describe('nextElement', () => {
  it('is not taken in by a longer name, attributes or an empty element', () => {
    const xml = '<Result xmlns="a"><PartNumber>1</PartNumber><Part /><Part id="3">x</Part><Part>y</Part></Result>';
    expect(elementsOf(xml, 'Part')).toEqual(['', 'x', 'y']);
    expect(textOf(xml, 'PartNumber')).toBe('1');
  });

  it.each(['<Part', '<Part>', '<Part>x', '<Part>x</Par', '<Part x="1"', ''])('finds nothing in the piece %j', (xml) => {
    expect(nextElement(xml, 'Part')).toBeNull();
    expect(textOf(xml, 'Part')).toBeNull();
  });

  it('says where the element ends', () => {
    expect(nextElement('a<K>v</K>b', 'K')).toEqual({ content: 'v', end: 9 });
    expect(nextElement('a<K/>b', 'K')).toEqual({ content: '', end: 5 });
  });
});
