/** What plan asks copy to do with an object: copy it whole, copy one part of a started upload, or nothing, because it is settled. */

import type { Drift } from '../books/drift.ts';
import { isOutcome } from '../books/outcomes.ts';
import { isReasonCode, type ReasonCode } from '../books/reasons.ts';
import { type ChecksumForm, decodeChecksumForm, encodeChecksum } from './checksum-column.ts';
import {
  decodeCount,
  decodeNullableCount,
  decodeNullableTime,
  decodeToken,
  decodeWord,
  encodeCount,
  encodeNullableCount,
  encodeNullableTime,
  encodeToken,
  splitColumns,
} from './columns.ts';
import { decodeDrift, encodeDrift } from './drift-column.ts';
import type { RecordCodec } from './record-codec.ts';
import { RecordError } from './record-error.ts';
import { decodeNullableText, decodeText, encodeDetail, encodeText, NULL_COLUMN } from './text.ts';

interface TaskObject {
  /** Relative to the source's prefix. */
  readonly key: string;
  /** The source's, without quotes. */
  readonly etag: string | null;
  /** Bytes of the whole object. */
  readonly size: number;
  readonly mtime: string | null;
  /** The class to give the copy; null means STANDARD. */
  readonly storageClass: string | null;
}

/** One request copies the object. */
export interface WholeTask extends TaskObject {
  readonly kind: 'whole';
  /** The checksum that the listing says is stored; null: none, or the listing does not say. */
  readonly checksum: ChecksumForm | null;
}

/**
 * How the part map was found: `computed` from part 1 and the count, `swept` by a HEAD of every part,
 * `attributes` from GetObjectAttributes.
 */
export const PART_MAP_SOURCES = ['computed', 'swept', 'attributes'] as const;
/** One of {@link PART_MAP_SOURCES}. */
export type PartMapSource = (typeof PART_MAP_SOURCES)[number];

/** Whether `text` names a part map source. */
export function isPartMapSource(text: string): text is PartMapSource {
  return (PART_MAP_SOURCES as readonly string[]).includes(text);
}

/** One part of an upload that plan has started. */
export interface PartTask extends TaskObject {
  readonly kind: 'part';
  readonly uploadId: string;
  /** 1 to 10,000. */
  readonly partNumber: number;
  /** 1 to 10,000. */
  readonly partCount: number;
  /**
   * First and last byte, both inclusive; null: the whole source without a range (a one-part object, or an empty one).
   * The last byte before the first: an empty last part of an object that is not empty.
   */
  readonly range: { readonly firstByte: number; readonly lastByte: number } | null;
  readonly partMap: PartMapSource;
  /** The checksum that the upload was begun with; null: none. */
  readonly checksum: ChecksumForm | null;
  /** What plan knows of the drift of the object. Null: nothing. */
  readonly drift: Drift | null;
}

/** Plan already knows how the object ends; the row flows on to the ledger. */
export interface SettledTask extends TaskObject {
  readonly kind: 'settled';
  readonly outcome: 'skipped' | 'failed';
  readonly reason: ReasonCode;
  /** What the service said, or what the program saw; null where the reason says it all. */
  readonly detail: string | null;
}

/** One line between plan and copy. */
export type CopyTask = WholeTask | PartTask | SettledTask;

const RECORD = 'CopyTask';
/**
 * Columns: key etag size mtime storageClass kind uploadId partNumber partCount firstByte lastByte partMap outcome reason detail, and since
 * version 2, which need not be there, checksum drift.
 */
const COLUMNS = 15;

function isKind(text: string): text is CopyTask['kind'] {
  return text === 'whole' || text === 'part' || text === 'settled';
}

/** Refuses a part number or count that no upload has. @returns the same part */
export function checkPart<T extends Pick<PartTask, 'partNumber' | 'partCount'>>(record: string, part: T): T {
  const { partNumber, partCount } = part;
  if (partNumber < 1 || partNumber > partCount || partCount > 10_000)
    throw new RecordError(record, `part ${partNumber} of ${partCount} is none of an upload; parts are 1 to 10000`);
  return part;
}

/** The byte range in two columns, both `\N` where there is none; an empty range ends one byte before it begins. */
export function encodeRange(record: string, range: PartTask['range']): readonly [string, string] {
  if (range !== null && range.lastByte < range.firstByte - 1) throw new RecordError(record, `bytes ${range.firstByte} to ${range.lastByte} are no range`);
  return [
    encodeNullableCount(record, 'firstByte', range === null ? null : range.firstByte),
    encodeNullableCount(record, 'lastByte', range === null ? null : range.lastByte),
  ];
}

function encodePart(task: PartTask): readonly string[] {
  checkPart(RECORD, task);
  return [
    encodeText(task.uploadId),
    encodeCount(RECORD, 'partNumber', task.partNumber),
    encodeCount(RECORD, 'partCount', task.partCount),
    ...encodeRange(RECORD, task.range),
    task.partMap,
  ];
}

const NO_PART = Array.from({ length: 6 }, () => NULL_COLUMN);
const NOT_SETTLED = Array.from({ length: 3 }, () => NULL_COLUMN);

function encode(task: CopyTask): string {
  return [
    encodeText(task.key),
    encodeToken(RECORD, 'etag', task.etag),
    encodeCount(RECORD, 'size', task.size),
    encodeNullableTime(RECORD, 'mtime', task.mtime),
    encodeToken(RECORD, 'storageClass', task.storageClass),
    task.kind,
    ...(task.kind === 'part' ? encodePart(task) : NO_PART),
    ...(task.kind === 'settled' ? [task.outcome, task.reason, encodeDetail(task.detail)] : NOT_SETTLED),
    task.kind === 'settled' ? NULL_COLUMN : encodeChecksum(RECORD, task.checksum),
    task.kind === 'part' ? encodeDrift(RECORD, task.drift) : NULL_COLUMN,
  ].join('\t');
}

/** The byte range in two columns, of which both or none are `\N`; an empty range ends one byte before it begins. */
export function decodeRange(record: string, first: string | undefined, last: string | undefined): PartTask['range'] {
  const firstByte = decodeNullableCount(record, 'firstByte', first);
  const lastByte = decodeNullableCount(record, 'lastByte', last);
  if (firstByte === null && lastByte === null) return null;
  if (firstByte === null || lastByte === null || lastByte < firstByte - 1) throw new RecordError(record, `bytes ${first} to ${last} are no range`);
  return { firstByte, lastByte };
}

function decode(line: string): CopyTask {
  const columns = splitColumns(RECORD, line, COLUMNS);
  const object: TaskObject = {
    key: decodeText(columns[0] as string),
    etag: decodeToken(RECORD, 'etag', columns[1]),
    size: decodeCount(RECORD, 'size', columns[2]),
    mtime: decodeNullableTime(RECORD, 'mtime', columns[3]),
    storageClass: decodeToken(RECORD, 'storageClass', columns[4]),
  };
  const kind = decodeWord(RECORD, 'kind', columns[5], isKind);
  switch (kind) {
    case 'whole':
      return { ...object, kind, checksum: decodeChecksumForm(RECORD, columns[15]) };
    case 'part':
      return checkPart(RECORD, {
        ...object,
        kind,
        uploadId: decodeText(columns[6] as string),
        partNumber: decodeCount(RECORD, 'partNumber', columns[7]),
        partCount: decodeCount(RECORD, 'partCount', columns[8]),
        range: decodeRange(RECORD, columns[9], columns[10]),
        partMap: decodeWord(RECORD, 'partMap', columns[11], isPartMapSource),
        checksum: decodeChecksumForm(RECORD, columns[15]),
        drift: decodeDrift(RECORD, columns[16]),
      });
    case 'settled': {
      const outcome = decodeWord(RECORD, 'outcome', columns[12], isOutcome);
      if (outcome !== 'skipped' && outcome !== 'failed') throw new RecordError(RECORD, `a settled task cannot be ${outcome}, only skipped or failed`);
      return { ...object, kind, outcome, reason: decodeWord(RECORD, 'reason', columns[13], isReasonCode), detail: decodeNullableText(columns[14] as string) };
    }
  }
}

/** The lines of {@link CopyTask}. */
export const copyTask: RecordCodec<CopyTask> = { record: RECORD, encode, decode };
