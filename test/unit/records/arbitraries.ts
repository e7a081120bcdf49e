/** Arbitrary records for property tests, with the keys that break line formats turning up often. */
import fc from 'fast-check';
import type { Drift } from '../../../emr-steps/books/drift.ts';
import { COPY_MODES, PROOFS } from '../../../emr-steps/books/outcomes.ts';
import { REASONS, type ReasonCode } from '../../../emr-steps/books/reasons.ts';
import type { ChecksumForm, PartChecksum } from '../../../emr-steps/records/checksum-column.ts';
import type { CopyResult } from '../../../emr-steps/records/copy-result.ts';
import { type CopyTask, PART_MAP_SOURCES } from '../../../emr-steps/records/copy-task.ts';
import type { LedgerRow } from '../../../emr-steps/records/ledger-row.ts';
import type { ObjectRecord } from '../../../emr-steps/records/object-record.ts';
import type { SweptUpload } from '../../../emr-steps/records/swept-upload.ts';
import { encodeTime } from '../../../emr-steps/records/time.ts';

/** Keys that S3 allows and that some format somewhere does not carry. */
export const ODD_KEYS: readonly string[] = [
  '',
  ' ',
  '  ',
  ' lead and trail ',
  '\t',
  'tab\tinside',
  'lone\rcr',
  'crlf\r\n',
  'line\nfeed',
  '\u0000nul\u0000',
  '\u0001\u0002\u001f',
  'del\u007f',
  'c1\u0085\u009f',
  'ls\u2028ps\u2029',
  '\ufeffbom',
  'emoji/😀👩‍👩‍👧.txt',
  'naïve/日本語/ключ',
  'nfc/é',
  'nfd/e\u0301',
  '\uffff',
  '\u{10000}',
  '\u{10ffff}',
  '%',
  '100%',
  '%2',
  '%20',
  '%2F%2f',
  '%zz',
  '\\N',
  '\\',
  'a\\b\\t',
  'N',
  '//',
  'a//b',
  '.',
  '..',
  './a/../b',
  'folder/',
  '/',
  '#comment',
  '"quoted"',
  "it's",
  'a,b;c|d',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a key that a substitution would change
  '${SOURCE}',
  '__proto__',
  'constructor',
  'L'.repeat(1024),
  '日'.repeat(341),
  '😀'.repeat(256),
];

const ODD_CHARACTERS = [
  '\t',
  '\r',
  '\n',
  '\u0000',
  '\u007f',
  ' ',
  '%',
  '\\',
  '/',
  '.',
  'N',
  '2',
  '0',
  'a',
  'é',
  '\u0085',
  '\u2028',
  '\uffff',
  '\u{10000}',
  '😀',
];

function bytes(text: string): number {
  return Buffer.byteLength(text);
}

/** Any key that S3 allows (valid Unicode of at most 1,024 bytes), the empty one too since keys are relative to a prefix. */
export const key: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...ODD_KEYS),
  fc.array(fc.constantFrom(...ODD_CHARACTERS), { maxLength: 12 }).map((characters) => characters.join('')),
  fc.string({ unit: 'binary', maxLength: 1024 }).filter((text) => bytes(text) <= 1024),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
);

/** Text as services write it, of any characters. */
export const detail: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...ODD_KEYS.map((text) => text.slice(0, 1000))),
  fc.string({ unit: 'binary', maxLength: 200 }),
);

const HEX = fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: 32, maxLength: 32 }).map((digits) => digits.join(''));
/** An ETag: of one part, of many, or a foreign one. */
export const etag: fc.Arbitrary<string> = fc.oneof(
  HEX,
  fc.tuple(HEX, fc.integer({ min: 1, max: 10_000 })).map(([digits, parts]) => `${digits}-${parts}`),
  fc.constantFrom('', 'N', 'opaque etag', 'W/x'),
);
/** Bytes of an object or count of anything. */
export const size: fc.Arbitrary<number> = fc.oneof(fc.nat(), fc.constantFrom(0, 1, 5 * 1024 ** 3, 50 * 1024 ** 4, Number.MAX_SAFE_INTEGER), fc.maxSafeNat());
/** A time of a record. */
export const time: fc.Arbitrary<string> = fc
  .date({ min: new Date('0000-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => encodeTime(date));
const nullable = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { freq: 3 });
const token = fc
  .oneof(fc.constantFrom('STANDARD', 'DEEP_ARCHIVE', 'CRC64NVME', 'COMPOSITE', '3/L4kqtJlcpXro', ''), fc.string({ unit: 'grapheme-ascii' }))
  .map((text) => text.replaceAll('\\', ''));

/** Any listed object. */
export const objectRecords: fc.Arbitrary<ObjectRecord> = fc.record({
  key,
  etag: nullable(etag),
  size,
  mtime: nullable(time),
  storageClass: nullable(token),
  checksumAlgorithm: nullable(token),
  checksumType: nullable(token),
  versionId: nullable(token),
  isDeleteMarker: nullable(token),
  restoreStatus: nullable(token),
});

const range = nullable(
  fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => (b === 0 ? { firstByte: a + 1, lastByte: a } : { firstByte: Math.min(a, b), lastByte: Math.max(a, b) })),
);
const partNumbers = fc
  .integer({ min: 1, max: 10_000 })
  .chain((partCount) =>
    fc.record({ partNumber: fc.oneof(fc.constantFrom(1, partCount), fc.integer({ min: 1, max: partCount })), partCount: fc.constant(partCount) }),
  );
/** Any reason. */
export const reason: fc.Arbitrary<ReasonCode> = fc.constantFrom(...(Object.keys(REASONS) as ReasonCode[]));

const taskObject = fc.record({ key, etag: nullable(etag), size, mtime: nullable(time), storageClass: nullable(token) });

/** A checksum that is stored. */
export const checksumForms: fc.Arbitrary<ChecksumForm> = fc.record({
  algorithm: fc.constantFrom('CRC32', 'CRC64NVME', 'SHA256', 'XXHASH3'),
  type: nullable(fc.constantFrom('FULL_OBJECT' as const, 'COMPOSITE' as const)),
});

const base64 = fc.uint8Array({ minLength: 4, maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString('base64'));

/** A checksum of a part, with its value or without. */
export const partChecksums: fc.Arbitrary<PartChecksum> = fc
  .tuple(checksumForms, nullable(base64))
  .map(([form, value]) => ({ ...form, value: form.type === null ? null : value }));

/** What became of everything but the bytes. */
export const drifts: fc.Arbitrary<Drift> = fc
  .array(fc.constantFrom('k', 'n', 'c', 'l', 'u'), { minLength: 1, maxLength: 12 })
  .map((letters) => letters.join(''));

/** Any task. */
export const copyTasks: fc.Arbitrary<CopyTask> = fc.oneof(
  fc.tuple(taskObject, nullable(checksumForms)).map(([object, checksum]): CopyTask => ({ ...object, kind: 'whole', checksum })),
  fc
    .tuple(
      taskObject,
      partNumbers,
      fc.record({ uploadId: detail, range, partMap: fc.constantFrom(...PART_MAP_SOURCES), checksum: nullable(checksumForms), drift: nullable(drifts) }),
    )
    .map(([object, numbers, part]): CopyTask => ({ ...object, kind: 'part', ...numbers, ...part })),
  fc
    .tuple(taskObject, fc.record({ outcome: fc.constantFrom('skipped' as const, 'failed' as const), reason, detail: nullable(detail) }))
    .map(([object, end]): CopyTask => ({ ...object, kind: 'settled', ...end })),
);

/** How it ended: a copy with its proof, or the lack of one with its reason. */
const copied = fc.record({ outcome: fc.constant('copied' as const), reason: fc.constant(null), proof: fc.constantFrom(...PROOFS), drift: nullable(drifts) });
const notCopied = fc.record({ outcome: fc.constantFrom('skipped' as const, 'failed' as const), reason, proof: fc.constant(null), drift: fc.constant(null) });

const resultObject = fc.record({
  key,
  sourceEtag: nullable(etag),
  size,
  etag: nullable(etag),
  detail: nullable(detail),
  mode: nullable(fc.constantFrom(...COPY_MODES)),
  attempt: fc.nat(20),
  time,
});

/** Any result. */
export const copyResults: fc.Arbitrary<CopyResult> = fc.oneof(
  fc.tuple(resultObject, fc.oneof(copied, notCopied)).map(([object, end]): CopyResult => ({ ...object, ...end, kind: 'whole' })),
  fc
    .tuple(
      resultObject,
      fc.oneof(copied, notCopied),
      partNumbers,
      fc.record({ uploadId: detail, range, partMap: fc.constantFrom(...PART_MAP_SOURCES), checksum: nullable(partChecksums) }),
    )
    .map(([object, end, numbers, part]): CopyResult => ({ ...object, ...end, kind: 'part', ...numbers, ...part })),
  fc.tuple(resultObject, notCopied).map(([object, end]): CopyResult => ({ ...object, ...end, kind: 'settled' })),
);

/** Any ledger row. */
export const ledgerRows: fc.Arbitrary<LedgerRow> = fc
  .tuple(
    fc.record({
      key,
      destinationKey: key,
      size,
      sourceEtag: nullable(etag),
      destinationEtag: nullable(etag),
      parts: fc.nat(10_000),
      mode: nullable(fc.constantFrom(...COPY_MODES)),
      round: fc.integer({ min: 1, max: 9 }),
      attempt: fc.nat(20),
      time,
      detail: nullable(detail),
    }),
    fc.oneof(copied, notCopied),
  )
  .map(([row, end]): LedgerRow => ({ ...row, ...end }));

/** Any swept upload. */
export const sweptUploads: fc.Arbitrary<SweptUpload> = fc
  .tuple(
    fc.record({ key, uploadId: detail, initiated: time, initiator: nullable(detail), detail: nullable(detail) }),
    fc.oneof(
      fc.record({ outcome: fc.constantFrom('aborted' as const, 'vanished' as const), reason: fc.constant(null) }),
      fc.record({ outcome: fc.constant('failed' as const), reason }),
    ),
  )
  .map(([upload, end]): SweptUpload => ({ ...upload, ...end }));
