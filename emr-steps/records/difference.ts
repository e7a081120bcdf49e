/** What verify found at odds: one line an object and kind. */
import { isOutcome, isProof, type Proof } from '../books/outcomes.ts';
import { isReasonCode, type ReasonCode } from '../books/reasons.ts';
import { decodeNullableCount, decodeNullableWord, decodeToken, decodeWord, encodeNullableCount, encodeToken, splitColumns } from './columns.ts';
import type { LedgerRow } from './ledger-row.ts';
import type { RecordCodec } from './record-codec.ts';
import { decodeNullableText, decodeText, encodeDetail, encodeText, NULL_COLUMN } from './text.ts';

/** Every kind of difference, in the order in which they are counted. */
export const DIFFERENCE_KINDS = ['missing', 'failed', 'size', 'etag', 'extra', 'unlisted', 'duplicate'] as const;

/**
 * `missing`: at the source, not at the destination, and no ledger row says why. `failed`: the same, and the ledger says that it failed.
 * `size`, `etag`: on both sides with another one. `extra`: at the destination alone. `unlisted`: the ledger says that it was copied, and
 * neither the source nor the destination has it. `duplicate`: a further line of a key in one listing.
 */
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

/** Whether `text` is a kind of difference. */
export function isDifferenceKind(text: string): text is DifferenceKind {
  return (DIFFERENCE_KINDS as readonly string[]).includes(text);
}

/** One line of what verify found. */
export interface Difference {
  /** Relative to the prefix of its side. */
  readonly key: string;
  readonly kind: DifferenceKind;
  /** Bytes; null where that side has no such object. */
  readonly sourceSize: number | null;
  readonly destinationSize: number | null;
  readonly sourceEtag: string | null;
  readonly destinationEtag: string | null;
  /** What the ledger says of the object; null without a row. */
  readonly outcome: LedgerRow['outcome'] | null;
  readonly reason: ReasonCode | null;
  readonly proof: Proof | null;
  readonly detail: string | null;
}

const RECORD = 'Difference';
/** Columns: key kind sourceSize destinationSize sourceEtag destinationEtag outcome reason proof detail. */
const COLUMNS = 10;

function isLedgerOutcome(text: string): text is LedgerRow['outcome'] {
  return isOutcome(text) && text !== 'unchanged';
}

function encode(row: Difference): string {
  return [
    encodeText(row.key),
    row.kind,
    encodeNullableCount(RECORD, 'sourceSize', row.sourceSize),
    encodeNullableCount(RECORD, 'destinationSize', row.destinationSize),
    encodeToken(RECORD, 'sourceEtag', row.sourceEtag),
    encodeToken(RECORD, 'destinationEtag', row.destinationEtag),
    row.outcome ?? NULL_COLUMN,
    row.reason ?? NULL_COLUMN,
    row.proof ?? NULL_COLUMN,
    encodeDetail(row.detail),
  ].join('\t');
}

function decode(line: string): Difference {
  const columns = splitColumns(RECORD, line, COLUMNS);
  return {
    key: decodeText(columns[0] as string),
    kind: decodeWord(RECORD, 'kind', columns[1], isDifferenceKind),
    sourceSize: decodeNullableCount(RECORD, 'sourceSize', columns[2]),
    destinationSize: decodeNullableCount(RECORD, 'destinationSize', columns[3]),
    sourceEtag: decodeToken(RECORD, 'sourceEtag', columns[4]),
    destinationEtag: decodeToken(RECORD, 'destinationEtag', columns[5]),
    outcome: decodeNullableWord(RECORD, 'outcome', columns[6], isLedgerOutcome),
    reason: decodeNullableWord(RECORD, 'reason', columns[7], isReasonCode),
    proof: decodeNullableWord(RECORD, 'proof', columns[8], isProof),
    detail: decodeNullableText(columns[9] as string),
  };
}

/** The lines of {@link Difference}. */
export const difference: RecordCodec<Difference> = { record: RECORD, encode, decode };
