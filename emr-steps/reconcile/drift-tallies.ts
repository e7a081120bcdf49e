/** Counts of the drift: by whole drifts while rows come in, of which there are few, and by aspect and fate in the end. */
import { ASPECTS, type DriftCount, fateIn, isDrift } from '../books/drift.ts';
import { RecordError } from '../records/record-error.ts';
import { NULL_COLUMN } from '../records/text.ts';
import { type ExactSum, ExactTallies } from './exact-tally.ts';

function check(drift: string): void {
  if (drift !== NULL_COLUMN && !isDrift(drift)) throw new RecordError('reconcile line', `drift ${JSON.stringify(drift)} is none of a ledger row`);
}

/** Adds up; one of these a reducer. */
export class DriftTallies {
  readonly #tallies = new ExactTallies(check);

  /** @param drift - as the ledger has it, `\N` too */
  add(drift: string, bytes: number): void {
    this.#tallies.add(drift, bytes);
  }

  /** What was counted, aspects in their order; what no object had is left out. */
  counts(): readonly DriftCount[] {
    const sums = [...this.#tallies.sums()].filter(([drift]) => drift !== NULL_COLUMN);
    return ASPECTS.flatMap((aspect) => {
      const fates = new Map<DriftCount['fate'], ExactSum>();
      for (const [drift, sum] of sums) {
        const fate = fateIn(drift, aspect);
        if (fate !== 'none') fates.set(fate, added(fates.get(fate), sum));
      }
      return Array.from(fates, ([fate, { objects, bytes }]) => ({ aspect, fate, objects, bytes: Number(bytes) })).sort((a, b) => (a.fate < b.fate ? -1 : 1));
    });
  }
}

function added(a: ExactSum | undefined, b: ExactSum): ExactSum {
  return a === undefined ? b : { objects: a.objects + b.objects, bytes: a.bytes + b.bytes };
}
