import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInRange } from '../../../../emr-steps/keyspace/key-range.ts';
import type { Partition } from '../../../../emr-steps/records/partition.ts';
import { below, PartitionFileError, parsePartitionFile, partitionLines, WHOLE_PREFIX } from '../../../../workflows/request/partition-file.ts';

const parse = (text: string) => parsePartitionFile(Buffer.from(text));

describe('a part file', () => {
  it("is read as Campanile's test set has it: the delimiter keeps 00 and 000/00 apart", () => {
    const partitions = parse('# part file\n/,0\n,000/\n\n,1\n,f');
    expect(partitions.map((one) => `${one.delimiter},${one.prefix}`)).toEqual(['/,0', ',000/', ',1', ',f']);
  });

  it('takes key ranges that tile', () => {
    expect(parse(',\t\\N\tb\n,\tb\td\n,\td\t\\N\n')).toHaveLength(3);
  });

  it.each([
    ['no comma', ',a\nb\n', 'line 2: "b" has no comma'],
    ['a line end of Windows', ',a\r\n', 'line 1: ",a\\r" holds a control character'],
    ['a wrong escape', ',%zz\n', 'line 1: "%"'],
    ['an empty range', ',\tb\tb\n', 'line 1: no key lies after "b"'],
    ['a prefix twice', ',a\n,a\n', 'line 2: overlaps line 1'],
    ['a prefix inside another', ',a\n,ab\n', 'line 2: overlaps line 1'],
    ['ranges that overlap', ',\t\\N\tc\n,\tb\t\\N\n', 'line 2: overlaps line 1'],
    ['comments alone', '# nothing\n', 'the part file holds no partition'],
    ['two wrong lines', 'x\ny\n', 'line 1: "x" has no comma; write delimiter,prefix with an empty delimiter for none; line 2: "y"'],
  ])('is refused for %s', (_, text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  it('is refused where it is not UTF-8', () => {
    expect(() => parsePartitionFile(Uint8Array.of(0x2c, 0xff))).toThrow(expect.objectContaining({ code: 'PARTITION_FILE_INVALID' }));
  });

  it('is refused wherever some key lies in two partitions', () => {
    const bound = fc.option(fc.string({ unit: fc.constantFrom('a', 'b', '/'), minLength: 1, maxLength: 4 }), { nil: null });
    const slice = fc.record({
      delimiter: fc.constantFrom('', '/'),
      prefix: fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 2 }),
      startAfter: bound,
      end: bound,
    });
    const everyKey = ['', 'a', 'b', '/'].flatMap((one) =>
      ['', 'a', 'b', '/'].flatMap((two) => ['', 'a', 'b', '/'].flatMap((three) => ['', 'a', 'b', '/'].map((four) => one + two + three + four))),
    );
    const holds = (one: Partition, text: string) =>
      text.startsWith(one.prefix) && isInRange(one, text) && (one.delimiter === '' || !text.slice(one.prefix.length).includes(one.delimiter));
    fc.assert(
      fc.property(fc.array(slice, { minLength: 2, maxLength: 4 }), (slices) => {
        const doubled = everyKey.some((text) => slices.filter((one) => holds(one, text)).length > 1);
        fc.pre(doubled);
        expect(() => parse(partitionLines(slices))).toThrow(PartitionFileError);
      }),
      { numRuns: 300 },
    );
  });

  it('comes back from its lines', () => {
    const bound = fc.option(fc.string({ unit: 'grapheme', minLength: 1 }), { nil: null });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), bound, (prefix, end) => {
        const slice: Partition = { delimiter: '', prefix, startAfter: null, end };
        expect(parse(partitionLines([slice]))).toEqual([slice]);
      }),
    );
  });

  it('moves below a prefix with its bounds', () => {
    expect(below('logs/', WHOLE_PREFIX)).toEqual({ delimiter: '', prefix: 'logs/', startAfter: null, end: null });
    expect(below('logs/', { delimiter: '/', prefix: 'a', startAfter: 'ab', end: 'ac' })).toEqual({
      delimiter: '/',
      prefix: 'logs/a',
      startAfter: 'logs/ab',
      end: 'logs/ac',
    });
  });
});
