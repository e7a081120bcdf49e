/** Lines of every kind, made up or damaged: refused with a reason, or read so that they are written the same way again. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyResult } from '../../../emr-steps/records/copy-result.ts';
import { copyTask } from '../../../emr-steps/records/copy-task.ts';
import { diffCounts } from '../../../emr-steps/records/diff-counts.ts';
import { ledgerRow } from '../../../emr-steps/records/ledger-row.ts';
import { objectRecord } from '../../../emr-steps/records/object-record.ts';
import { outcomeCount } from '../../../emr-steps/records/outcome-count.ts';
import { partition } from '../../../emr-steps/records/partition.ts';
import type { RecordCodec } from '../../../emr-steps/records/record-codec.ts';
import { RecordError } from '../../../emr-steps/records/record-error.ts';

const CODECS = [objectRecord, copyTask, copyResult, ledgerRow, outcomeCount, diffCounts, partition] as readonly RecordCodec<unknown>[];

/** Columns such as records have, and such as they never have. Always valid Unicode: the line reader refuses bytes that are no UTF-8. */
const column = fc.oneof(
  fc.constantFrom(
    '\\N',
    '',
    ' ',
    '%',
    '%41',
    '%0A',
    '%e9',
    'whole',
    'part',
    'settled',
    'copied',
    'failed',
    'archived',
    'etag',
    '-1',
    '1e9',
    '00001',
    '9007199254740993',
  ),
  fc.constantFrom(
    '9a0364b9e99bb480dd25e1f0284c8555',
    '2026-01-01 00:00:00',
    '2026-13-01 00:00:00',
    'server-side',
    'STANDARD',
    '\r',
    '\u0000',
    '\u2028',
    '\uD800',
  ),
  fc.nat().map(String),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);
const line = fc.oneof(
  fc.array(column, { maxLength: 22 }).map((columns) => columns.join('\t')),
  fc.string({ unit: 'binary', maxLength: 80 }),
);

describe.each(CODECS.map((codec) => [codec.record, codec] as const))('a line of %s', (_record, codec) => {
  it('is refused with a reason, or comes back', () => {
    fc.assert(
      fc.property(line, (made) => {
        const text = made.toWellFormed();
        let record: unknown;
        try {
          record = codec.decode(text);
        } catch (error) {
          expect(error).toBeInstanceOf(RecordError);
          expect((error as RecordError).reason).not.toBe('');
          return;
        }
        const written = codec.encode(record);
        expect(codec.decode(written)).toEqual(record);
        expect(written).not.toMatch(/[\r\n]/);
      }),
      { numRuns: 3000 },
    );
  });
});
