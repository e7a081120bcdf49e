/** What a run left in its directory: the plan in force, the counted rounds, the diff, the verification. Small outputs only. */
import type { OutcomeCount } from '../../emr-steps/books/books.ts';
import type { DriftCount } from '../../emr-steps/books/drift.ts';
import type { DiffCounts } from '../../emr-steps/records/diff-counts.ts';
import { type VerdictCount, verdictCount } from '../../emr-steps/records/verdict-count.ts';
import { roundOutput, tryOf } from '../../emr-steps/run-directory/layout.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import { isFinished, readSmallOutput } from '../../emr-steps/run-directory/step-output.ts';
import type { RunFacts } from '../../workflows/plan/run-facts.ts';
import type { RunPlan } from '../../workflows/plan/run-plan.ts';
import { readDiffCounts, readSettledCounts } from '../run/read-counts.ts';
import { newestPlan } from '../run/run-plans.ts';

/** A round that reconcile has counted. */
export interface CountedRound {
  readonly counts: readonly OutcomeCount[];
  readonly drift: readonly DriftCount[];
  /** Folder of its ledger, relative to the run's directory. */
  readonly ledger: string;
}

/** The findings. */
export interface RunFindings {
  readonly facts: RunFacts;
  readonly plan: RunPlan;
  /** Null without a diff, or before its rows were held against its counts. */
  readonly diff: DiffCounts | null;
  readonly rounds: readonly CountedRound[];
  /** Null without a verification, or before it. */
  readonly verification: readonly VerdictCount[] | null;
}

/** Reads them; null where the run was never planned. */
export async function readFindings(directory: RunDirectory, facts: RunFacts): Promise<RunFindings | null> {
  const plan = await newestPlan(directory);
  if (plan === null) return null;
  const [diff, rounds, verification] = await Promise.all([diffOf(directory, plan), roundsOf(directory, plan), verificationOf(directory, plan)]);
  return { facts, plan, diff, rounds, verification };
}

async function diffOf(directory: RunDirectory, { steps }: RunPlan): Promise<DiffCounts | null> {
  if (steps.diff === null || !(await isFinished(directory, steps.diff.output))) return null;
  return readDiffCounts(directory, steps.diff.output);
}

/** The rounds that were left behind, and the present one where it was counted. */
async function roundsOf(directory: RunDirectory, { progress }: RunPlan): Promise<readonly CountedRound[]> {
  const rounds: CountedRound[] = [];
  for (const [at, tries] of [...progress.earlier, progress.tries].entries()) {
    const output = tryOf(roundOutput(at + 1, 'settled'), tries.reconcile);
    if (!(await isFinished(directory, output))) break;
    const { outcomes: counts, drift } = await readSettledCounts(directory, output);
    rounds.push({ counts, drift, ledger: tryOf(roundOutput(at + 1, 'ledger'), tries.completeUploads) });
  }
  return rounds;
}

async function verificationOf(directory: RunDirectory, { steps }: RunPlan): Promise<readonly VerdictCount[] | null> {
  const output = steps.verifyCounts?.output;
  if (output === undefined || !(await isFinished(directory, output))) return null;
  return (await readSmallOutput(directory, output)).map(verdictCount.decode);
}
