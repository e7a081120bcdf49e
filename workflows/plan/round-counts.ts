/** What the counts of reconcile say about a round. Pure. */
import type { OutcomeCount } from '../../emr-steps/books/books.ts';
import { reasonClass } from '../../emr-steps/books/reasons.ts';

/** Whether another round may settle what this line counts. */
function isUnsettled({ outcome, reason }: OutcomeCount): boolean {
  return outcome === 'failed' && reason !== null && reasonClass(reason) === 'retryable';
}

/** Objects that another round may settle. */
export function unsettledObjects(counts: readonly OutcomeCount[]): number {
  return counts.filter(isUnsettled).reduce((sum, count) => sum + count.objects, 0);
}

/** The lines that the books of the whole run are drawn up from: what a round left unsettled is counted by the round after it. */
export function countsOfRun(rounds: readonly (readonly OutcomeCount[])[]): readonly OutcomeCount[] {
  return rounds.flatMap((counts, at) => (at === rounds.length - 1 ? counts : counts.filter((count) => !isUnsettled(count))));
}
