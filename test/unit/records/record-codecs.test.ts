import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { copyResult } from '../../../emr-steps/records/copy-result.ts';
import { copyTask } from '../../../emr-steps/records/copy-task.ts';
import { ledgerRow } from '../../../emr-steps/records/ledger-row.ts';
import { objectRecord } from '../../../emr-steps/records/object-record.ts';
import type { RecordCodec } from '../../../emr-steps/records/record-codec.ts';
import { RecordError } from '../../../emr-steps/records/record-error.ts';
import { sweptUpload } from '../../../emr-steps/records/swept-upload.ts';
import { copyResults, copyTasks, ledgerRows, objectRecords, sweptUploads } from './arbitraries.ts';

// biome-ignore lint/suspicious/noExplicitAny: one list for records of every kind
const CODECS: readonly (readonly [RecordCodec<any>, fc.Arbitrary<any>, number])[] = [
  [objectRecord, objectRecords, 10],
  [copyTask, copyTasks, 17],
  [copyResult, copyResults, 20],
  [ledgerRow, ledgerRows, 15],
  [sweptUpload, sweptUploads, 7],
];

/** What Hadoop, Hive, Trino or DuckDB would take for the end of a line or column, or for null. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these must not stand in a column
const BREAKS_A_LINE = /[\u0000-\u0008\u000a-\u001f\u007f]/;

function refusal(work: () => unknown): RecordError {
  try {
    work();
  } catch (error) {
    if (error instanceof RecordError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** Changes one column, or the number of columns, in a way that is often wrong. */
const DAMAGE = fc.record({
  at: fc.nat(17),
  column: fc.oneof(fc.constantFrom('', '\\N', '-1', '05', '1e3', '1.0', 'x', ' ', '%', '%0a', '\\', '0', '12', '00000', 'copied', 'whole'), fc.string()),
});

/** Columns that lines of the first version have, where later ones came. */
const LEAST = new Map<unknown, number>([
  [objectRecord, 4],
  [copyTask, 15],
  [copyResult, 18],
  [ledgerRow, 14],
]);

describe.each(CODECS)('$record', (codec, arbitrary, width) => {
  test('comes back from its line as it was, whatever its key and texts hold', () => {
    fc.assert(
      fc.property(arbitrary, (record) => {
        expect(codec.decode(codec.encode(record))).toEqual(record);
      }),
      { numRuns: 500 },
    );
  });

  test('is one line of its columns, without a byte that any reader takes for an end', () => {
    fc.assert(
      fc.property(arbitrary, (record) => {
        const line = codec.encode(record);
        expect(line.split('\t')).toHaveLength(width);
        expect(line).not.toMatch(BREAKS_A_LINE);
        for (const column of line.split('\t')) expect(column.includes('\\') && column !== '\\N').toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test('refuses a damaged line, or gives exactly the record that writes it', () => {
    fc.assert(
      fc.property(arbitrary, DAMAGE, (record, { at, column }) => {
        const columns = codec.encode(record).split('\t');
        const line = columns.with(at % columns.length, column).join('\t');
        let back: unknown;
        try {
          back = codec.decode(line);
        } catch (error) {
          expect(error).toBeInstanceOf(RecordError);
          return;
        }
        expect(codec.encode(back).split('\t').slice(0, 2)).toEqual(line.split('\t').slice(0, 2));
        expect(codec.decode(codec.encode(back))).toEqual(back);
      }),
      { numRuns: 2_000 },
    );
  });

  test('leaves further columns to later versions of the format', () => {
    fc.assert(
      fc.property(arbitrary, (record) => {
        expect(codec.decode(`${codec.encode(record)}\tlater\t`)).toEqual(record);
      }),
    );
  });

  test('refuses a line with too few columns and names the kind of record', () => {
    const error = refusal(() => codec.decode('key\tetag'));
    expect(error.message).toBe(`malformed ${codec.record}: 2 columns in "key\\tetag", at least ${LEAST.get(codec) ?? width} are needed`);
    expect(error.retryable).toBe(false);
  });

  test('shows only the beginning of a long line that it refuses', () => {
    expect(refusal(() => codec.decode('x'.repeat(5_000_000))).message.length).toBeLessThan(400);
  });
});

test.each(CODECS.filter(([codec]) => codec !== sweptUpload))('$record refuses to write a size that is no whole number', (codec, arbitrary) => {
  fc.assert(
    fc.property(arbitrary, fc.constantFrom(Number.NaN, -1, 0.5, 2 ** 53, Number.POSITIVE_INFINITY), (record, size) => {
      expect(refusal(() => codec.encode({ ...record, size })).reason).toContain('size is');
    }),
  );
});
