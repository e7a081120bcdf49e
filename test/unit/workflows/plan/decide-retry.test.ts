import { describe, expect, it } from 'vitest';
import type { OutcomeCount } from '../../../../emr-steps/books/books.ts';
import { decideRetry, planRound } from '../../../../workflows/plan/decide-retry.ts';
import { countsOfRun, unsettledObjects } from '../../../../workflows/plan/round-counts.ts';
import { firstProgress, nextRound, nextTry } from '../../../../workflows/plan/run-progress.ts';
import { runFacts } from '../../../helpers/run-facts.ts';

const copied: OutcomeCount = { outcome: 'copied', reason: null, objects: 90, bytes: 900 };
const denied: OutcomeCount = { outcome: 'failed', reason: 'access-denied', objects: 4, bytes: 40 };
const throttled: OutcomeCount = { outcome: 'failed', reason: 'throttled', objects: 6, bytes: 60 };

describe('after a counted round', () => {
  it.each([
    ['ends where nothing may heal', 3, null, [copied, denied], 'end', 0],
    ['ends where no rounds are left', 1, null, [copied, throttled], 'end', 6],
    ['goes on where something may heal', 3, null, [copied, throttled, denied], 'round', 6],
    ['goes on while less is left each time', 3, 7, [throttled], 'round', 6],
    ['ends where a round settled nothing', 3, 6, [throttled], 'end', 6],
  ] as const)('%s', (_, rounds, leftBefore, counts, next, unsettled) => {
    const progress = leftBefore === null ? firstProgress() : nextRound(firstProgress(), leftBefore);
    expect(decideRetry(runFacts({ rounds }), progress, { type: 'round-counted', counts })).toMatchObject({ next, unsettled });
  });

  it('plans the next round from what reconcile leaves, with fresh tries and under the next number', () => {
    const progress = nextTry(nextTry(firstProgress(), 'copyObjects'), 'reconcileUnsettled');
    const plan = planRound(runFacts({ rounds: 2 }), progress, 6);
    expect(plan.progress).toMatchObject({ plan: 4, round: 2, unsettledTry: 2, unsettled: 6, tries: { copyObjects: 1 } });
    expect(plan.steps.planParts.args).toContain('/var/runs/1/rounds/1/unsettled/try-2');
  });
});

describe('after a failed step', () => {
  it('gives it another try with a fresh output, and what follows reads that', () => {
    const decision = decideRetry(runFacts({ work: { tries: 2 } }), firstProgress(), { type: 'step-failed', step: 'planParts', cause: 'exit code 1' });
    expect(decision.next).toBe('try');
    expect(decision.plan?.steps.planParts.output).toBe('rounds/1/tasks/try-2');
    expect(decision.plan?.steps.copyObjects.args).toContain('/var/runs/1/rounds/1/tasks/try-2');
  });

  it('ends where the tries are used up', () => {
    const progress = nextTry(firstProgress(), 'planParts');
    expect(decideRetry(runFacts({ work: { tries: 2 } }), progress, { type: 'step-failed', step: 'planParts', cause: 'exit code 1' })).toEqual({
      next: 'end',
      why: 'try 2 of 2 failed',
      unsettled: 0,
      plan: null,
    });
  });
});

describe('the counts of several rounds', () => {
  it('count what a round left only once, by the round that had it last', () => {
    const second: readonly OutcomeCount[] = [
      { outcome: 'copied', reason: null, objects: 5, bytes: 50 },
      { outcome: 'failed', reason: 'throttled', objects: 1, bytes: 10 },
    ];
    expect(countsOfRun([[copied, denied, throttled], second])).toEqual([copied, denied, ...second]);
    expect(unsettledObjects([copied, denied, throttled])).toBe(6);
  });

  it('keep unlisted and doubled rows of every round, which must not be forgotten', () => {
    const unlisted: OutcomeCount = { outcome: 'unlisted', reason: null, objects: 1, bytes: 1 };
    expect(countsOfRun([[unlisted], []])).toEqual([unlisted]);
  });
});
