/** An open upload that sweep found to be the run's, and what became of it. */
import { isReasonCode, type ReasonCode } from '../books/reasons.ts';
import { checkTime, decodeNullableWord, decodeWord, splitColumns } from './columns.ts';
import type { RecordCodec } from './record-codec.ts';
import { RecordError } from './record-error.ts';
import { decodeNullableText, decodeText, encodeDetail, encodeNullableText, encodeText, NULL_COLUMN } from './text.ts';

/** One line of what was swept. */
export interface SweptUpload {
  /** Relative to the destination's prefix. */
  readonly key: string;
  readonly uploadId: string;
  /** `YYYY-MM-DD HH:MM:SS`, UTC: when it was begun, by the service's clock. */
  readonly initiated: string;
  /** ARN of who began it; null where the service does not say. */
  readonly initiator: string | null;
  /** `aborted`: it is gone now. `vanished`: somebody else was quicker. `failed`: it is still open. */
  readonly outcome: 'aborted' | 'vanished' | 'failed';
  /** Null exactly where the outcome is not `failed`. */
  readonly reason: ReasonCode | null;
  readonly detail: string | null;
}

const RECORD = 'SweptUpload';
/** Columns: key uploadId initiated initiator outcome reason detail. */
const COLUMNS = 7;

function isSwept(text: string): text is SweptUpload['outcome'] {
  return text === 'aborted' || text === 'vanished' || text === 'failed';
}

/** Refuses a row that says two things at once. @returns the same row */
function checked(row: SweptUpload): SweptUpload {
  const { outcome, reason } = row;
  if ((reason !== null) !== (outcome === 'failed')) throw new RecordError(RECORD, `outcome ${outcome} does not go with reason ${reason ?? NULL_COLUMN}`);
  return row;
}

function encode(row: SweptUpload): string {
  checked(row);
  return [
    encodeText(row.key),
    encodeText(row.uploadId),
    checkTime(RECORD, 'initiated', row.initiated),
    encodeNullableText(row.initiator),
    row.outcome,
    row.reason ?? NULL_COLUMN,
    encodeDetail(row.detail),
  ].join('\t');
}

function decode(line: string): SweptUpload {
  const columns = splitColumns(RECORD, line, COLUMNS);
  return checked({
    key: decodeText(columns[0] as string),
    uploadId: decodeText(columns[1] as string),
    initiated: checkTime(RECORD, 'initiated', columns[2]),
    initiator: decodeNullableText(columns[3] as string),
    outcome: decodeWord(RECORD, 'outcome', columns[4], isSwept),
    reason: decodeNullableWord(RECORD, 'reason', columns[5], isReasonCode),
    detail: decodeNullableText(columns[6] as string),
  });
}

/** The lines of {@link SweptUpload}. */
export const sweptUpload: RecordCodec<SweptUpload> = { record: RECORD, encode, decode };
