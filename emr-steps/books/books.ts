/**
 * The books of a run: listed = copied + unchanged + skipped + failed, by rows that were counted, never inferred.
 * Pure; the rows come from the diff's counts line and from the reconcile step.
 */
import { OUTCOMES, type Outcome } from './outcomes.ts';
import type { ReasonCode } from './reasons.ts';

/** Objects and their bytes. */
export interface Tally {
  readonly objects: number;
  /** Sum of the objects' sizes in bytes; above 2^53 (9 PB) the nearest number. */
  readonly bytes: number;
}

/** What reconcile counted for one outcome and reason. */
export interface OutcomeCount extends Tally {
  /** An outcome; `unlisted`: a ledger row that nobody asked for; `duplicate`: a further line of a key already listed. */
  readonly outcome: Outcome | 'unlisted' | 'duplicate';
  readonly reason: ReasonCode | null;
}

/** The books of a run. */
export interface Books {
  /** Objects that the listing of the source holds. */
  readonly listed: Tally;
  readonly outcomes: Readonly<Record<Outcome, Tally>>;
  /** Objects by reason code, of those skipped and failed. */
  readonly reasons: Readonly<Partial<Record<ReasonCode, number>>>;
  /** Ledger rows of keys that were not to be copied; above zero the books do not balance. */
  readonly unlisted: number;
  /** Further listing lines of a key that was listed already; above zero the books do not balance. */
  readonly duplicates: number;
  /** Whether listed = copied + unchanged + skipped + failed, in objects and bytes, with nothing unlisted or listed twice. */
  readonly balanced: boolean;
}

const ZERO: Tally = { objects: 0, bytes: 0 };

/** Sums of sizes beyond 2^53 bytes are no longer exact; so many of their digits are compared. */
const RELATIVE_ROUNDING = 1e-12;

/** Whether two sums of sizes are the same: exactly up to 2^53 (9 PB), beyond that up to what rounding does to a few thousand summands. */
export function sameBytes(a: number, b: number): boolean {
  if (Number.isSafeInteger(a) && Number.isSafeInteger(b)) return a === b;
  return Math.abs(a - b) <= Math.max(a, b) * RELATIVE_ROUNDING;
}

/** The sum of two tallies. */
export function addTally(a: Tally, b: Tally): Tally {
  return { objects: a.objects + b.objects, bytes: a.bytes + b.bytes };
}

/**
 * Draws up the books.
 *
 * @param listed - what the listing holds (the diff's missing + different + unchanged, or the lines that were to be copied)
 * @param unchanged - what the diff found at the destination already; zero without a diff
 * @param counts - the lines that reconcile wrote
 */
export function drawUpBooks(listed: Tally, unchanged: Tally, counts: readonly OutcomeCount[]): Books {
  const outcomes: Record<Outcome, Tally> = { copied: ZERO, unchanged, skipped: ZERO, failed: ZERO };
  const reasons: Partial<Record<ReasonCode, number>> = {};
  let unlisted = 0;
  let duplicates = 0;
  for (const count of counts) {
    if (count.outcome === 'unlisted') unlisted += count.objects;
    else if (count.outcome === 'duplicate') duplicates += count.objects;
    else outcomes[count.outcome] = addTally(outcomes[count.outcome], count);
    if (count.reason !== null) reasons[count.reason] = (reasons[count.reason] ?? 0) + count.objects;
  }
  const settled = OUTCOMES.map((outcome) => outcomes[outcome]).reduce(addTally, ZERO);
  const balanced = settled.objects === listed.objects && sameBytes(settled.bytes, listed.bytes) && unlisted === 0 && duplicates === 0;
  return { listed, outcomes, reasons, unlisted, duplicates, balanced };
}
