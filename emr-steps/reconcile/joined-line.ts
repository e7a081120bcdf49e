/**
 * The columns of a joined line (`key side rest`) that reconcile needs, cut out without decoding the rest: a billion lines go through here.
 * A property test holds the answers against those of the codecs.
 */
import { isOutcome } from '../books/outcomes.ts';
import { isReasonCode } from '../books/reasons.ts';
import { type LedgerRow, ledgerRow } from '../records/ledger-row.ts';
import { RecordError } from '../records/record-error.ts';
import { NULL_COLUMN } from '../records/text.ts';

/** The sides of a line of reconcile's. */
type Side = 'to-copy' | 'ledger';

const TAB = 9;
const [ZERO, NINE] = [48, 57];
/** Columns between the side and a ledger row's outcome: destinationKey, size, sourceEtag, destinationEtag, parts. */
const BEFORE_OUTCOME = 5;
/** And between the side and its drift: those, outcome, reason, proof, mode, round, attempt, time and detail. */
const BEFORE_DRIFT = 13;

function malformed(line: string, what: string): RecordError {
  return new RecordError('reconcile line', `${JSON.stringify(line.slice(0, 300))} ${what}`);
}

/** Where the column `count` columns after the one at `start` begins. */
function skipColumns(line: string, start: number, count: number): number {
  let at = start;
  for (let n = 0; n < count; n += 1) {
    at = line.indexOf('\t', at) + 1;
    if (at === 0) throw malformed(line, 'has too few columns');
  }
  return at;
}

/** Where the key ends. */
export function endOfKey(line: string): number {
  const tab = line.indexOf('\t');
  if (tab < 0) throw malformed(line, 'is one column');
  return tab;
}

/** The side of a line whose key ends at `keyEnd`. */
export function sideAt(line: string, keyEnd: number): Side {
  if (line.startsWith('to-copy\t', keyEnd + 1)) return 'to-copy';
  if (line.startsWith('ledger\t', keyEnd + 1)) return 'ledger';
  throw malformed(line, 'has neither to-copy nor ledger as its second column');
}

/** Where the columns after key and side begin. */
function startOfRest(keyEnd: number, side: Side): number {
  return keyEnd + side.length + 2;
}

/** The whole number in the column at `start`. */
function countAt(line: string, start: number): number {
  let value = 0;
  let at = start;
  for (; at < line.length; at += 1) {
    const code = line.charCodeAt(at);
    if (code === TAB) break;
    if (code < ZERO || code > NINE) throw malformed(line, 'has no whole number where its size should be');
    value = value * 10 + (code - ZERO);
  }
  const isPadded = line.charCodeAt(start) === ZERO && at > start + 1;
  if (at === start || isPadded || !Number.isSafeInteger(value)) throw malformed(line, 'has no whole number where its size should be');
  return value;
}

/** The size in a line of either side: column 3 of an ObjectRecord and of a LedgerRow. */
export function sizeOf(line: string, keyEnd: number, side: Side): number {
  return countAt(line, skipColumns(line, startOfRest(keyEnd, side), 1));
}

/** Outcome and reason of a ledger line, with the TAB between them. */
export function outcomeOf(line: string, keyEnd: number): string {
  const start = skipColumns(line, startOfRest(keyEnd, 'ledger'), BEFORE_OUTCOME);
  const reason = skipColumns(line, start, 1);
  return line.slice(start, skipColumns(line, reason, 1) - 1);
}

/** Drift of a ledger line; `\N` where the line is of the version that had none. */
export function driftOf(line: string, keyEnd: number): string {
  let at = startOfRest(keyEnd, 'ledger');
  for (let n = 0; n < BEFORE_DRIFT; n += 1) {
    at = line.indexOf('\t', at) + 1;
    if (at === 0) return NULL_COLUMN;
  }
  const end = line.indexOf('\t', at);
  return line.slice(at, end < 0 ? line.length : end);
}

/** Refuses an outcome and reason that no ledger row has. */
export function checkOutcome(outcomeAndReason: string): void {
  const [outcome = '', reason = ''] = outcomeAndReason.split('\t');
  const fits = outcome === 'copied' ? reason === NULL_COLUMN : isOutcome(outcome) && outcome !== 'unchanged' && isReasonCode(reason);
  if (!fits) throw new RecordError('reconcile line', `outcome ${JSON.stringify(outcome)} with reason ${JSON.stringify(reason)} is none of a ledger row`);
}

/** The whole ledger row of a line: only where an object has several. */
export function ledgerOf(line: string, keyEnd: number): LedgerRow {
  return ledgerRow.decode(line.slice(0, keyEnd + 1) + line.slice(startOfRest(keyEnd, 'ledger')));
}

/** The line as it was before the mapper wrote the side into it. */
export function withoutSide(line: string, keyEnd: number, side: Side): string {
  return line.slice(0, keyEnd + 1) + line.slice(startOfRest(keyEnd, side));
}
