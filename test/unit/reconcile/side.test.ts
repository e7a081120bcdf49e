import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reconcileMapper, SIDES, sideOf, UnknownSideError } from '../../../emr-steps/reconcile/side.ts';
import { objectRecord } from '../../../emr-steps/records/object-record.ts';
import { objectRecords } from '../records/arbitraries.ts';

const RUN = { 'to-copy': 's3://logs/runs/r1/diff/try-1/to-copy', ledger: 's3://logs/runs/r1/rounds/1/ledger/try-1' };

describe('sideOf', () => {
  test.each([
    ['s3://logs/runs/r1/diff/try-1/to-copy', 'to-copy'],
    ['s3a://logs/runs/r1/rounds/1/ledger/try-1', 'ledger'],
    ['/runs/r1/rounds/1/ledger/try-1/', 'ledger'],
  ] as const)('knows %s as %s', (directory, side) => {
    expect(sideOf(directory, RUN)).toBe(side);
  });

  test('knows the three sides of a verification, and the ledger of every round', () => {
    const three = {
      source: 's3://logs/r1/source/try-1',
      destination: 's3://logs/r2/verify/destination/try-1',
      ledger: 's3://logs/r1/rounds/1/ledger/try-1,s3://logs/r1/rounds/2/ledger/try-2',
    };
    expect(sideOf('s3://logs/r1/source/try-1', three)).toBe('source');
    expect(sideOf('s3://logs/r2/verify/destination/try-1', three)).toBe('destination');
    expect(sideOf('s3://logs/r1/rounds/1/ledger/try-1', three)).toBe('ledger');
    expect(sideOf('s3a://logs/r1/rounds/2/ledger/try-2', three)).toBe('ledger');
    expect(() => sideOf('s3://logs/r1/rounds/2/ledger/try-1', three)).toThrow('neither --source');
    expect(() => sideOf('s3://logs/r1/source/try-1', { ...three, ledger: undefined, source: undefined })).toThrow('--ledger (not given)');
  });

  test('compares directories without scheme and authority', () => {
    const local = { 'to-copy': '/run/to-copy', ledger: 'file:///run/ledger' };
    expect(sideOf('file:/run/to-copy', local)).toBe('to-copy');
    expect(sideOf('/run/ledger', local)).toBe('ledger');
    expect(sideOf('hdfs://master:8020/run/to-copy', local)).toBe('to-copy');
  });

  test.each([
    ['a third directory', 's3://logs/runs/r1/source', RUN, 'the input lies in s3://logs/runs/r1/source, which is neither --to-copy s3://logs/runs/r1/diff'],
    ['a directory below', `${RUN.ledger}/sub`, RUN, 'which is neither'],
    ['a directory whose name begins alike', `${RUN.ledger}0`, RUN, 'which is neither'],
    ['both sides at once', '/a', { 'to-copy': '/a', ledger: '/a/' }, 'the input lies in /a, which is both --to-copy /a and --ledger /a/'],
    ['sides that were not given', '/a', { 'to-copy': undefined, ledger: undefined }, '--ledger (not given)'],
    ['no directory', null, RUN, 'mapreduce_map_input_file is not set; outside Hadoop say which side the lines are with --side'],
  ])('refuses %s', (_what, directory, sides, message) => {
    expect(() => sideOf(directory, sides)).toThrow(expect.objectContaining({ message: expect.stringContaining(message), retryable: false }));
    expect(() => sideOf(directory, sides)).toThrow(UnknownSideError);
  });
});

describe('reconcileMapper', () => {
  test('writes the side as column 2 and leaves everything else as it is', () => {
    fc.assert(
      fc.property(objectRecords, fc.constantFrom(...SIDES), (record, side) => {
        const line = objectRecord.encode(record);
        const columns = reconcileMapper(side)(line).split('\t');
        expect(columns[1]).toBe(side);
        expect(columns.toSpliced(1, 1).join('\t')).toBe(line);
      }),
    );
  });

  test('keeps an empty key', () => {
    expect(reconcileMapper('ledger')('\tb')).toBe('\tledger\tb');
  });

  test('refuses a line of one column', () => {
    expect(() => reconcileMapper('ledger')('key')).toThrow('"key" is one column, at least two are needed');
  });
});
