import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeChecksum, decodeChecksumForm, encodeChecksum } from '../../../emr-steps/records/checksum-column.ts';
import { copyResult } from '../../../emr-steps/records/copy-result.ts';
import { copyTask } from '../../../emr-steps/records/copy-task.ts';
import { decodeDrift, encodeDrift } from '../../../emr-steps/records/drift-column.ts';
import { ledgerRow } from '../../../emr-steps/records/ledger-row.ts';
import { RecordError } from '../../../emr-steps/records/record-error.ts';
import { checksumForms, copyResults, copyTasks, drifts, ledgerRows, partChecksums } from './arbitraries.ts';

describe('a checksum in a column', () => {
  test('comes back, with its value and without', () => {
    fc.assert(
      fc.property(partChecksums, checksumForms, (checksum, form) => {
        expect(decodeChecksum('R', encodeChecksum('R', checksum))).toEqual(checksum);
        expect(decodeChecksumForm('R', encodeChecksum('R', form))).toEqual(form);
      }),
    );
  });

  test('is nothing where the column is null or not there', () => {
    expect([encodeChecksum('R', null), decodeChecksum('R', '\\N'), decodeChecksum('R', undefined), decodeChecksumForm('R', undefined)]).toEqual([
      '\\N',
      null,
      null,
      null,
    ]);
  });

  test.each(['', 'sha256', 'SHA256/', 'SHA256/WHOLE', 'SHA256/COMPOSITE/', 'SHA256/COMPOSITE/a b', 'SHA256//AAAA'])('refuses %j', (column) => {
    expect(() => decodeChecksum('R', column)).toThrow(RecordError);
  });

  test('refuses to write what it would not read, and a value where none belongs', () => {
    expect(() => encodeChecksum('R', { algorithm: 'sha 1', type: null })).toThrow('checksum is "sha 1", which is none');
    expect(() => encodeChecksum('R', { algorithm: 'SHA1', type: null, value: 'AAAA' })).toThrow('which is none');
    expect(() => decodeChecksumForm('R', 'SHA1/COMPOSITE/AAAA')).toThrow('no value belongs there');
  });
});

describe('a drift in a column', () => {
  test('comes back, and is nothing where the column is null or not there', () => {
    fc.assert(fc.property(drifts, (drift) => decodeDrift('R', encodeDrift('R', drift)) === drift));
    expect([encodeDrift('R', null), decodeDrift('R', '\\N'), decodeDrift('R', undefined)]).toEqual(['\\N', null, null]);
  });

  test.each(['', 'kkx', 'KKK', 'k k'])('refuses %j', (column) => {
    expect(() => decodeDrift('R', column)).toThrow('letters k, n, c, l and u are needed');
    expect(() => encodeDrift('R', column)).toThrow(RecordError);
  });
});

describe('lines of the first version', () => {
  const first = (line: string, columns: number): string => line.split('\t').slice(0, columns).join('\t');

  test('are read: tasks, results and ledger rows without the columns that came later', () => {
    fc.assert(
      fc.property(copyTasks, copyResults, ledgerRows, (task, result, row) => {
        const later = task.kind === 'settled' ? {} : task.kind === 'part' ? { checksum: null, drift: null } : { checksum: null };
        expect(copyTask.decode(first(copyTask.encode(task), 15))).toEqual({ ...task, ...later });
        const more = result.kind === 'part' ? { checksum: null } : {};
        expect(copyResult.decode(first(copyResult.encode(result), 18))).toEqual({ ...result, drift: null, ...more });
        expect(ledgerRow.decode(first(ledgerRow.encode(row), 14))).toEqual({ ...row, drift: null });
      }),
    );
  });

  test('a drift of what was not copied is refused, reading and writing', () => {
    fc.assert(
      fc.property(ledgerRows, copyResults, (row, result) => {
        fc.pre(row.outcome !== 'copied' && result.outcome !== 'copied');
        expect(() => ledgerRow.encode({ ...row, drift: 'k' })).toThrow('does not go with drift k');
        expect(() => copyResult.decode(`${first(copyResult.encode(result), 19)}\tk`)).toThrow('does not go with drift k');
      }),
    );
  });
});
