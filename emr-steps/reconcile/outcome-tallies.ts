/** Counts by outcome and reason, exact however many bytes come together. */
import type { OutcomeCount } from '../books/books.ts';
import { OUTCOMES, type Outcome } from '../books/outcomes.ts';
import type { ReasonCode } from '../books/reasons.ts';
import { NULL_COLUMN } from '../records/text.ts';

interface ExactTally {
  objects: number;
  /** Exact: before it would pass 2^53 it is carried over. */
  bytes: number;
  carried: bigint;
}

const ORDER: readonly OutcomeCount['outcome'][] = [...OUTCOMES, 'unlisted', 'duplicate'];

/** Adds up; one of these a reducer. */
export class OutcomeTallies {
  readonly #tallies = new Map<string, ExactTally>();
  readonly #check: (outcomeAndReason: string) => void;

  /** @param check - refuses an outcome and reason; asked once for each pair that comes up */
  constructor(check: (outcomeAndReason: string) => void) {
    this.#check = check;
  }

  /** @param outcomeAndReason - as the ledger has them, with the TAB between */
  add(outcomeAndReason: string, bytes: number): void {
    let tally = this.#tallies.get(outcomeAndReason);
    if (tally === undefined) {
      this.#check(outcomeAndReason);
      tally = { objects: 0, bytes: 0, carried: 0n };
      this.#tallies.set(outcomeAndReason, tally);
    }
    tally.objects += 1;
    if (tally.bytes > Number.MAX_SAFE_INTEGER - bytes) {
      tally.carried += BigInt(tally.bytes);
      tally.bytes = 0;
    }
    tally.bytes += bytes;
  }

  /** What was counted, in the order of the books, reasons by name. */
  counts(): readonly OutcomeCount[] {
    const counts = [...this.#tallies].map(([outcomeAndReason, tally]): OutcomeCount => {
      const [outcome, reason] = outcomeAndReason.split('\t') as [Outcome, ReasonCode | typeof NULL_COLUMN];
      return { outcome, reason: reason === NULL_COLUMN ? null : reason, objects: tally.objects, bytes: Number(tally.carried + BigInt(tally.bytes)) };
    });
    return counts.sort((a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome) || ((a.reason ?? '') < (b.reason ?? '') ? -1 : 1));
  }
}
