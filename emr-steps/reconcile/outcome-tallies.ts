/** Counts by outcome and reason. */
import type { OutcomeCount } from '../books/books.ts';
import { OUTCOMES, type Outcome } from '../books/outcomes.ts';
import type { ReasonCode } from '../books/reasons.ts';
import { NULL_COLUMN } from '../records/text.ts';
import { ExactTallies } from './exact-tally.ts';

const ORDER: readonly OutcomeCount['outcome'][] = [...OUTCOMES, 'unlisted', 'duplicate'];

/** Adds up; one of these a reducer. */
export class OutcomeTallies {
  readonly #tallies: ExactTallies;

  /** @param check - refuses an outcome and reason; asked once for each pair that comes up */
  constructor(check: (outcomeAndReason: string) => void) {
    this.#tallies = new ExactTallies(check);
  }

  /** @param outcomeAndReason - as the ledger has them, with the TAB between */
  add(outcomeAndReason: string, bytes: number): void {
    this.#tallies.add(outcomeAndReason, bytes);
  }

  /** What was counted, in the order of the books, reasons by name. */
  counts(): readonly OutcomeCount[] {
    const counts = Array.from(this.#tallies.sums(), ([outcomeAndReason, { objects, bytes }]): OutcomeCount => {
      const [outcome, reason] = outcomeAndReason.split('\t') as [Outcome, ReasonCode | typeof NULL_COLUMN];
      return { outcome, reason: reason === NULL_COLUMN ? null : reason, objects, bytes: Number(bytes) };
    });
    return counts.sort((a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome) || ((a.reason ?? '') < (b.reason ?? '') ? -1 : 1));
  }
}
