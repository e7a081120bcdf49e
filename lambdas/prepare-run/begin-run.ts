/** What the directory of a run gets when it begins, or goes on: what was asked, what was found out, the plan. */
import { PARTITIONS_FILE, REQUEST_FILE, RUN_DIRECTORY_VERSION } from '../../emr-steps/run-directory/layout.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import { resumeRun } from '../../workflows/plan/resume-run.ts';
import type { RunFacts } from '../../workflows/plan/run-facts.ts';
import { planRun, type RunPlan } from '../../workflows/plan/run-plan.ts';
import { firstProgress } from '../../workflows/plan/run-progress.ts';
import type { ExecutionContext } from '../../workflows/plan/run-state.ts';
import { type RunHome, resumes } from '../run/run-home.ts';
import { keepPlan } from '../run/run-plans.ts';
import { type RunRecord, writeRunRecord } from '../run/run-record.ts';
import { readStoppedRun, seenSteps } from './resumed-run.ts';

/** A run that may begin: everything was checked, the lock is held. */
export interface ReadyRun extends Pick<RunRecord, 'facts' | 'givenCluster' | 'lock' | 'lockHolder'> {
  readonly input: ExecutionContext;
  readonly directory: RunDirectory;
  /** The lines of `partitions/part.tsv` where the ranges of its listings are there already; null: they are to be found. */
  readonly ranges: string | null;
}

/** A run that is under way. */
export interface BegunRun {
  readonly plan: RunPlan;
  /** Whether the ranges of its listings are there. */
  readonly partitioned: boolean;
}

/** Begins it. */
export async function begin(run: ReadyRun): Promise<BegunRun> {
  const { directory, ranges } = run;
  const facts: RunFacts = ranges === null ? run.facts : { ...run.facts, partitions: ranges.split('\n').length - 1 };
  await directory.write(REQUEST_FILE, `${JSON.stringify(facts.request, null, 2)}\n`);
  if (ranges !== null) await directory.write(PARTITIONS_FILE, ranges);
  await writeRunRecord(directory, recordOf(run, facts, run.input.startedAt));
  return { plan: await keepPlan(directory, planRun(facts, firstProgress())), partitioned: ranges !== null };
}

/** Goes on with it. Read once more, now that the lock is held: it may have gone on, and ended, meanwhile. @throws ResumeRefusedError */
export async function goOn(run: ReadyRun, home: RunHome): Promise<BegunRun> {
  const { directory, input } = run;
  const { record, plan, partitioned } = await readStoppedRun(directory, run.facts.request);
  const facts: RunFacts = { ...record.facts, request: run.facts.request, cluster: run.facts.cluster };
  const resumed = resumeRun(facts, plan, await seenSteps(directory, plan));
  await resumes(home, input, facts.runId);
  await writeRunRecord(directory, recordOf(run, facts, record.startedAt));
  return { plan: await keepPlan(directory, resumed), partitioned };
}

/** @param startedAt - of the run, whichever execution began it */
function recordOf({ input, givenCluster, lock, lockHolder }: ReadyRun, facts: RunFacts, startedAt: string): RunRecord {
  return { formatVersion: RUN_DIRECTORY_VERSION, executionArn: input.executionArn, startedAt, facts, givenCluster, lock, lockHolder };
}
