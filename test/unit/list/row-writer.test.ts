import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareKeys } from '../../../emr-steps/keyspace/byte-order.ts';
import { LineBlocks, ListingEncodingError } from '../../../emr-steps/list/line-blocks.ts';
import { listedObject } from '../../../emr-steps/list/listed-object.ts';
import { RowWriter } from '../../../emr-steps/list/row-writer.ts';
import { type ObjectRecord, objectRecord } from '../../../emr-steps/records/object-record.ts';
import { ListingScanner } from '../../../emr-steps/s3/listing-scanner.ts';
import { listingXml, objectNamed, PLAIN_FORM, type XmlForm } from './listing-xml.ts';

const scanner = new ListingScanner();

/** The lines that come of answers, written by one writer. */
function linesOf(pages: readonly (string | Uint8Array)[], prefix = '', count?: number): string {
  const blocks: string[] = [];
  const lines = new LineBlocks((block) => blocks.push(Buffer.from(block).toString('utf8')));
  const rows = new RowWriter(lines, prefix, (_, entry) => new Error(`row ${entry} is out of order`));
  for (const xml of pages) {
    const page = scanner.scan(Buffer.from(xml as string));
    rows.write(page, count ?? page.count);
  }
  lines.flush();
  return blocks.join('');
}

function plainLines(objects: readonly ObjectRecord[], prefix = ''): string {
  return objects.map((object) => `${objectRecord.encode({ ...object, key: object.key.slice(prefix.length) })}\n`).join('');
}

/** What keys are made of: everything that an encoding treats apart, both sides of the surrogates, and beginnings that repeat. */
const piece = fc.oneof(
  fc.constantFrom(
    'a',
    'ab',
    '/',
    '//',
    '.',
    ' ',
    '  ',
    '+',
    '%',
    '%41',
    '&',
    '&amp;',
    '<',
    '"',
    "'",
    '\\',
    '\t',
    '\n',
    '\r',
    '\0',
    '\u007f',
    '=',
    '~',
    '\ufeff',
  ),
  fc.constantFrom('é', '京', '\u2028', '\uffff', '😀', '\u{10ffff}', 'a-longer-piece-of-a-key/', 'x'.repeat(70)),
  fc.string({ unit: 'binary', maxLength: 3 }),
);
/** Keys that no encoding touches, of which neighbours have much in common. */
const plainKey = fc.array(fc.constantFrom('a', 'b', 'logs', '2024-', 'x'.repeat(9)), { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(''));
const anyKey = fc
  .array(piece, { minLength: 1, maxLength: 8 })
  .map((pieces) => pieces.join(''))
  .filter((text) => text.isWellFormed() && text !== '');
const key = fc.oneof({ arbitrary: anyKey, weight: 3 }, { arbitrary: plainKey, weight: 2 });
const object: fc.Arbitrary<Omit<ObjectRecord, 'key'>> = fc.record({
  etag: fc.option(fc.constantFrom('5470d9578d6985e2c600acc27ffe11f4', '0123456789abcdef0123456789abcdef-12', 'a&b', 'short', '<')),
  size: fc.oneof(fc.nat(), fc.maxSafeNat()),
  mtime: fc.option(fc.constantFrom('2023-08-28 07:20:05', '2015-12-24 05:26:19', '1999-09-09 09:59:59')),
  storageClass: fc.option(fc.constantFrom('STANDARD', 'GLACIER', 'STANDARX', 'INTELLIGENT_TIERING')),
  checksumAlgorithm: fc.option(fc.constantFrom('CRC64NVME', 'CRC32,SHA256')),
  checksumType: fc.option(fc.constantFrom('FULL_OBJECT', 'COMPOSITE')),
  versionId: fc.constant(null),
  isDeleteMarker: fc.constant(null),
  restoreStatus: fc.option(fc.constant('restored'), { freq: 8 }),
});
const form: fc.Arbitrary<XmlForm> = fc.record({
  encoding: fc.constantFrom('url', 'xml'),
  space: fc.constantFrom('%20', '+'),
  plainSlash: fc.boolean(),
  hex: fc.constantFrom('upper', 'lower'),
  quote: fc.constantFrom('&quot;', '"', ''),
  reverse: fc.boolean(),
  owner: fc.boolean(),
  unknown: fc.boolean(),
  pretty: fc.boolean(),
});

function objectsOf(keys: readonly string[], rest: readonly Omit<ObjectRecord, 'key'>[]): readonly ObjectRecord[] {
  return keys.toSorted(compareKeys).map((name, at) => ({ ...(rest[at % rest.length] as Omit<ObjectRecord, 'key'>), key: name }));
}

describe('the row writer', () => {
  it('writes what the records say, however the server writes its listing', () => {
    fc.assert(
      fc.property(fc.uniqueArray(key, { minLength: 1, maxLength: 12 }), fc.array(object, { minLength: 1, maxLength: 4 }), form, (keys, rest, written) => {
        const objects = objectsOf(keys, rest);
        expect(linesOf([listingXml({ objects }, written)])).toBe(plainLines(objects));
      }),
      { numRuns: 3000 },
    );
  });

  it('leaves the prefix out, however the server writes it', () => {
    fc.assert(
      fc.property(
        key,
        fc.uniqueArray(fc.oneof(key, fc.constant('')), { minLength: 1, maxLength: 8 }),
        fc.array(object, { minLength: 1, maxLength: 2 }),
        form,
        (prefix, keys, rest, written) => {
          const objects = objectsOf(
            keys.map((name) => prefix + name),
            rest,
          );
          expect(linesOf([listingXml({ objects }, written)], prefix)).toBe(plainLines(objects, prefix));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('agrees with the plain way', () => {
    fc.assert(
      fc.property(fc.uniqueArray(key, { minLength: 1, maxLength: 6 }), fc.array(object, { minLength: 1, maxLength: 3 }), form, (keys, rest, written) => {
        const xml = Buffer.from(listingXml({ objects: objectsOf(keys, rest) }, written));
        const page = scanner.scan(xml);
        const plain = Array.from({ length: page.count }, (_, entry) => `${objectRecord.encode(listedObject(page, entry, ''))}\n`).join('');
        expect(linesOf([xml])).toBe(plain);
      }),
      { numRuns: 500 },
    );
  });

  it('goes on over pages and blocks', () => {
    const objects = Array.from({ length: 5000 }, (_, at) => objectNamed(`a${'/long'.repeat(20)}/${String(at).padStart(6, '0')}%`));
    const pages = [objects.slice(0, 2000), objects.slice(2000, 4999), objects.slice(4999)].map((part) => listingXml({ objects: part }));
    expect(linesOf(pages)).toBe(plainLines(objects));
  });

  it('writes a row that is larger than a block', () => {
    const objects = [{ ...objectNamed('a'), storageClass: 'S'.repeat(300_000) }, objectNamed(`b${'\n'.repeat(1023)}`)];
    expect(linesOf([listingXml({ objects })])).toBe(plainLines(objects));
  });

  it('writes no more rows than it is told to', () => {
    const objects = ['a', 'b', 'c'].map(objectNamed);
    expect(linesOf([listingXml({ objects })], '', 2)).toBe(plainLines(objects.slice(0, 2)));
  });

  it('refuses a row that does not stand behind the one before', () => {
    const order = (...keys: string[]) => listingXml({ objects: keys.map(objectNamed) });
    expect(() => linesOf([order('a', 'c', 'b')])).toThrow('row 2 is out of order');
    expect(() => linesOf([order('a', 'a')])).toThrow('row 1 is out of order');
    expect(() => linesOf([order('😀', '\ufffd')])).toThrow('row 1 is out of order');
    expect(() => linesOf([order('ab', 'a')])).toThrow('row 1 is out of order');
  });

  it('compares what escapes and entities stand for, whatever stands before them', () => {
    const order = (encoding: XmlForm['encoding'], before: string, after: string) =>
      listingXml({ objects: ['p/x', 'p/y'].map(objectNamed) }, { ...PLAIN_FORM, encoding })
        .replace('p/x', before)
        .replace('p/y', after);
    // The percent sign and the ampersand are bytes behind the exclamation mark; the space is before it.
    expect(() => linesOf([order('url', 'p/!', 'p/%20')], 'p/')).toThrow('row 1 is out of order');
    expect(() => linesOf([order('url', 'p/!', 'p/+')], 'p/')).toThrow('row 1 is out of order');
    expect(() => linesOf([order('xml', 'p/!', 'p/&#x20;')], 'p/')).toThrow('row 1 is out of order');
    expect(() => linesOf([order('url', 'p%2Fz', 'p/c')], 'p/')).toThrow('row 1 is out of order');
    expect(linesOf([order('url', 'p%2Fa', 'p/c')], 'p/')).toMatch(/^a\t.*\nc\t.*\n$/);
  });

  it('tells any two keys in order from the same out of order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(key, { minLength: 2, maxLength: 2 }), form, (keys, written) => {
        const objects = objectsOf(keys, [objectNamed('')]);
        expect(linesOf([listingXml({ objects }, written)])).toBe(plainLines(objects));
        expect(() => linesOf([listingXml({ objects: objects.toReversed() }, written)])).toThrow('out of order');
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['a size that is none', '<Size>2723<', '<Size>27x3<', 'Size is "27x3"'],
    ['a negative size', '<Size>2723<', '<Size>-1<', 'Size is "-1"'],
    ['a size beyond safe integers', '<Size>2723<', '<Size>9007199254740993<', 'Size is "9007199254740993"'],
    ['a time that is none', '2023-08-28T07:20:05', '2023-08-28Tnoon:05', 'LastModified is'],
    ['a broken escape', '<Key>a<', '<Key>a%4<', 'percent-encoded'],
    ['a key outside of the prefix', '<Key>p/a<', '<Key>q/a<', 'does not begin with "p/"'],
  ])('refuses %s', (_, from, to, message) => {
    const prefix = from.includes('p/') ? 'p/' : '';
    const xml = listingXml({ objects: [objectNamed(`${prefix}a`)] });
    expect(xml).toContain(from);
    expect(() => linesOf([xml.replace(from, to)], prefix)).toThrow(message);
  });

  it('refuses keys that are no UTF-8, raw and percent-encoded', () => {
    const xml = listingXml({ objects: [objectNamed('aXb')] });
    expect(() => linesOf([xml.replace('aXb', 'a%FFb')])).toThrow(ListingEncodingError);
    expect(() => linesOf([Buffer.from(xml.replace('aXb', 'a\xffb'), 'latin1')])).toThrow(ListingEncodingError);
  });

  it('reads times of other forms, and sizes with zeros before them', () => {
    const xml = listingXml({ objects: [objectNamed('a')] });
    const plain = plainLines([{ ...objectNamed('a'), mtime: '2023-08-28 05:20:05', size: 7 }]);
    expect(linesOf([xml.replace('07:20:05.000Z', '07:20:05+02:00').replace('2723', '007')])).toBe(plain);
  });

  it('reads a time with another byte anywhere but in its fraction the plain way, which refuses it or takes it for another form', () => {
    const xml = listingXml({ objects: [objectNamed('a')] });
    const time = '2023-08-28T07:20:05.000Z';
    const kept = [...Array(20).keys(), 23];
    for (const at of kept)
      for (const byte of ['x', ':', '/', ' ', '\u007f']) {
        const other = `${time.slice(0, at)}${byte}${time.slice(at + 1)}`;
        const plain = new Date(other);
        const lines = () => linesOf([xml.replace(time, other)]);
        if (other === time) continue;
        if (Number.isNaN(plain.getTime())) expect(lines, other).toThrow('LastModified is');
        else expect(lines(), other).toBe(plainLines([{ ...objectNamed('a'), mtime: plain.toISOString().slice(0, 19).replace('T', ' ') }]));
      }
  });

  it('takes a restore under way, or one without expiry, for not restored', () => {
    const restored = listingXml({ objects: [{ ...objectNamed('a'), restoreStatus: 'restored' }] });
    expect(linesOf([restored])).toContain('\trestored\n');
    expect(linesOf([restored.replace('InProgress>false<', 'InProgress>true<')])).toBe(plainLines([objectNamed('a')]));
    expect(linesOf([restored.replace(/<RestoreExpiryDate>.*<\/RestoreExpiryDate>/, '')])).toBe(plainLines([objectNamed('a')]));
  });

  it('notes the rows behind which keys part earliest', () => {
    const blocks = new LineBlocks(() => undefined);
    const rows = new RowWriter(blocks, '', () => new Error('order'));
    const keys = ['a/a/1', 'a/a/2', 'a/b/1', 'b/a/1', 'b/a/10', 'b/a/11', 'b/b/1'];
    const page = scanner.scan(Buffer.from(listingXml({ objects: keys.map(objectNamed) }, PLAIN_FORM)));
    rows.write(page, page.count);
    expect(rows.partings.rows).toEqual([2, 1, 0, 3]);
  });
});
