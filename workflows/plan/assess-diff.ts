/** After the listings and the diff: is there anything to copy, and does the diff's output agree with its own counts? Pure. */
import { addTally, type Tally } from '../../emr-steps/books/books.ts';
import type { DiffCounts } from '../../emr-steps/records/diff-counts.ts';
import type { RunFacts } from './run-facts.ts';
import { planRun, type RunPlan } from './run-plan.ts';
import { type RunProgress, sized } from './run-progress.ts';

/** What lies in the run's directory by now. */
export interface DiffOutput {
  /** Bytes of the rows that are to be copied: of the source's listing, or of the diff's `to-copy`. */
  readonly toCopyBytes: number;
  /** The diff's one line; null without a diff. */
  readonly counts: DiffCounts | null;
}

/** What follows. */
export interface DiffAssessment {
  /** The coming steps have an empty input: go straight to the end, which is a good one. */
  readonly nothingToDo: boolean;
  /** With the sizes of the coming steps. */
  readonly plan: RunPlan;
}

/** Thrown where the diff's rows and its counts cannot both be right; the run must not go on. */
export class DiffDamagedError extends Error {
  override readonly name = 'DiffDamagedError';
  readonly code = 'DIFF_DAMAGED';
  readonly retryable = false;
}

/** What the diff says is to be copied. */
export function toCopyOf({ missing, different }: DiffCounts): Tally {
  return addTally(missing, different);
}

/**
 * Assesses the listings or the diff.
 *
 * @throws DiffDamagedError where a listing had rows without a key, or rows and counts disagree on whether there are any: engines leave
 *   empty folders after a failed join, and old rows where the new result is empty
 */
export function assessDiff(facts: RunFacts, progress: RunProgress, { counts, toCopyBytes }: DiffOutput): DiffAssessment {
  if (counts !== null) {
    const { objects } = toCopyOf(counts);
    if (counts.invalid > 0) throw new DiffDamagedError(`the diff met ${counts.invalid} rows without a key; a listing is damaged`);
    if (objects > 0 !== toCopyBytes > 0)
      throw new DiffDamagedError(`the diff counted ${objects} objects to copy, but its rows have ${toCopyBytes} bytes; its output is not of one run`);
  }
  return { nothingToDo: toCopyBytes === 0, plan: planRun(facts, sized(progress, toCopyBytes)) };
}
