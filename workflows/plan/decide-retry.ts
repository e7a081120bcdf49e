/**
 * What comes after a failed step or a counted round: another try, another round, or the end. Pure.
 *
 * | what happened | and | next |
 * |---|---|---|
 * | a step failed as a whole | tries left | try: the same input, a fresh output |
 * | a step failed as a whole | no tries left | end |
 * | a round was counted | nothing may heal | end |
 * | a round was counted | no rounds left | end |
 * | a round was counted | as much is left as the round before left | end: another round would change nothing |
 * | a round was counted | else | round: smaller, slower, every part asked for |
 */
import type { OutcomeCount } from '../../emr-steps/books/books.ts';
import { unsettledObjects } from './round-counts.ts';
import type { RunFacts } from './run-facts.ts';
import { planRun, type RunPlan } from './run-plan.ts';
import { nextRound, nextTry, type RunProgress, type StepId } from './run-progress.ts';

/** What has to be decided upon. */
export type Happening =
  | { readonly type: 'step-failed'; readonly step: StepId; readonly cause: string }
  | {
      readonly type: 'round-counted';
      /** The lines that reconcile wrote in this round. */
      readonly counts: readonly OutcomeCount[];
    };

/** What comes next. */
export interface RetryDecision {
  readonly next: 'try' | 'round' | 'end';
  /** One sentence for people. */
  readonly why: string;
  /** Objects that another round may settle. */
  readonly unsettled: number;
  /** With the next try. Null where a round follows (`reconcileUnsettled` runs first, then {@link planRound}) and at the end. */
  readonly plan: RunPlan | null;
}

/**
 * The plan of the next round.
 *
 * @param progress - of the present round, after `reconcileUnsettled` has written the next one's input
 * @param unsettled - objects in that input
 */
export function planRound(facts: RunFacts, progress: RunProgress, unsettled: number): RunPlan {
  return planRun(facts, nextRound(progress, unsettled));
}

/** Decides. */
export function decideRetry(facts: RunFacts, progress: RunProgress, happening: Happening): RetryDecision {
  return happening.type === 'step-failed' ? afterFailure(facts, progress, happening.step) : afterRound(facts, progress, unsettledObjects(happening.counts));
}

function afterFailure(facts: RunFacts, progress: RunProgress, step: StepId): RetryDecision {
  const { tries } = facts.request.work;
  const done = progress.tries[step] - (progress.cutOff[step] ?? 0);
  if (done >= tries) return end(0, `try ${done} of ${tries} failed`);
  return { next: 'try', why: `try ${done} of ${tries} failed; the next has a fresh output`, unsettled: 0, plan: planRun(facts, nextTry(progress, step)) };
}

function afterRound(facts: RunFacts, progress: RunProgress, unsettled: number): RetryDecision {
  const { rounds } = facts.request;
  if (unsettled === 0) return end(0, 'nothing is left that another round may settle');
  if (progress.round >= rounds) return end(unsettled, `round ${progress.round} of ${rounds} is done`);
  if (progress.unsettled !== null && unsettled >= progress.unsettled) return end(unsettled, 'the round settled nothing of what the one before had left');
  return { next: 'round', why: 'what is left may heal', unsettled, plan: null };
}

function end(unsettled: number, why: string): RetryDecision {
  return { next: 'end', why, unsettled, plan: null };
}
