/** What became of a copy task. All rows of one object meet in one reducer of complete, in part order. */
import type { Drift } from '../books/drift.ts';
import { type CopyMode, isCopyMode, isOutcome, isProof, type Proof } from '../books/outcomes.ts';
import { isReasonCode, type ReasonCode } from '../books/reasons.ts';
import { decodeChecksum, encodeChecksum, type PartChecksum } from './checksum-column.ts';
import { checkTime, decodeCount, decodeNullableWord, decodeToken, decodeWord, encodeCount, encodeToken, splitColumns } from './columns.ts';
import { checkPart, decodeRange, encodeRange, isPartMapSource, type PartTask } from './copy-task.ts';
import { decodeDrift, encodeDrift } from './drift-column.ts';
import type { RecordCodec } from './record-codec.ts';
import { RecordError } from './record-error.ts';
import { decodeNullableText, decodeText, encodeDetail, encodeText, NULL_COLUMN } from './text.ts';

interface ResultObject {
  /** Relative to the source's prefix. */
  readonly key: string;
  /** The source's ETag, without quotes. */
  readonly sourceEtag: string | null;
  /** Bytes of the whole object. */
  readonly size: number;
  /** `copied`, or why not. Of a part: whether the part arrived. */
  readonly outcome: 'copied' | 'skipped' | 'failed';
  /** ETag of the copy, or of the part; null where there is none. */
  readonly etag: string | null;
  /**
   * Only where the outcome is `copied`. Of a whole object: what proves the copy. Of a part: `size` where the service's answer says that
   * the part's ETag is no MD5 (SSE-KMS, SSE-C), else null.
   */
  readonly proof: Proof | null;
  /** Null exactly where the outcome is `copied`. */
  readonly reason: ReasonCode | null;
  readonly detail: string | null;
  /** Null where nothing was sent. */
  readonly mode: CopyMode | null;
  /** Number of the task attempt that did it, 0 first (the last field of `mapreduce_task_attempt_id`). */
  readonly attempt: number;
  /** `YYYY-MM-DD HH:MM:SS`, UTC. */
  readonly time: string;
  /** Only where the outcome is `copied`; null where nobody knows. Of a part: what plan knows of the object's. */
  readonly drift: Drift | null;
}

/** A whole object. */
export interface WholeResult extends ResultObject {
  readonly kind: 'whole';
}

/** One part of an upload. */
export interface PartResult extends ResultObject, Pick<PartTask, 'uploadId' | 'partNumber' | 'partCount' | 'range' | 'partMap'> {
  readonly kind: 'part';
  /** The checksum of the part, with its value where the completion must name it; null: the upload was begun without one. */
  readonly checksum: PartChecksum | null;
}

/** An object that plan settled. */
export interface SettledResult extends ResultObject {
  readonly kind: 'settled';
}

/** One line between copy and complete. */
export type CopyResult = WholeResult | PartResult | SettledResult;

const RECORD = 'CopyResult';
/**
 * Columns: key part kind sourceEtag size uploadId partCount firstByte lastByte partMap outcome etag proof reason detail mode attempt time,
 * and since version 2, which need not be there, checksum drift.
 * Column 2 is the part number in five digits (00000 for a whole or settled object), so that the shuffle's byte order is the part order.
 */
const COLUMNS = 18;

function isKind(text: string): text is CopyResult['kind'] {
  return text === 'whole' || text === 'part' || text === 'settled';
}

const NO_PART = Array.from({ length: 5 }, () => NULL_COLUMN);

function encodePart(part: PartResult): readonly string[] {
  return [encodeText(part.uploadId), encodeCount(RECORD, 'partCount', part.partCount), ...encodeRange(RECORD, part.range), part.partMap];
}

/** Refuses a row that says two things at once. @returns the same row */
function checked(result: CopyResult): CopyResult {
  const { kind, outcome, reason, proof } = result;
  if ((reason === null) !== (outcome === 'copied')) throw new RecordError(RECORD, `outcome ${outcome} does not go with reason ${reason ?? NULL_COLUMN}`);
  if (result.drift !== null && outcome !== 'copied') throw new RecordError(RECORD, `outcome ${outcome} does not go with drift ${result.drift}`);
  if (proof !== null && outcome !== 'copied') throw new RecordError(RECORD, `outcome ${outcome} does not go with proof ${proof}`);
  if (kind === 'settled' && outcome === 'copied') throw new RecordError(RECORD, 'a settled object cannot be copied, only skipped or failed');
  return kind === 'part' ? checkPart(RECORD, result) : result;
}

/** The part number in five digits, so that byte order is part order; 0 for whole and settled objects. */
function decodePartColumn(kind: CopyResult['kind'], column: string): number {
  if (!/^\d{5}$/.test(column) || (kind !== 'part' && column !== '00000'))
    throw new RecordError(RECORD, `part of a ${kind} row is ${JSON.stringify(column)}, five digits are needed, 00000 but for a part`);
  return Number(column);
}

function encode(result: CopyResult): string {
  checked(result);
  return [
    encodeText(result.key),
    encodeCount(RECORD, 'part', result.kind === 'part' ? result.partNumber : 0).padStart(5, '0'),
    result.kind,
    encodeToken(RECORD, 'sourceEtag', result.sourceEtag),
    encodeCount(RECORD, 'size', result.size),
    ...(result.kind === 'part' ? encodePart(result) : NO_PART),
    result.outcome,
    encodeToken(RECORD, 'etag', result.etag),
    result.proof ?? NULL_COLUMN,
    result.reason ?? NULL_COLUMN,
    encodeDetail(result.detail),
    result.mode ?? NULL_COLUMN,
    encodeCount(RECORD, 'attempt', result.attempt),
    checkTime(RECORD, 'time', result.time),
    result.kind === 'part' ? encodeChecksum(RECORD, result.checksum) : NULL_COLUMN,
    encodeDrift(RECORD, result.drift),
  ].join('\t');
}

function decodeObject(columns: readonly string[]): ResultObject {
  const outcome = decodeWord(RECORD, 'outcome', columns[10], isOutcome);
  if (outcome === 'unchanged') throw new RecordError(RECORD, 'the outcome of a copy cannot be unchanged');
  return {
    key: decodeText(columns[0] as string),
    sourceEtag: decodeToken(RECORD, 'sourceEtag', columns[3]),
    size: decodeCount(RECORD, 'size', columns[4]),
    outcome,
    etag: decodeToken(RECORD, 'etag', columns[11]),
    proof: decodeNullableWord(RECORD, 'proof', columns[12], isProof),
    reason: decodeNullableWord(RECORD, 'reason', columns[13], isReasonCode),
    detail: decodeNullableText(columns[14] as string),
    mode: decodeNullableWord(RECORD, 'mode', columns[15], isCopyMode),
    attempt: decodeCount(RECORD, 'attempt', columns[16]),
    time: checkTime(RECORD, 'time', columns[17]),
    drift: decodeDrift(RECORD, columns[19]),
  };
}

function decode(line: string): CopyResult {
  const columns = splitColumns(RECORD, line, COLUMNS);
  const object = decodeObject(columns);
  const kind = decodeWord(RECORD, 'kind', columns[2], isKind);
  const partNumber = decodePartColumn(kind, columns[1] as string);
  if (kind !== 'part') return checked({ ...object, kind });
  return checked({
    ...object,
    kind,
    uploadId: decodeText(columns[5] as string),
    partNumber,
    partCount: decodeCount(RECORD, 'partCount', columns[6]),
    range: decodeRange(RECORD, columns[7], columns[8]),
    partMap: decodeWord(RECORD, 'partMap', columns[9], isPartMapSource),
    checksum: decodeChecksum(RECORD, columns[18]),
  });
}

/** The lines of {@link CopyResult}. */
export const copyResult: RecordCodec<CopyResult> = { record: RECORD, encode, decode };
