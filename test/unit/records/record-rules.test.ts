import { describe, expect, test } from 'vitest';
import { type CopyResult, copyResult } from '../../../emr-steps/records/copy-result.ts';
import { copyTask, type PartTask } from '../../../emr-steps/records/copy-task.ts';
import { type LedgerRow, ledgerRow } from '../../../emr-steps/records/ledger-row.ts';
import { objectRecord } from '../../../emr-steps/records/object-record.ts';
import { RecordError } from '../../../emr-steps/records/record-error.ts';

const ETAG = 'd41d8cd98f00b204e9800998ecf8427e';
const NOW = '2026-11-20 12:00:00';
const LISTED = `a.txt\t${ETAG}\t12\t${NOW}`;

const WHOLE: CopyResult = {
  kind: 'whole',
  key: 'a.txt',
  sourceEtag: ETAG,
  size: 12,
  outcome: 'copied',
  etag: ETAG,
  proof: 'etag',
  reason: null,
  detail: null,
  mode: 'server-side',
  attempt: 0,
  time: NOW,
  drift: 'kkkkukuku',
};
const PART: CopyResult = {
  ...WHOLE,
  kind: 'part',
  proof: null,
  uploadId: 'u',
  partNumber: 2,
  partCount: 3,
  range: { firstByte: 5, lastByte: 9 },
  partMap: 'computed',
  checksum: { algorithm: 'SHA256', type: 'COMPOSITE', value: 'AAAA' },
};
const PART_TASK: PartTask = {
  kind: 'part',
  key: 'a.txt',
  etag: ETAG,
  size: 12,
  mtime: NOW,
  storageClass: null,
  uploadId: 'u',
  partNumber: 2,
  partCount: 3,
  range: { firstByte: 5, lastByte: 9 },
  partMap: 'computed',
  checksum: { algorithm: 'SHA256', type: 'COMPOSITE' },
  drift: 'ckkknuckn',
};
const ROW: LedgerRow = {
  key: 'a.txt',
  destinationKey: 'b/a.txt',
  size: 12,
  sourceEtag: ETAG,
  destinationEtag: ETAG,
  parts: 0,
  outcome: 'copied',
  reason: null,
  proof: 'etag',
  mode: 'server-side',
  round: 1,
  attempt: 0,
  time: NOW,
  detail: null,
  drift: 'kkkkukuku',
};

function changed(line: string, column: number, text: string): string {
  return line.split('\t').with(column, text).join('\t');
}

describe('objectRecord', () => {
  test('reads the four columns that Campanile wrote, the rest being unknown', () => {
    expect(objectRecord.decode(LISTED)).toEqual({
      key: 'a.txt',
      etag: ETAG,
      size: 12,
      mtime: NOW,
      storageClass: null,
      checksumAlgorithm: null,
      checksumType: null,
      versionId: null,
      isDeleteMarker: null,
      restoreStatus: null,
    });
  });

  test.each([
    [
      'a size with a leading zero, which is another text for the same number',
      changed(LISTED, 2, '012'),
      'size is "012", a whole number of at least 0 is needed',
    ],
    ['a size beyond what a number holds exactly', changed(LISTED, 2, '9007199254740993'), 'size is "9007199254740993", a whole number of at least 0 is needed'],
    ['a size that is null', changed(LISTED, 2, '\\N'), 'size is "\\\\N", a whole number of at least 0 is needed'],
    ['an ETag with a backslash', changed(LISTED, 1, 'a\\b'), 'etag is "a\\\\b", which holds a control character or a backslash'],
    ['a time in another form', changed(LISTED, 3, '2026-11-20T12:00:00.000Z'), 'mtime is "2026-11-20T12:00:00.000Z", a time YYYY-MM-DD HH:MM:SS is needed'],
    ['a key that is not encoded', changed(LISTED, 0, '100%'), '"%" in "100%" is no escape; write a percent sign as %25 and other characters as themselves'],
    ['a key in lower-case escapes', changed(LISTED, 0, 'a%0ab'), '"a%0ab" is not the one encoding of its text, which is "a%0Ab"'],
    ['a key that escapes what stands for itself', changed(LISTED, 0, '%41'), '"%41" is not the one encoding of its text, which is "A"'],
  ])('refuses %s', (_what, line, reason) => {
    expect(() => objectRecord.decode(line)).toThrow(expect.objectContaining({ reason }));
  });

  test('refuses to write a token that would end its column, and a key that has no UTF-8', () => {
    const record = objectRecord.decode(LISTED);
    expect(() => objectRecord.encode({ ...record, storageClass: 'a\tb' })).toThrow('storageClass is "a\\tb", which holds a control character');
    expect(() => objectRecord.encode({ ...record, etag: '\ud800' })).toThrow('lone surrogate');
    expect(() => objectRecord.encode({ ...record, key: 'a\udc00' })).toThrow('lone surrogate');
  });
});

describe('copyTask', () => {
  test.each<readonly [string, Partial<Pick<PartTask, 'partNumber' | 'partCount' | 'range'>>]>([
    ['no part is number 0', { partNumber: 0 }],
    ['no part is beyond the count', { partNumber: 4 }],
    ['no upload has more than 10,000 parts', { partCount: 10_001 }],
    ['a range does not end before it begins', { range: { firstByte: 5, lastByte: 3 } }],
  ])('refuses a part that cannot be, reading and writing: %s', (_what, change) => {
    expect(() => copyTask.encode({ ...PART_TASK, ...change })).toThrow(RecordError);
    const columns = copyTask.encode(PART_TASK).split('\t');
    const asText = { 7: change.partNumber, 8: change.partCount, 9: change.range?.firstByte, 10: change.range?.lastByte };
    const line = columns.map((column, at) => String(asText[at as 7] ?? column)).join('\t');
    expect(() => copyTask.decode(line)).toThrow(RecordError);
  });

  test('carries an empty last part', () => {
    const empty: PartTask = { ...PART_TASK, range: { firstByte: 10, lastByte: 9 } };
    expect(copyTask.decode(copyTask.encode(empty))).toEqual(empty);
  });

  test('refuses half a range, an unknown kind, and a settled task that was copied', () => {
    const line = copyTask.encode(PART_TASK);
    expect(() => copyTask.decode(changed(line, 9, '\\N'))).toThrow('bytes \\N to 9 are no range');
    expect(() => copyTask.decode(changed(line, 5, 'all'))).toThrow('kind is "all", which is not in its list');
    const settled = copyTask.encode({ ...PART_TASK, kind: 'settled', outcome: 'skipped', reason: 'archived', detail: null });
    expect(() => copyTask.decode(changed(settled, 12, 'copied'))).toThrow('a settled task cannot be copied, only skipped or failed');
    expect(() => copyTask.decode(changed(settled, 13, 'bored'))).toThrow('reason is "bored", which is not in its list');
  });
});

describe('copyResult', () => {
  test('writes the part number so that byte order is part order', () => {
    const columns = [1, 2, 10, 9_999, 10_000].map((partNumber) => copyResult.encode({ ...PART, partNumber, partCount: 10_000 }).split('\t')[1]);
    expect(columns).toEqual(['00001', '00002', '00010', '09999', '10000']);
    expect(columns.toSorted()).toEqual(columns);
  });

  test.each([
    ['copied with a reason', { reason: 'archived' as const }, 13, 'archived'],
    ['failed without a reason', { outcome: 'failed' as const, proof: null }, 10, 'failed'],
    ['failed with a proof', { outcome: 'failed' as const, reason: 'throttled' as const }, 10, 'skipped'],
  ])('refuses a row that says two things at once, reading and writing: %s', (_what, change, column, text) => {
    expect(() => copyResult.encode({ ...WHOLE, ...change } as CopyResult)).toThrow('does not go with');
    expect(() => copyResult.decode(changed(copyResult.encode(WHOLE), column, text))).toThrow('does not go with');
  });

  test('refuses a settled row that is copied, an unchanged one, and a part number where none belongs', () => {
    const line = copyResult.encode(WHOLE);
    expect(() => copyResult.encode({ ...WHOLE, kind: 'settled' })).toThrow('a settled object cannot be copied');
    expect(() => copyResult.decode(changed(line, 2, 'settled'))).toThrow('a settled object cannot be copied');
    expect(() => copyResult.decode(changed(line, 10, 'unchanged'))).toThrow('the outcome of a copy cannot be unchanged');
    expect(() => copyResult.decode(changed(line, 1, '00001'))).toThrow('part of a whole row is "00001"');
    expect(() => copyResult.decode(changed(copyResult.encode(PART), 1, '2'))).toThrow('part of a part row is "2", five digits are needed');
    expect(() => copyResult.decode(changed(copyResult.encode(PART), 1, '00000'))).toThrow('part 0 of 3 is none of an upload');
  });
});

describe('ledgerRow', () => {
  test.each([
    ['copied without a proof', { proof: null }, 8, '\\N'],
    ['copied with a reason', { reason: 'archived' as const }, 7, 'archived'],
    ['skipped with a proof', { outcome: 'skipped' as const, reason: 'archived' as const }, 6, 'skipped'],
    ['round 0', { round: 0 }, 10, '0'],
    ['a time that is none', { time: 'yesterday' }, 12, '2026-11-20'],
  ])('refuses a row that cannot be, reading and writing: %s', (_what, change, column, text) => {
    expect(() => ledgerRow.encode({ ...ROW, ...change } as LedgerRow)).toThrow(RecordError);
    expect(() => ledgerRow.decode(changed(ledgerRow.encode(ROW), column, text))).toThrow(RecordError);
  });

  test('refuses an unchanged row', () => {
    expect(() => ledgerRow.decode(changed(ledgerRow.encode(ROW), 6, 'unchanged'))).toThrow('a ledger row cannot be unchanged');
  });

  test('cuts a detail that goes on and on, and mends one that is no Unicode, rather than lose the row', () => {
    const failed: LedgerRow = { ...ROW, outcome: 'failed', reason: 'unexpected', proof: null, drift: null };
    const back = (detail: string): string | null => ledgerRow.decode(ledgerRow.encode({ ...failed, detail })).detail;
    expect(back('x'.repeat(100_000))).toBe('x'.repeat(1000));
    expect(back(`${'x'.repeat(999)}😀`)).toBe(`${'x'.repeat(999)}\ufffd`);
    expect(back('a\ud800b')).toBe('a\ufffdb');
  });
});
