import { describe, expect, it } from 'vitest';
import { planRun } from '../../../../workflows/plan/run-plan.ts';
import { firstProgress } from '../../../../workflows/plan/run-progress.ts';
import { localCluster, runFacts } from '../../../helpers/run-facts.ts';

function stepsOf(workDirectory: 'run' | 'hdfs', kind: 'local' | 'hadoop') {
  const facts = runFacts({ workDirectory }, { runDirectory: 's3://work-bucket/runs/1', cluster: { ...localCluster, kind } });
  return Object.entries(planRun(facts, firstProgress()).steps).flatMap(([id, step]) => (step === null ? [] : [{ id, args: step.args.join(' ') }]));
}

describe('rows on the cluster', () => {
  it('are the results of the copy step alone, for the two steps that write and read them', () => {
    const steps = stepsOf('hdfs', 'hadoop');
    expect(steps.filter(({ args }) => args.includes('hdfs:')).map(({ id }) => id)).toEqual(['copyObjects', 'completeUploads']);
    const place = 'hdfs:///carillon/20260102-030405-0123456789/rounds/1/results/try-1';
    expect(steps.find(({ id }) => id === 'copyObjects')?.args).toContain(`-output ${place}`);
    expect(steps.find(({ id }) => id === 'completeUploads')?.args).toContain(`-input ${place}`);
  });

  it('are none where the request does not say so, or there is no HDFS', () => {
    for (const steps of [stepsOf('run', 'hadoop'), stepsOf('hdfs', 'local')]) expect(steps.filter(({ args }) => args.includes('hdfs:'))).toEqual([]);
  });
});
