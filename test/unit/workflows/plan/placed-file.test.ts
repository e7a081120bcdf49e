import { describe, expect, it } from 'vitest';
import { planRun } from '../../../../workflows/plan/run-plan.ts';
import { firstProgress } from '../../../../workflows/plan/run-progress.ts';
import { localCluster, runFacts } from '../../../helpers/run-facts.ts';

const ASSETS = 's3://assets/carillon';

describe('a cluster whose files are named by their content', () => {
  const cluster = { ...localCluster, files: { 'list-objects.js': `${ASSETS}/0a1b.js`, 'diff-etag.hql': `${ASSETS}/2c3d.hql` } };
  const { steps } = planRun(runFacts({ diff: { engine: 'hive' } }, { cluster }), firstProgress());

  it('gives each program under its own name to the step', () => {
    expect(steps.listSource?.args).toContain(`${ASSETS}/0a1b.js#list-objects.js`);
    expect(steps.copyObjects?.args).toContain('/opt/carillon/build/steps/copy-objects.js#copy-objects.js');
  });

  it('runs the Hive script where it lies', () => {
    expect(steps.diff?.args.slice(0, 5)).toEqual(['hive-script', '--run-hive-script', '--args', '-f', `${ASSETS}/2c3d.hql`]);
  });
});

describe('a cluster with a data role', () => {
  const dataRole = { arn: 'arn:aws:iam::111122223333:role/carillon-data', stsRegion: 'eu-central-1' };

  it('tells every task of it, by variables without blanks', () => {
    const { steps } = planRun(runFacts({}, { cluster: { ...localCluster, dataRole } }), firstProgress());
    for (const step of [steps.listSource, steps.planParts, steps.copyObjects, steps.completeUploads])
      expect(step?.args).toEqual(expect.arrayContaining([`CARILLON_DATA_ROLE_ARN=${dataRole.arn}`, 'CARILLON_STS_REGION=eu-central-1']));
  });

  it('is not told of where there is none', () => {
    expect(JSON.stringify(planRun(runFacts(), firstProgress()))).not.toContain('CARILLON_DATA_ROLE');
  });
});
