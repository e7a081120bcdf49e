import { describe, expect, it } from 'vitest';
import { diffCounts } from '../../../emr-steps/records/diff-counts.ts';
import { outcomeCount } from '../../../emr-steps/records/outcome-count.ts';
import { assessDiff } from '../../../lambdas/assess-diff/assess-diff.ts';
import { decideRetry } from '../../../lambdas/decide-retry/decide-retry.ts';
import { newestPlan } from '../../../lambdas/run/run-plans.ts';
import { splitPartitions } from '../../../lambdas/split-partitions/split-partitions.ts';
import type { AssessDiffInput } from '../../../workflows/plan/run-state.ts';
import { EXECUTION, prepared } from './surroundings.ts';

const NONE = { objects: 0, bytes: 0 };
const COUNTS = { missing: { objects: 1, bytes: 5 }, different: NONE, unchanged: { objects: 2, bytes: 9 }, extra: { objects: 3, bytes: 1 }, invalid: 0 };
const noAthena = () => Promise.reject(new Error('not asked'));
const assessment = { ...EXECUTION, listed: null, countsQueryId: null } satisfies Partial<AssessDiffInput>;

describe('split-partitions', () => {
  it('writes one partition for everything where no part file was given', async () => {
    const { deps, state, directory } = await prepared();
    const { plan } = await splitPartitions({ ...EXECUTION, plan: state.plan }, deps);
    expect(Buffer.from((await directory.read('partitions/part.tsv')) ?? []).toString()).toBe(',\n');
    expect(await newestPlan(directory)).toEqual(plan);
  });
});

describe('assess-diff', () => {
  it('says after the listing alone whether there is anything to do', async () => {
    const { deps, state, directory } = await prepared();
    const assess = () => assessDiff({ ...assessment, after: 'listings', plan: state.plan }, { ...deps, athenaCounts: noAthena });
    expect((await assess()).nothingToDo).toBe(true);
    await directory.write('source/try-1/part-00000', 'x'.repeat(50));
    const { nothingToDo, plan } = await assess();
    expect({ nothingToDo, bytes: plan.progress.rowBytes }).toEqual({ nothingToDo: false, bytes: 50 });
  });

  it('takes the tries of listings that ran at once, and a plan number beyond those of both', async () => {
    const { deps, state, directory } = await prepared({ diff: { engine: 'hive' } });
    const failed = (step: 'listSource' | 'listDestination') =>
      decideRetry({ ...EXECUTION, plan: state.plan, happening: { type: 'step-failed', step, error: { Error: 'States.TaskFailed', Cause: '{}' } } }, deps);
    await Promise.all([failed('listSource'), failed('listDestination')]);
    const input = { ...assessment, after: 'listings', plan: state.plan, listed: { source: 2, destination: 2 } } as const;
    const { plan } = await assessDiff(input, { ...deps, athenaCounts: noAthena });
    expect(plan.progress.tries).toMatchObject({ listSource: 2, listDestination: 2 });
    expect(plan.steps.diff?.args.join(' ')).toContain('source/try-2');
    expect(await newestPlan(directory)).toEqual(plan);
  });

  it('marks a diff whose rows agree with its counts, and refuses one whose do not', async () => {
    const { deps, state, directory } = await prepared({ diff: { engine: 'hive' } });
    await directory.write('diff/try-1/counts/part-00000', `${diffCounts.encode(COUNTS)}\n`);
    const assess = () => assessDiff({ ...assessment, after: 'diff', plan: state.plan }, { ...deps, athenaCounts: noAthena });
    await expect(assess()).rejects.toThrow('counted 1 objects to copy, but its rows have 0 bytes');
    expect(await directory.read('diff/try-1/_SUCCESS')).toBeNull();
    await directory.write('diff/try-1/to-copy/part-00000', 'row\n');
    expect(await assess()).toMatchObject({ nothingToDo: false, plan: { progress: { rowBytes: 4, firstRowBytes: 4 } } });
    expect(await directory.read('diff/try-1/_SUCCESS')).not.toBeNull();
    expect(deps.events.at(-1)).toMatchObject({ type: 'diff.counted', missing: 1, unchanged: 2 });
  });

  it('reads the counts of an Athena diff from its query, before and after the rows, and keeps them where Hive does', async () => {
    const { deps, state, directory } = await prepared({ diff: { engine: 'hive', extras: true } });
    const asked = { ...deps, athenaCounts: async (id: string) => ({ ...COUNTS, missing: id === 'q' ? COUNTS.missing : NONE }) };
    const input = { ...assessment, plan: state.plan, countsQueryId: 'q' } as const;
    expect(await assessDiff({ ...input, after: 'counts' }, asked)).toMatchObject({ hasRowsToCopy: true, hasExtraRows: true, plan: state.plan });
    expect(await assessDiff({ ...input, after: 'counts', countsQueryId: 'other' }, asked)).toMatchObject({ hasRowsToCopy: false });
    await directory.write('diff/try-1/to-copy/part-00000', 'row\n');
    await assessDiff({ ...input, after: 'diff' }, asked);
    expect(Buffer.from((await directory.read('diff/try-1/counts/part-00000')) ?? []).toString()).toBe(`${diffCounts.encode(COUNTS)}\n`);
  });
});

describe('decide-retry', () => {
  const failure = { type: 'step-failed', step: 'copyObjects', error: { Error: 'States.TaskFailed', Cause: '{}' } } as const;

  it('plans another try with a fresh output and keeps the plan, until no try is left', async () => {
    const { deps, state, directory } = await prepared({ work: { tries: 2 } });
    const again = await decideRetry({ ...EXECUTION, plan: state.plan, happening: failure }, deps);
    expect(again).toMatchObject({ next: 'try', plan: { steps: { copyObjects: { try: 2, output: 'rounds/1/results/try-2' } } } });
    expect(await newestPlan(directory)).toEqual(again.plan);
    expect(await decideRetry({ ...EXECUTION, plan: again.plan, happening: failure }, deps)).toMatchObject({ next: 'end', plan: again.plan });
  });

  it('asks for another round where something may heal, and plans it once its rows are collected', async () => {
    const { deps, state, directory } = await prepared();
    const line = outcomeCount.encode({ outcome: 'failed', reason: 'throttled', objects: 7, bytes: 70 });
    await directory.write('rounds/1/settled/try-1/part-00000', `${line}\n`);
    await directory.write('rounds/1/settled/try-1/_SUCCESS', '');
    const counted = await decideRetry({ ...EXECUTION, plan: state.plan, happening: { type: 'round-counted' } }, deps);
    expect(counted).toMatchObject({ next: 'round', unsettled: 7, plan: state.plan });
    expect(deps.events.at(-1)).toMatchObject({ type: 'round.decided', round: 1, again: true });
    const happening = { type: 'unsettled-collected', unsettled: 7 } as const;
    expect(await decideRetry({ ...EXECUTION, plan: counted.plan, happening }, deps)).toMatchObject({ plan: { progress: { round: 2, unsettled: 7 } } });
  });

  it('does not decide upon a round whose counts are not whole', async () => {
    const { deps, state } = await prepared();
    await expect(decideRetry({ ...EXECUTION, plan: state.plan, happening: { type: 'round-counted' } }, deps)).rejects.toThrow('_SUCCESS');
  });
});
