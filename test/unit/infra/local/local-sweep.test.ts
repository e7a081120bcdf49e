import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileRunDirectory } from '../../../../emr-steps/run-directory/file-run-directory.ts';
import { localSweep } from '../../../../infra/local/engine/local-sweep.ts';
import { stepRecords } from '../../../../infra/local/engine/step-records.ts';
import { keepPlan } from '../../../../lambdas/run/run-plans.ts';
import type { ClusterStep } from '../../../../workflows/plan/cluster-step.ts';
import { planRun } from '../../../../workflows/plan/run-plan.ts';
import { firstProgress } from '../../../../workflows/plan/run-progress.ts';
import { runFacts } from '../../../helpers/run-facts.ts';

const RUN_ID = '20260102-030405-0123456789';

let runs = '';
beforeEach(async () => {
  runs = await mkdtemp(join(tmpdir(), 'sweeps-'));
});
afterEach(() => rm(runs, { recursive: true, force: true }));

interface Left {
  /** Steps that were run. */
  readonly steps: readonly string[];
  readonly lock?: string | null;
  readonly plan?: boolean;
  readonly isInterrupted?: boolean;
}

/** Steps that the sweep of a failed run starts. */
async function swept({ steps, lock = 'lock', plan = true, isInterrupted = false }: Left): Promise<readonly string[]> {
  const directory = fileRunDirectory(join(runs, RUN_ID));
  const facts = runFacts({ dryRun: lock === null }, { runId: RUN_ID, runDirectory: join(runs, RUN_ID) });
  if (plan) await keepPlan(directory, planRun(facts, firstProgress()));
  const records = stepRecords(directory, () => new Date());
  for (const step of steps) {
    await records.began(step);
    await records.ended(step);
  }
  const started: string[] = [];
  const run = async ({ name }: ClusterStep) => {
    started.push(name);
    return { status: 'completed' } as const;
  };
  const record = { formatVersion: 1, executionArn: 'arn', startedAt: '2026-01-02T03:04:05Z', facts, givenCluster: null, lock, lockHolder: 'arn' } as const;
  const signal = isInterrupted ? AbortSignal.abort() : new AbortController().signal;
  const around = { cluster: { run, close: async () => {} }, steps: records, signal };
  const home = { directoryOf: (runId: string) => fileRunDirectory(join(runs, runId)) };
  await localSweep(record, home, around);
  await localSweep(record, home, around);
  return started;
}

describe('the sweep of a run that failed', () => {
  it('runs once, where uploads may have begun', async () => {
    expect(await swept({ steps: ['list-source.t1', 'plan-parts.r1.t1'] })).toEqual(['sweep-uploads.t1']);
  });

  it.each<readonly [string, Left]>([
    ['before any was planned', { steps: ['list-source.t1'] }],
    ['of a run that writes nothing, though it counted what it would copy', { steps: ['plan-parts.r1.t1'], lock: null }],
    ['after the run has swept', { steps: ['plan-parts.r1.t1', 'sweep-uploads.t1'] }],
    ['of an interrupted run, which is to go on', { steps: ['plan-parts.r1.t1'], isInterrupted: true }],
    ['without a plan', { steps: ['plan-parts.r1.t1'], plan: false }],
  ])('is none %s', async (_, left) => {
    expect(await swept(left)).toEqual([]);
  });
});
