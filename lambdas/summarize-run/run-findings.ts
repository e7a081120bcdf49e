/** What a run left in its directory: the plan in force, the counted rounds, the diff, the verification. Small outputs only. */
import { addTally, type OutcomeCount, type Tally } from '../../emr-steps/books/books.ts';
import type { DriftCount } from '../../emr-steps/books/drift.ts';
import type { DiffCounts } from '../../emr-steps/records/diff-counts.ts';
import { type VerdictCount, verdictCount } from '../../emr-steps/records/verdict-count.ts';
import { ESTIMATE_FILE, roundOutput, tryOf } from '../../emr-steps/run-directory/layout.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import { isFinished, readSmallOutput } from '../../emr-steps/run-directory/step-output.ts';
import type { RequestCounts } from '../../workflows/estimate/request-counts.ts';
import type { SweepCounts } from '../../workflows/events/run-output.ts';
import { toCopyOf } from '../../workflows/plan/assess-diff.ts';
import type { RunFacts } from '../../workflows/plan/run-facts.ts';
import type { RunPlan } from '../../workflows/plan/run-plan.ts';
import { readDiffCounts, readSettledCounts } from '../run/read-counts.ts';
import { newestPlan } from '../run/run-plans.ts';
import { countsOfFolder } from './statistics-sum.ts';

const NONE: Tally = { objects: 0, bytes: 0 };

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
  /** What a dry run would copy; null where that was not asked, or is not known yet. */
  readonly wouldCopy: Tally | null;
  /** Null where no sweep has ended. */
  readonly sweep: SweepCounts | null;
  /** Requests that were foreseen, by operation; null where nobody has estimated the run. */
  readonly estimated: RequestCounts | null;
}

/** Reads them; null where the run was never planned. */
export async function readFindings(directory: RunDirectory, facts: RunFacts): Promise<RunFindings | null> {
  const plan = await newestPlan(directory);
  if (plan === null) return null;
  const [diff, counted, verification, sweep, estimated] = await Promise.all([
    diffOf(directory, plan),
    roundsOf(directory, plan),
    verificationOf(directory, plan),
    sweepOf(directory, plan),
    estimateOf(directory),
  ]);
  const rounds = facts.request.dryRun ? [] : counted;
  return { facts, plan, diff, rounds, verification, wouldCopy: facts.request.dryRun ? wouldCopyOf(plan, diff, counted) : null, sweep, estimated };
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

/** The diff's own counts; without a diff, what a dry run's one count holds against no ledger at all. */
function wouldCopyOf({ progress }: RunPlan, diff: DiffCounts | null, counted: readonly CountedRound[]): Tally | null {
  if (diff !== null) return toCopyOf(diff);
  if (progress.rowBytes === 0) return NONE;
  const counts = counted[0]?.counts;
  return counts?.filter(({ outcome }) => outcome !== 'duplicate').reduce<Tally>(addTally, NONE) ?? null;
}

/** What `carillon estimate --json` foresaw, where that was put into the run's directory. */
async function estimateOf(directory: RunDirectory): Promise<RequestCounts | null> {
  const bytes = await directory.read(ESTIMATE_FILE);
  return bytes === null ? null : (JSON.parse(Buffer.from(bytes).toString('utf8')) as { readonly requests: RequestCounts }).requests;
}

/** What was open, and what became of it, as the sweep's own counts have it. */
async function sweepOf(directory: RunDirectory, { steps }: RunPlan): Promise<SweepCounts | null> {
  if (!(await isFinished(directory, steps.sweepUploads.output))) return null;
  const counts = await countsOfFolder(directory, steps.sweepUploads.statistics);
  const count = (name: string): number => counts[name] ?? 0;
  const [aborted, failed] = [count('uploads-aborted'), count('uploads-failed')];
  const open = ['own', 'older', 'other-session', 'other-run'].reduce((sum, owner) => sum + count(`open-uploads-${owner}`), 0);
  return { aborted, failed, left: Math.max(0, open - aborted - failed - count('uploads-vanished')) };
}
