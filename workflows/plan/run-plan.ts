/** The plan of a run: pure from facts and progress to every step with its complete arguments. */
import { RUN_DIRECTORY_VERSION, statisticsOf } from '../../emr-steps/run-directory/layout.ts';
import { type AthenaPlace, type AthenaQueries, athenaQueries } from '../diff/athena-queries.ts';
import { diffComparison } from '../request/comparison.ts';
import { diffs, verifies } from '../request/goal.ts';
import type { RunRequest } from '../request/run-request.ts';
import { sweepJob, verifyJob } from './closing-steps.ts';
import type { ClusterStep } from './cluster-step.ts';
import type { RunFacts } from './run-facts.ts';
import { type RunProgress, STEP_IDS, type StepId } from './run-progress.ts';
import { jobArgs, stepName } from './step-job.ts';
import { checkedRunDirectory, checkedStep } from './step-limits.ts';
import { outputOf, stepKey } from './step-places.ts';
import { completeStep, copyStep, diffStep, listStep, planStep, reconcileStep } from './steps.ts';

/** A step with everything that a cluster and a watcher need. */
export interface PlannedStep extends ClusterStep {
  /** Folder that it writes, relative to the run's directory. */
  readonly output: string;
  /** Folder of its task attempts' statistics, relative to the run's directory. */
  readonly statistics: string;
  /** 1 first. */
  readonly try: number;
  /** Done before the run was resumed: it is left out. */
  readonly finished: boolean;
}

/** Every step of the round; null: the request has no such step. The states of the workflow read `$.plan.steps.<id>.args`. */
export type RunSteps = Readonly<Record<Exclude<StepId, OptionalStepId>, PlannedStep>> & Readonly<Record<OptionalStepId, PlannedStep | null>>;

/** Steps that not every request has. */
export type OptionalStepId = 'listDestination' | 'diff' | 'listVerification' | 'verifyCounts' | 'verify';

/** Written as `plan-<n>.json`. */
export interface RunPlan {
  readonly formatVersion: typeof RUN_DIRECTORY_VERSION;
  readonly runId: string;
  readonly runDirectory: string;
  /** What the plan follows from, beside the facts. */
  readonly progress: RunProgress;
  readonly steps: RunSteps;
  /** Queries of an Athena diff, with the output of the present try; null for every other. */
  readonly athena: AthenaQueries | null;
}

/**
 * The plan of a run as far as it is.
 *
 * @throws StepTooLongError, RunDirectoryNameError where a cluster would refuse or misread the arguments
 */
export function planRun(facts: RunFacts, progress: RunProgress): RunPlan {
  checkedRunDirectory(facts.runDirectory);
  const steps = Object.fromEntries(STEP_IDS.map((id) => [id, hasStep(id, facts.request) ? plannedStep(id, facts, progress) : null]));
  return {
    formatVersion: RUN_DIRECTORY_VERSION,
    runId: facts.runId,
    runDirectory: facts.runDirectory,
    progress,
    steps: steps as unknown as RunSteps,
    athena: facts.athena == null ? null : athenaOf(facts, progress, facts.athena),
  };
}

/** The queries of the diff's present try. */
function athenaOf(facts: RunFacts, progress: RunProgress, place: AthenaPlace): AthenaQueries {
  const folder = (step: StepId): string => `${asPlace(facts.runDirectory, place)}/${outputOf(step, progress)}`;
  const places = { source: folder('listSource'), destination: folder('listDestination'), output: folder('diff') };
  return athenaQueries(
    { runId: facts.runId, number: progress.tries.diff, ...places, extras: facts.request.diff.extras, compare: diffComparison(facts.request) },
    place,
  );
}

/** A run's directory as statements name it, which take neither blanks nor quotes. */
function asPlace(directory: string, { files }: AthenaPlace): string {
  return files === undefined || directory.startsWith('s3://') ? directory : `${files}${encodeURI(directory).replaceAll("'", '%27')}`;
}

/** Whether a request has a step. */
function hasStep(id: StepId, request: RunRequest): boolean {
  if (id === 'listDestination' || id === 'diff') return diffs(request);
  if (id === 'listVerification' || id === 'verifyCounts' || id === 'verify') return verifies(request);
  return true;
}

function plannedStep(id: StepId, facts: RunFacts, progress: RunProgress): PlannedStep {
  const number = progress.tries[id];
  return {
    ...checkedStep({ name: stepName(id, progress), args: argsOf(id, facts, progress) }),
    output: outputOf(id, progress),
    statistics: statisticsOf(stepKey(id, progress.round), number),
    try: number,
    finished: progress.finished.includes(id),
  };
}

function argsOf(id: StepId, facts: RunFacts, progress: RunProgress): readonly string[] {
  switch (id) {
    case 'listSource':
      return listStep('listSource', facts, progress);
    case 'listDestination':
      return listStep('listDestination', facts, progress);
    case 'diff':
      return diffStep(facts, progress);
    case 'planParts':
      return planStep(facts, progress);
    case 'copyObjects':
      return copyStep(facts, progress);
    case 'completeUploads':
      return completeStep(facts, progress);
    case 'reconcile':
      return reconcileStep('counts', facts, progress);
    case 'reconcileUnsettled':
      return reconcileStep('unsettled', facts, progress);
    case 'listVerification':
      return listStep('listVerification', facts, progress);
    case 'verifyCounts':
      return jobArgs(id, facts, progress, verifyJob('verdicts', facts, progress));
    case 'verify':
      return jobArgs(id, facts, progress, verifyJob('differences', facts, progress));
    case 'sweepUploads':
      return jobArgs(id, facts, progress, sweepJob(facts, progress));
  }
}
