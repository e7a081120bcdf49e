import { describe, expect, it } from 'vitest';
import type { DiffCounts } from '../../../../emr-steps/records/diff-counts.ts';
import { assessDiff } from '../../../../workflows/plan/assess-diff.ts';
import { firstProgress } from '../../../../workflows/plan/run-progress.ts';
import { runFacts } from '../../../helpers/run-facts.ts';

const none = { objects: 0, bytes: 0 };
const same: DiffCounts = { missing: none, different: none, unchanged: { objects: 5, bytes: 50 }, extra: none, invalid: 0 };
const facts = runFacts({ diff: { engine: 'hive' } });

describe('assessing the diff', () => {
  it('finds nothing to do where nothing is missing or different', () => {
    expect(assessDiff(facts, firstProgress(), { counts: same, toCopyBytes: 0 }).nothingToDo).toBe(true);
  });

  it('finds nothing to do in an empty bucket, without a diff', () => {
    expect(assessDiff(runFacts(), firstProgress(), { counts: null, toCopyBytes: 0 }).nothingToDo).toBe(true);
  });

  it('plans the coming steps by the size of their input', () => {
    const { nothingToDo, plan } = assessDiff(facts, firstProgress(), { counts: { ...same, missing: { objects: 1, bytes: 0 } }, toCopyBytes: 1500 });
    expect(nothingToDo).toBe(false);
    expect(plan.progress).toMatchObject({ plan: 2, rowBytes: 1500 });
    expect(plan.steps.copyObjects.args).toContain('mapreduce.job.maps=2');
  });

  it.each([
    ['rows without a key', { ...same, invalid: 1 }, 0, 'rows without a key'],
    ['counts without rows', { ...same, different: { objects: 2, bytes: 9 } }, 0, 'counted 2 objects to copy, but its rows have 0 bytes'],
    ['rows without counts', same, 80, 'counted 0 objects to copy, but its rows have 80 bytes'],
  ])('stops the run at %s', (_, counts, toCopyBytes, message) => {
    expect(() => assessDiff(facts, firstProgress(), { counts, toCopyBytes })).toThrow(message);
  });
});
