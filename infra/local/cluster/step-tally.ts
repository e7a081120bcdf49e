/** What a step's attempts did so far, added up for its progress; attempts that fail are taken out again. */
import type { StepProgress } from '../../../workflows/events/run-event.ts';
import { addToCounter, type Counters } from './reporter-lines.ts';

/** Counters of our own programs (emr-steps/hadoop/statistics-report.ts). */
const GROUP = 'carillon';

/** The counts of one attempt while it runs. */
export class AttemptTally {
  readonly counters: Counters = new Map();
  /** Lines that the program was given, and that it wrote. */
  linesIn = 0;
  linesOut = 0;
  finished = false;

  count(group: string, name: string, amount: number): void {
    addToCounter(this.counters, group, name, amount);
  }

  /** What the program says that it has read; before it says anything nothing, until it has ended. */
  get recordsIn(): number {
    return this.#own('records in') ?? (this.finished ? this.linesIn : 0);
  }

  get recordsOut(): number {
    return Math.max(this.#own('records out') ?? 0, this.linesOut);
  }

  get bytes(): number {
    return this.#own('bytes') ?? 0;
  }

  #own(name: string): number | undefined {
    return this.counters.get(GROUP)?.get(name);
  }
}

/** The counts of one phase of a step. */
export class StepTally {
  readonly #attempts = new Set<AttemptTally>();
  /** Records that the step will get; null where nobody knows. */
  total: number | null = null;

  begin(): AttemptTally {
    const attempt = new AttemptTally();
    this.#attempts.add(attempt);
    return attempt;
  }

  /** Counters of the attempts that have ended well, added up; what failed attempts counted is dropped, as Hadoop does. */
  addCountersTo(all: Counters): void {
    for (const attempt of this.#attempts) {
      if (!attempt.finished) continue;
      for (const [group, names] of attempt.counters) for (const [name, amount] of names) addToCounter(all, group, name, amount);
    }
  }

  forget(attempt: AttemptTally): void {
    this.#attempts.delete(attempt);
  }

  get progress(): StepProgress {
    const sum = (of: (attempt: AttemptTally) => number): number => [...this.#attempts].reduce((all, attempt) => all + of(attempt), 0);
    return { recordsIn: sum((each) => each.recordsIn), recordsOut: sum((each) => each.recordsOut), bytes: sum((each) => each.bytes), total: this.total };
  }
}
