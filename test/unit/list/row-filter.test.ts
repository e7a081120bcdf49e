import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareKeys } from '../../../emr-steps/keyspace/byte-order.ts';
import { LineBlocks } from '../../../emr-steps/list/line-blocks.ts';
import { listObjects } from '../../../emr-steps/list/list-objects.ts';
import { isOpen, type ListFilter, RowFilter } from '../../../emr-steps/list/row-filter.ts';
import { RowWriter } from '../../../emr-steps/list/row-writer.ts';
import { type ObjectRecord, objectRecord } from '../../../emr-steps/records/object-record.ts';
import { ListingScanner } from '../../../emr-steps/s3/listing-scanner.ts';
import { oneBatch, recordingContext } from '../plan/fake-s3.ts';
import { key, objectRecords } from '../records/arbitraries.ts';
import { listedBucket, listingXml, objectNamed } from './listing-xml.ts';

const NONE = { globs: [], expressions: [] } as const;
const OPEN: ListFilter = {
  include: NONE,
  exclude: NONE,
  minSize: null,
  maxSize: null,
  modifiedAfter: null,
  modifiedBefore: null,
  classes: [],
  exceptClasses: [],
};
const TIME = new Date('2026-01-02T03:04:05.900Z');

function keeps(filter: Partial<ListFilter>, record: Partial<ObjectRecord>): boolean {
  const line = Buffer.from(`xx${objectRecord.encode({ ...objectNamed('k'), ...record })}\n`);
  return new RowFilter({ ...OPEN, ...filter }).keeps(line, 2, line.length);
}

describe('a row stays', () => {
  test.each<[string, Partial<ListFilter>, Partial<ObjectRecord>, boolean]>([
    ['where nothing is asked for', {}, {}, true],
    ['with a size at the least', { minSize: 10 }, { size: 10 }, true],
    ['but not below it', { minSize: 10 }, { size: 9 }, false],
    ['with a size at the most', { maxSize: 10 }, { size: 10 }, true],
    ['but not above it', { maxSize: 10 }, { size: 11 }, false],
    ['with a size beyond 2^52', { minSize: Number.MAX_SAFE_INTEGER }, { size: Number.MAX_SAFE_INTEGER }, true],
    ['modified in that second', { modifiedAfter: TIME }, { mtime: '2026-01-02 03:04:05' }, true],
    ['but not before', { modifiedAfter: TIME }, { mtime: '2026-01-02 03:04:04' }, false],
    ['modified before that second', { modifiedBefore: TIME }, { mtime: '2026-01-02 03:04:04' }, true],
    ['but not in it', { modifiedBefore: TIME }, { mtime: '2026-01-02 03:04:05' }, false],
    ['where nobody knows when it was modified', { modifiedBefore: TIME, modifiedAfter: TIME }, { mtime: null }, true],
    ['with a class of the list', { classes: ['GLACIER', 'STANDARD_IA'] }, { storageClass: 'STANDARD_IA' }, true],
    ['but not with another', { classes: ['GLACIER'] }, { storageClass: 'STANDARD_IA' }, false],
    ['but not with an excepted one', { exceptClasses: ['GLACIER'] }, { storageClass: 'GLACIER' }, false],
    ['as STANDARD where the server names no class', { classes: ['STANDARD'] }, { storageClass: null }, true],
    ['but not as STANDARD where that is excepted', { exceptClasses: ['STANDARD'] }, { storageClass: null }, false],
    ['with a key that is included', { include: { globs: ['a/*'], expressions: [] } }, { key: 'a/%\t' }, true],
    ['but not with another key', { include: { globs: ['a/*'], expressions: [] } }, { key: 'b/a/' }, false],
    ['with a key whose column is encoded', { include: { globs: [], expressions: ['^ \t% $'] } }, { key: ' \t% ' }, true],
    [
      'but not with a key that is excluded too',
      { include: { globs: ['*'], expressions: [] }, exclude: { globs: [], expressions: ['x'] } },
      { key: 'axb' },
      false,
    ],
    ['with the empty key of the prefix itself', { include: { globs: [''], expressions: [] } }, { key: '' }, true],
  ])('%s', (_what, filter, record, stays) => {
    expect(keeps(filter, record)).toBe(stays);
  });

  test('by its own columns alone, for any record', () => {
    fc.assert(
      fc.property(objectRecords, fc.nat(), fc.string(), (record, minSize, text) => {
        expect(keeps({ minSize }, record)).toBe(record.size >= minSize);
        expect(keeps({ classes: [text, 'STANDARD'] }, record)).toBe([text, 'STANDARD'].includes(record.storageClass ?? 'STANDARD'));
        expect(keeps({ exclude: { globs: [], expressions: ['^[^a]*$'] } }, record)).toBe(record.key.includes('a'));
      }),
    );
  });
});

test('what is left out is counted with its bytes', () => {
  const filter = new RowFilter({ ...OPEN, minSize: 10 });
  for (const size of [9, 10, 3]) filter.keeps(Buffer.from(`${objectRecord.encode({ ...objectNamed('k'), size })}\n`), 0, 0);
  expect([filter.leftOut, filter.leftOutBytes]).toEqual([2, 12]);
});

test('a filter is open only where it asks for nothing', () => {
  const closed: readonly Partial<ListFilter>[] = [
    { include: { globs: ['a'], expressions: [] } },
    { exclude: { globs: [], expressions: ['a'] } },
    { minSize: 0 },
    { maxSize: 0 },
    { modifiedAfter: TIME },
    { modifiedBefore: TIME },
    { classes: ['A'] },
    { exceptClasses: ['A'] },
  ];
  expect([isOpen(OPEN), ...closed.map((filter) => isOpen({ ...OPEN, ...filter }))]).toEqual([true, ...closed.map(() => false)]);
});

describe('the row writer with a filter', () => {
  test('writes exactly the rows that stay, whatever stood before them', () => {
    const scanner = new ListingScanner();
    fc.assert(
      fc.property(
        fc.uniqueArray(
          key.filter((text) => text !== ''),
          { minLength: 1, maxLength: 30 },
        ),
        fc.array(fc.nat(20), { minLength: 1 }),
        (keys, sizes) => {
          const objects = keys.toSorted(compareKeys).map((name, at) => ({ ...objectNamed(name), size: sizes[at % sizes.length] as number }));
          const blocks: Buffer[] = [];
          const lines = new LineBlocks((block) => blocks.push(Buffer.from(block)));
          const filter = new RowFilter({ ...OPEN, minSize: 7, exclude: { globs: ['*b*'], expressions: [] } });
          const rows = new RowWriter(lines, '', () => new Error('order'), filter);
          const page = scanner.scan(Buffer.from(listingXml({ objects })));
          rows.write(page, page.count);
          lines.flush();
          const expected = objects.filter(({ size, key: name }) => size >= 7 && !name.includes('b'));
          expect(Buffer.concat(blocks).toString()).toBe(expected.map((object) => `${objectRecord.encode(object)}\n`).join(''));
          expect(filter.leftOut).toBe(objects.length - expected.length);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

test('a filtered listing is whole all the same: every range is listed, and what was left out is told apart', async () => {
  const keys = Array.from({ length: 5000 }, (_, at) => `folder-${at % 7}/${String(at).padStart(5, '0')}${at % 3 === 0 ? '.log' : ''}`);
  const context = recordingContext();
  const filter = new RowFilter({ ...OPEN, include: { globs: ['*.log'], expressions: [] } });
  const out: Uint8Array[] = [];
  const partitions = oneBatch([{ delimiter: '', prefix: '', startAfter: null, end: null }]);
  const program = listObjects({ client: listedBucket(keys), prefix: '', concurrency: 8, restoreStatus: false, filter });
  for await (const block of program(partitions, context)) out.push(block);
  const listed = Buffer.concat(out)
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => objectRecord.decode(line).key);
  const logs = keys.filter((name) => name.endsWith('.log'));
  expect(listed.toSorted(compareKeys)).toEqual(logs.toSorted(compareKeys));
  expect(context.counts.filtered).toBe(keys.length - logs.length);
});
