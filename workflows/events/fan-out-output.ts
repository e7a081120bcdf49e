/** `output.json` of a fan-out: the books of all its runs added up, and where each has its own. */
import { addTally, type Books } from '../../emr-steps/books/books.ts';
import { OUTCOMES } from '../../emr-steps/books/outcomes.ts';
import type { RunOutput, RunStatus } from './run-output.ts';

/** How one run of a fan-out ended. */
export interface FanOutChildOutput {
  /** Its name in the fan-out. */
  readonly child: string;
  /** Name of the execution of its last try. */
  readonly execution: string;
  /** Null where nobody knows any more. */
  readonly runId: string | null;
  readonly status: RunStatus;
  /** Why it failed; null otherwise. */
  readonly cause: string | null;
  /** Its directory, which holds its own `output.json`; null where it was never prepared. */
  readonly runDirectory: string | null;
  readonly books: Books | null;
}

/**
 * The contract for what runs next. `succeeded`: every run did. `partial`: every run's books balance, some objects failed. `failed`: some run
 * did. The source and the destination are those of the pair; of several pairs how many there are.
 */
export interface FanOutOutput extends Pick<RunOutput, 'version' | 'runId' | 'status' | 'cause' | 'runDirectory' | 'source' | 'destination' | 'books'> {
  readonly children: readonly FanOutChildOutput[];
}

/** Everything in both books. They balance only where both do. */
export function addBooks(a: Books, b: Books): Books {
  const outcomes = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, addTally(a.outcomes[outcome], b.outcomes[outcome])]));
  const reasons = Object.entries(b.reasons).reduce<Record<string, number>>(
    (sum, [reason, objects]) => {
      sum[reason] = (sum[reason] ?? 0) + objects;
      return sum;
    },
    { ...a.reasons },
  );
  return {
    listed: addTally(a.listed, b.listed),
    outcomes: outcomes as Books['outcomes'],
    reasons,
    unlisted: a.unlisted + b.unlisted,
    duplicates: a.duplicates + b.duplicates,
    balanced: a.balanced && b.balanced,
  };
}
