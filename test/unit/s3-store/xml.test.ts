import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyBytes } from '../../../infra/local/s3-store/key-bytes.ts';
import { ServiceError } from '../../../infra/local/s3-store/service-error.ts';
import { childrenOf, parseXml, textOf } from '../../../infra/local/s3-store/xml-read.ts';
import { document, elements, escapeXml } from '../../../infra/local/s3-store/xml-write.ts';

describe('XML', () => {
  test('written text comes back, control characters too', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: fc.constantFrom('\x00', '\r', '\n', '\t', '&', '<', '"', ']]>', '&amp;', '\x7f') }),
        (a, b) => {
          const text = keyBytes(a + b);
          expect(textOf(parseXml(document('R', elements({ Key: text }))), 'Key')).toBe(text);
        },
      ),
    );
  });

  test('control characters are written as references, quotes as S3 writes them', () => {
    expect(escapeXml('a\r"<&>\x01')).toBe('a&#xd;&quot;&lt;&amp;&gt;&#x1;');
  });

  test('elements repeat for lists, nest for objects, and are left out for null', () => {
    expect(elements({ A: [1, { B: 'x' }], C: null, D: undefined, E: true, F: '' })).toBe('<A>1</A><A><B>x</B></A><E>true</E><F></F>');
  });

  test('reads what clients write: declaration, namespace prefixes, attributes, comments, CDATA, white space, empty elements', () => {
    const root = parseXml(
      '<?xml version="1.0"?>\n<!-- c --><s3:Delete xmlns:s3="x">\n <Object a="1"><Key><![CDATA[a<b]]></Key><Empty/></Object>\n<Object/></s3:Delete>\n',
    );
    expect(root.name).toBe('Delete');
    const [first, second] = childrenOf(root, 'Object');
    expect(first === undefined ? null : textOf(first, 'Key')).toBe('a<b');
    expect(second?.children).toEqual([]);
  });

  test('references become the bytes of their characters', () => {
    expect(parseXml('<a>&#233;&#x1F600;&lt;&apos;</a>').text).toBe(keyBytes("é\u{1F600}<'"));
  });

  test.each(['', 'x', '<a>', '<a></b>', '</a>', '<a>&nope;</a>', '<a>&#x110000;</a>', '<a><b></a></b>', '<a', '<a></a><'])('%j is malformed', (xml) => {
    expect(() => parseXml(xml)).toThrow(expect.objectContaining({ code: 'MalformedXML' }));
    expect(() => parseXml(xml)).toThrow(ServiceError);
  });

  test('a document that is cut anywhere is malformed', () => {
    const whole = '<Delete><Object><Key>a&amp;b</Key></Object><Quiet>true</Quiet></Delete>';
    for (let end = 0; end < whole.length; end++) expect(() => parseXml(whole.slice(0, end))).toThrow(ServiceError);
  });
});
