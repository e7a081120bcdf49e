import { describe, expect, it } from 'vitest';
import { listedText } from '../../../emr-steps/s3/list-objects-v2.ts';
import { ENTRY_STRIDE, LISTED_FIELDS, ListingScanner } from '../../../emr-steps/s3/listing-scanner.ts';
import { ListingSyntaxError } from '../../../emr-steps/s3/markup-reader.ts';
import { listingXml, objectNamed, PLAIN_FORM, type XmlForm } from '../list/listing-xml.ts';

/** The raw values of every entry, by field. */
function valuesIn(xml: string | Uint8Array): readonly Readonly<Record<string, string>>[] {
  const page = new ListingScanner().scan(Buffer.from(xml as string));
  return Array.from({ length: page.count }, (_, entry) => {
    const values: Record<string, string> = {};
    LISTED_FIELDS.forEach((name, field) => {
      const at = entry * ENTRY_STRIDE + field * 2;
      const [start, end] = [page.fields[at] as number, page.fields[at + 1] as number];
      if (start > 0) values[name] = page.body.toString('utf8', start, end);
    });
    return values;
  });
}

function result(inside: string): string {
  return `<ListBucketResult><IsTruncated>false</IsTruncated>${inside}</ListBucketResult>`;
}

const ENTRY = '<Contents><Key>a</Key><Size>1</Size></Contents>';

describe('the scanner', () => {
  it('finds the values of S3', () => {
    const [first, second] = valuesIn(listingXml({ objects: [objectNamed('a'), { ...objectNamed('b/c'), size: 5, storageClass: 'GLACIER' }] }));
    expect(first).toEqual({
      Key: 'a',
      LastModified: '2023-08-28T07:20:05.000Z',
      ETag: '&quot;5470d9578d6985e2c600acc27ffe11f4&quot;',
      Size: '2723',
      StorageClass: 'STANDARD',
    });
    expect(second).toMatchObject({ Key: 'b/c', Size: '5', StorageClass: 'GLACIER' });
  });

  it.each<[string, Partial<XmlForm>]>([
    ['in another order', { reverse: true }],
    ['with owners', { owner: true }],
    ['among elements that it does not know', { unknown: true }],
    ['on lines of their own', { pretty: true }],
  ])('finds them %s', (_, form) => {
    const objects = ['a', 'bb', 'ccc', 'd'].map(objectNamed);
    expect(valuesIn(listingXml({ objects }, { ...PLAIN_FORM, ...form }))).toEqual(valuesIn(listingXml({ objects })));
  });

  it('reads an entry that is made otherwise than the one before it', () => {
    const entries = [ENTRY, '<Contents><Key>b</Key><ETag>e</ETag><Size>22</Size></Contents>', ENTRY, '<Contents><Size>3</Size><Key>c</Key></Contents>'];
    expect(valuesIn(result(entries.join('')))).toEqual([
      { Key: 'a', Size: '1' },
      { Key: 'b', ETag: 'e', Size: '22' },
      { Key: 'a', Size: '1' },
      { Key: 'c', Size: '3' },
    ]);
  });

  it('reads an entry that differs in any byte from the one before it as it reads that entry alone', () => {
    const entry = '<Contents><Key>a</Key><ETag>e</ETag><Size>1</Size><StorageClass>S</StorageClass></Contents>';
    const read = (inside: string) => {
      try {
        return valuesIn(result(inside));
      } catch (error) {
        expect(error).toBeInstanceOf(ListingSyntaxError);
        return null;
      }
    };
    const others = Array.from(entry, (_, at) => `${entry.slice(0, at)}x${entry.slice(at + 1)}`);
    // A name that is another one in both of its tags is no error but an element that nobody knows.
    for (const [name, other] of [
      ['ETag', 'ETaX'],
      ['Size', 'Sxze'],
      ['StorageClass', 'StorageClasX'],
      ['StorageClass', 'StoragXClass'],
    ] as const)
      others.push(entry.replaceAll(name, other));
    const [first] = read(entry) ?? [];
    for (const other of others) {
      const alone = read(other);
      expect(read(entry + other), other).toEqual(alone === null ? null : [first, ...alone]);
    }
    expect(read(entry + others.at(-1))).toEqual([first, { Key: 'a', ETag: 'e', Size: '1' }]);
  });

  it('takes an element without content for a missing one', () => {
    expect(valuesIn(result('<Contents><Key>a</Key><ETag/><Size>1</Size></Contents>'))).toEqual([{ Key: 'a', Size: '1' }]);
  });

  it('spans several checksum algorithms, and what is inside of RestoreStatus', () => {
    const [values] = valuesIn(
      result(
        '<Contents><Key>a</Key><ChecksumAlgorithm>CRC32</ChecksumAlgorithm><ChecksumAlgorithm>SHA1</ChecksumAlgorithm><Size>1</Size><RestoreStatus><A>1</A></RestoreStatus></Contents>',
      ),
    );
    expect(values).toMatchObject({ ChecksumAlgorithm: 'CRC32</ChecksumAlgorithm><ChecksumAlgorithm>SHA1', RestoreStatus: '<A>1</A>' });
  });

  it('has room for more entries than S3 ever sends', () => {
    expect(valuesIn(result(ENTRY.repeat(2500)))).toHaveLength(2500);
  });

  it('forgets the page before', () => {
    const scanner = new ListingScanner();
    scanner.scan(Buffer.from(listingXml({ objects: [objectNamed('a'), objectNamed('b')], commonPrefixes: ['c/'], truncated: true, token: 't' })));
    const page = scanner.scan(Buffer.from(result(ENTRY)));
    expect(page).toMatchObject({ count: 1, commonPrefixes: [], isTruncated: false, isUrlEncoded: false, nextToken: null });
    expect([...page.fields.subarray(0, ENTRY_STRIDE)].filter((offset) => offset > 0)).toHaveLength(4);
  });

  it('reads what stands beside the entries', () => {
    const page = new ListingScanner().scan(Buffer.from(listingXml({ objects: [], commonPrefixes: ['a b/', 'c/'], truncated: true, token: 'x&y' })));
    expect(page).toMatchObject({ count: 0, isTruncated: true, isUrlEncoded: true, nextToken: 'x&y' });
    expect(page.commonPrefixes).toHaveLength(4);
    expect(listedText(page, page.commonPrefixes[0] as number, page.commonPrefixes[1] as number)).toBe('a b/');
  });

  it('refuses an answer that is cut off, at every byte', () => {
    const whole = Buffer.from(listingXml({ objects: ['a', 'bb', 'ccc'].map(objectNamed), commonPrefixes: ['d/'] }, { ...PLAIN_FORM, owner: true }));
    const scanner = new ListingScanner();
    for (let length = 0; length < whole.length; length += 1)
      expect(() => scanner.scan(whole.subarray(0, length)), `${length} bytes`).toThrow(ListingSyntaxError);
    expect(scanner.scan(whole).count).toBe(3);
  });

  it.each([
    ['another document', '<Error><Code>SlowDown</Code></Error>', 'no ListBucketResult'],
    ['no IsTruncated', '<ListBucketResult></ListBucketResult>', 'IsTruncated is ""'],
    ['a strange IsTruncated', '<ListBucketResult><IsTruncated>maybe</IsTruncated></ListBucketResult>', 'IsTruncated is "maybe"'],
    ['fewer entries than it says', result(`<KeyCount>2</KeyCount>${ENTRY}`), 'KeyCount is "2" and 1 came'],
    ['an entry without a key', result('<Contents><Size>1</Size></Contents>'), 'without a Key'],
    ['an entry with an empty key', result('<Contents><Key></Key><Size>1</Size></Contents>'), 'without a Key'],
    ['an entry without a size', result('<Contents><Key>a</Key></Contents>'), 'without a Size'],
    ['an empty entry', result('<Contents/>'), 'empty Contents'],
    ['two keys in an entry', result('<Contents><Key>a</Key><Key>b</Key><Size>1</Size></Contents>'), 'twice'],
    ['markup in a value', result('<Contents><Key>a<b/></Key><Size>1</Size></Contents>'), 'not closed'],
    ['a comment', result('<!-- a -->'), 'a comment'],
    ['CDATA', result('<Contents><Key><![CDATA[a]]></Key><Size>1</Size></Contents>'), 'CDATA'],
    ['a wrong end', '<ListBucketResult><IsTruncated>false</IsTruncated></Other>', 'not closed'],
    ['an entry that is not closed', result('<Contents><Key>a</Key><Size>1</Size></Other>'), 'Contents is not closed'],
    ['something behind the end', `${result('')}<More/>`, 'follows'],
  ])('refuses %s', (_, xml, message) => {
    expect(() => new ListingScanner().scan(Buffer.from(xml))).toThrow(message);
  });

  it('takes blanks around the document, and a server that counts keys without common prefixes', () => {
    const xml = `\n<?xml version="1.0"?>\n${result(`<KeyCount>1</KeyCount>${ENTRY}<CommonPrefixes><Prefix>b/</Prefix></CommonPrefixes>`)}\n\n`;
    expect(new ListingScanner().scan(Buffer.from(xml)).count).toBe(1);
  });
});
