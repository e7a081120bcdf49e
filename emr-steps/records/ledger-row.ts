/** The end of an object in a round: where it went, and what proves it. Every object that was to be copied has one. */
import type { Drift } from '../books/drift.ts';
import { type CopyMode, isCopyMode, isOutcome, isProof, type Proof } from '../books/outcomes.ts';
import { isReasonCode, type ReasonCode } from '../books/reasons.ts';
import { checkTime, decodeCount, decodeNullableWord, decodeToken, decodeWord, encodeCount, encodeToken, splitColumns } from './columns.ts';
import { decodeDrift, encodeDrift } from './drift-column.ts';
import type { RecordCodec } from './record-codec.ts';
import { RecordError } from './record-error.ts';
import { decodeNullableText, decodeText, encodeDetail, encodeText, NULL_COLUMN } from './text.ts';

/** One line of the ledger. */
export interface LedgerRow {
  /** Relative to the source's prefix: joins with the listing. */
  readonly key: string;
  /** The whole key at the destination. */
  readonly destinationKey: string;
  /** Bytes. */
  readonly size: number;
  readonly sourceEtag: string | null;
  /** ETag of the copy; of an `etag-mismatch` the one that was refused; null where nothing arrived. */
  readonly destinationEtag: string | null;
  /** Parts of the multipart upload; 0 for an object copied whole or not at all. */
  readonly parts: number;
  readonly outcome: 'copied' | 'skipped' | 'failed';
  /** Null exactly where the outcome is `copied`. */
  readonly reason: ReasonCode | null;
  /** Null exactly where the outcome is not `copied`. */
  readonly proof: Proof | null;
  readonly mode: CopyMode | null;
  /** 1 first. */
  readonly round: number;
  /** Number of the task attempt that settled it, 0 first. */
  readonly attempt: number;
  /** `YYYY-MM-DD HH:MM:SS`, UTC: when it was settled. */
  readonly time: string;
  readonly detail: string | null;
  /** What became of everything but the bytes; only where the outcome is `copied`, null where nobody knows. */
  readonly drift: Drift | null;
}

const RECORD = 'LedgerRow';
/** Columns: key destinationKey size sourceEtag destinationEtag parts outcome reason proof mode round attempt time detail, and since version 2 drift. */
const COLUMNS = 14;

/** Refuses a row that says two things at once. @returns the same row */
function checked(row: LedgerRow): LedgerRow {
  const { outcome, reason, proof, round } = row;
  const copied = outcome === 'copied';
  if ((reason === null) !== copied) throw new RecordError(RECORD, `outcome ${outcome} does not go with reason ${reason ?? NULL_COLUMN}`);
  if ((proof !== null) !== copied) throw new RecordError(RECORD, `outcome ${outcome} does not go with proof ${proof ?? NULL_COLUMN}`);
  if (row.drift !== null && !copied) throw new RecordError(RECORD, `outcome ${outcome} does not go with drift ${row.drift}`);
  if (round < 1) throw new RecordError(RECORD, `round is ${round}, the first is 1`);
  return row;
}

function encode(row: LedgerRow): string {
  checked(row);
  return [
    encodeText(row.key),
    encodeText(row.destinationKey),
    encodeCount(RECORD, 'size', row.size),
    encodeToken(RECORD, 'sourceEtag', row.sourceEtag),
    encodeToken(RECORD, 'destinationEtag', row.destinationEtag),
    encodeCount(RECORD, 'parts', row.parts),
    row.outcome,
    row.reason ?? NULL_COLUMN,
    row.proof ?? NULL_COLUMN,
    row.mode ?? NULL_COLUMN,
    encodeCount(RECORD, 'round', row.round),
    encodeCount(RECORD, 'attempt', row.attempt),
    checkTime(RECORD, 'time', row.time),
    encodeDetail(row.detail),
    encodeDrift(RECORD, row.drift),
  ].join('\t');
}

function decode(line: string): LedgerRow {
  const columns = splitColumns(RECORD, line, COLUMNS);
  const outcome = decodeWord(RECORD, 'outcome', columns[6], isOutcome);
  if (outcome === 'unchanged') throw new RecordError(RECORD, 'a ledger row cannot be unchanged: what is unchanged is not copied');
  return checked({
    key: decodeText(columns[0] as string),
    destinationKey: decodeText(columns[1] as string),
    size: decodeCount(RECORD, 'size', columns[2]),
    sourceEtag: decodeToken(RECORD, 'sourceEtag', columns[3]),
    destinationEtag: decodeToken(RECORD, 'destinationEtag', columns[4]),
    parts: decodeCount(RECORD, 'parts', columns[5]),
    outcome,
    reason: decodeNullableWord(RECORD, 'reason', columns[7], isReasonCode),
    proof: decodeNullableWord(RECORD, 'proof', columns[8], isProof),
    mode: decodeNullableWord(RECORD, 'mode', columns[9], isCopyMode),
    round: decodeCount(RECORD, 'round', columns[10]),
    attempt: decodeCount(RECORD, 'attempt', columns[11]),
    time: checkTime(RECORD, 'time', columns[12]),
    detail: decodeNullableText(columns[13] as string),
    drift: decodeDrift(RECORD, columns[14]),
  });
}

/** The lines of {@link LedgerRow}. */
export const ledgerRow: RecordCodec<LedgerRow> = { record: RECORD, encode, decode };
