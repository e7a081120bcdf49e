import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPartitionComment, type Partition, partition } from '../../../emr-steps/records/partition.ts';
import { key } from './arbitraries.ts';

const bound = fc.option(
  key.filter((text) => text !== ''),
  { freq: 3 },
);
const delimiter = fc.oneof(fc.constantFrom('', '/', ',', '#', ' ', '%', '\\', '\t', '\n', '日', '😀'), fc.string({ unit: 'binary', maxLength: 1 }));
const partitions: fc.Arbitrary<Partition> = fc.record({ delimiter, prefix: key, startAfter: bound, end: bound });

/** A whole key space without bounds. */
const slice = (delimiter: string, prefix: string): Partition => ({ delimiter, prefix, startAfter: null, end: null });

describe('partition', () => {
  test('comes back from its line as it was, which is one line and no comment', () => {
    fc.assert(
      fc.property(partitions, (record) => {
        const line = partition.encode(record);
        expect(partition.decode(line)).toEqual(record);
        expect(isPartitionComment(line)).toBe(false);
        expect(line).not.toMatch(/[\r\n]/);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is written as Campanile writes it where it has no bounds', () => {
    expect(partition.encode(slice('/', '0'))).toBe('/,0');
    expect(partition.encode(slice('', '00'))).toBe(',00');
  });

  test.each([
    ['/,0', slice('/', '0')],
    [',000/', slice('', '000/')],
    [',', slice('', '')],
    ['/,a,b,,c', slice('/', 'a,b,,c')],
    [',#not a comment', slice('', '#not a comment')],
    [', lead', slice('', ' lead')],
    [',naïve%09', slice('', 'naïve\t')],
    ['%2C,x', slice(',', 'x')],
    [',p\ta\tb', { delimiter: '', prefix: 'p', startAfter: 'a', end: 'b' }],
    [',p\ta', { delimiter: '', prefix: 'p', startAfter: 'a', end: null }],
    [',p\t\\N\tb', { delimiter: '', prefix: 'p', startAfter: null, end: 'b' }],
    [',p\ta\tb\tlater', { delimiter: '', prefix: 'p', startAfter: 'a', end: 'b' }],
  ] as const)('reads %j', (line, record) => {
    expect(partition.decode(line)).toEqual(record);
  });

  test.each([
    ['no comma', 'prefix', '"prefix" has no comma; write delimiter,prefix with an empty delimiter for none'],
    ['a delimiter of two characters', '//,a', 'delimiter "//" is longer than one character'],
    ['a percent sign that escapes nothing', ',50%', 'write a percent sign as %25'],
    ['a carriage return of a file from Windows', '/,0\r', 'holds a control character; write it as %0D'],
    ['an empty end, which would list nothing', ',p\ta\t', 'end is empty; write \\N, or leave the column out, where the range is open'],
    ['a trailing tab, which would leave a key out', ',p\t', 'startAfter is empty'],
  ])('refuses a line with %s', (_what, line, reason) => {
    expect(() => partition.decode(line)).toThrow(reason);
  });

  test('refuses to write what it would not read', () => {
    expect(() => partition.encode({ ...slice('', ''), end: '' })).toThrow('end is empty');
    expect(() => partition.encode(slice('ab', ''))).toThrow('delimiter "ab" is longer than one character');
    expect(() => partition.encode({ ...slice('', ''), startAfter: '\udfff' })).toThrow('lone surrogate');
  });

  test.each([
    ['# a comment', true],
    ['#', true],
    ['', true],
    [',#', false],
    [' #', false],
  ])('of %j it is %s that it holds no partition', (line, comment) => {
    expect(isPartitionComment(line)).toBe(comment);
  });
});
