/** The sweep of a run that failed: the same step as at a good end. An interrupted run keeps its uploads, because it is to be resumed. */
import { SWEEP_OUTPUT } from '../../../emr-steps/run-directory/layout.ts';
import { isFinished } from '../../../emr-steps/run-directory/step-output.ts';
import type { RunHome } from '../../../lambdas/run/run-home.ts';
import { keepPlan, newestPlan } from '../../../lambdas/run/run-plans.ts';
import type { RunRecord } from '../../../lambdas/run/run-record.ts';
import type { Cluster } from '../../../workflows/plan/cluster-step.ts';
import { planRun } from '../../../workflows/plan/run-plan.ts';
import { beside } from '../../../workflows/plan/run-progress.ts';
import { neighbourRuns } from '../neighbour-runs.ts';
import type { StepObserver } from './emr-bindings.ts';
import { secondsOfSteps } from './step-records.ts';

/** What sweeps. */
export interface LocalSweep {
  readonly cluster: Cluster;
  readonly steps: StepObserver;
  /** Aborted when the run is interrupted. */
  readonly signal: AbortSignal;
}

/** Runs the sweep where uploads may have begun: once, whether it ends well or not. */
export async function localSweep(
  { facts, lock }: RunRecord,
  home: RunHome,
  { cluster, steps, signal }: LocalSweep,
): Promise<{ done: boolean; aborted: number }> {
  const directory = home.directoryOf(facts.runId);
  const plan = await newestPlan(directory);
  const done = { done: true, aborted: 0 };
  if (plan === null || signal.aborted || lock === null) return done;
  const names = Object.keys(await secondsOfSteps(directory));
  const swept = (await isFinished(directory, `${SWEEP_OUTPUT}/try-1`)) || names.some((name) => name.startsWith('sweep-uploads.'));
  if (swept || !names.some((name) => name.startsWith('plan-parts.'))) return done;
  const neighbours = await neighbourRuns(facts.runDirectory, facts.request);
  const { sweepUploads: step } = (await keepPlan(directory, planRun(facts, beside(plan.progress, neighbours)))).steps;
  await steps.began(step.name);
  // A sweep that fails has told so by its event, and changes nothing about what was copied.
  await cluster.run({ name: step.name, args: step.args }, signal).finally(() => steps.ended(step.name));
  return done;
}
