import { describe, expect, it } from 'vitest';
import { decideRetry } from '../../../../workflows/plan/decide-retry.ts';
import { readPlan, resumedProgress, resumeRun } from '../../../../workflows/plan/resume-run.ts';
import { planRun } from '../../../../workflows/plan/run-plan.ts';
import { firstProgress, nextRound, nextTry, type RunProgress, STEP_IDS, type StepId, sized } from '../../../../workflows/plan/run-progress.ts';
import { runFacts } from '../../../helpers/run-facts.ts';

const seen = (begun: readonly StepId[], finished: readonly StepId[]) => ({ begun: new Set(begun), finished: new Set(finished) });

/** Steps whose try is another one after the resume. */
function again(before: RunProgress, after: RunProgress): readonly StepId[] {
  return STEP_IDS.filter((id) => after.tries[id] !== before.tries[id]);
}

describe('a run that was cut off', () => {
  it.each<readonly [string, readonly StepId[], readonly StepId[], readonly StepId[]]>([
    ['before any step', [], [], []],
    ['in its listing', ['listSource'], [], ['listSource']],
    ['in one of two listings', ['listSource', 'listDestination'], ['listSource'], ['listDestination']],
    ['between two steps', ['listSource'], ['listSource'], []],
    ['in copy', ['listSource', 'planParts', 'copyObjects'], ['listSource', 'planParts'], ['copyObjects']],
    ['in complete', ['listSource', 'planParts', 'copyObjects', 'completeUploads'], ['listSource', 'planParts', 'copyObjects'], ['completeUploads']],
    [
      'in its sweep, at the end',
      ['listSource', 'planParts', 'copyObjects', 'completeUploads', 'reconcile', 'sweepUploads'],
      ['listSource', 'planParts', 'copyObjects', 'completeUploads', 'reconcile'],
      ['sweepUploads'],
    ],
    [
      'after the sweep that followed a failed copy, whose uploads may be gone',
      ['listSource', 'planParts', 'copyObjects', 'sweepUploads'],
      ['listSource', 'planParts', 'sweepUploads'],
      ['planParts', 'copyObjects', 'sweepUploads'],
    ],
    [
      'after the sweep that followed a failed reconcile, when every upload was completed',
      ['listSource', 'planParts', 'copyObjects', 'completeUploads', 'reconcile', 'sweepUploads'],
      ['listSource', 'planParts', 'copyObjects', 'completeUploads', 'sweepUploads'],
      ['reconcile', 'sweepUploads'],
    ],
  ])('%s gets the next try of what was cut off, and of nothing else', (_, begun, finished, expected) => {
    const before = firstProgress();
    expect(again(before, resumedProgress(before, seen(begun, finished)))).toEqual(expected);
  });

  it('writes the next try into a fresh folder, and what follows reads that', () => {
    const facts = runFacts();
    const plan = planRun(facts, sized(firstProgress(), 100));
    const resumed = resumeRun(facts, plan, seen(['listSource', 'planParts'], ['listSource']));
    expect(resumed.steps.planParts).toMatchObject({ name: 'plan-parts.r1.t2', output: 'rounds/1/tasks/try-2', try: 2 });
    expect(resumed.steps.copyObjects.args).toContain('/var/runs/1/rounds/1/tasks/try-2');
    expect(resumed.progress.plan).toBe(plan.progress.plan + 1);
    expect(resumed.steps.planParts.args.join(' ')).toContain('--try 2');
  });

  it('keeps the plan where nothing was cut off', () => {
    const facts = runFacts();
    const plan = planRun(facts, nextRound(firstProgress(), 4));
    expect(resumeRun(facts, plan, seen([], []))).toEqual(plan);
  });

  it('gives a step all its tries again, however often the run was killed in it', () => {
    const facts = runFacts({ work: { tries: 2 } });
    const failed = { type: 'step-failed', step: 'copyObjects', cause: 'exit code 1' } as const;
    let progress = nextTry(firstProgress(), 'copyObjects');
    for (let kills = 0; kills < 3; kills += 1) progress = resumedProgress(progress, seen(['copyObjects'], []));
    expect(progress.tries.copyObjects).toBe(5);
    expect(decideRetry(facts, progress, failed)).toMatchObject({ next: 'try', why: 'try 1 of 2 failed; the next has a fresh output' });
    expect(decideRetry(facts, nextTry(progress, 'copyObjects'), failed)).toMatchObject({ next: 'end', why: 'try 2 of 2 failed' });
  });

  it('forgets the tries of a round in the next one', () => {
    const progress = nextRound(resumedProgress(firstProgress(), seen(['copyObjects', 'listSource'], [])), 3);
    expect(progress.cutOff).toEqual({ listSource: 1 });
    expect(progress.tries).toMatchObject({ copyObjects: 1, listSource: 2 });
    expect(progress.earlier).toEqual([{ planParts: 1, copyObjects: 2, completeUploads: 1, reconcile: 1, reconcileUnsettled: 1 }]);
  });
});

describe('the newest plan of a run', () => {
  const plan = planRun(runFacts(), firstProgress());

  it('is read as it was written', () => {
    expect(readPlan(JSON.stringify(plan))).toEqual(plan);
  });

  it.each([
    ['another version of the directory', JSON.stringify({ ...plan, formatVersion: 2 }), 'format version 2, this program resumes version 1'],
    ['no version', '{}', 'format version undefined'],
    ['nothing', 'null', 'format version undefined'],
    ['no JSON', '{"formatVersion": 1', 'is no JSON'],
  ])('is refused with %s', (_, text, message) => {
    expect(() => readPlan(text)).toThrow(expect.objectContaining({ code: 'RESUME_REFUSED', message: expect.stringContaining(message) }));
  });
});
