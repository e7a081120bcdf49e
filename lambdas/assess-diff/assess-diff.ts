/** After the listings, the counts, the diff and the verification: sizes of the coming steps, rows held against their counts, and whether there is anything to do. */
import { type DiffCounts, diffCounts } from '../../emr-steps/records/diff-counts.ts';
import { type VerdictCount, verdictCount } from '../../emr-steps/records/verdict-count.ts';
import { DIFF_OUTPUTS, SUCCESS_FILE } from '../../emr-steps/run-directory/layout.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import { readSmallOutput, rowsBytes } from '../../emr-steps/run-directory/step-output.ts';
import type { EventSink } from '../../workflows/events/run-event.ts';
import { assessDiff as assess, DiffDamagedError, toCopyOf } from '../../workflows/plan/assess-diff.ts';
import { assessVerification } from '../../workflows/plan/assess-verification.ts';
import type { RunFacts } from '../../workflows/plan/run-facts.ts';
import { planRun, type RunPlan } from '../../workflows/plan/run-plan.ts';
import { sized as sizedProgress } from '../../workflows/plan/run-progress.ts';
import type { AssessDiffInput, AssessDiffOutput } from '../../workflows/plan/run-state.ts';
import { toCopy } from '../../workflows/plan/step-places.ts';
import { readDiffCounts } from '../run/read-counts.ts';
import type { RunHome } from '../run/run-home.ts';
import { keepPlan } from '../run/run-plans.ts';
import { readRunRecord } from '../run/run-record.ts';

/** What the handler needs of its surroundings. */
export interface AssessDiffDeps {
  readonly home: RunHome;
  /** The counts that an Athena query gave, by the query's id. */
  readonly athenaCounts: (queryId: string) => Promise<DiffCounts>;
  readonly emit: EventSink;
  readonly now: () => Date;
}

/** What is not known yet is true. */
const UNKNOWN = { nothingToDo: true, hasRowsToCopy: true, hasExtraRows: true } as const;

/** Assesses. @throws DiffDamagedError */
export async function assessDiff(input: AssessDiffInput, deps: AssessDiffDeps): Promise<AssessDiffOutput> {
  const directory = deps.home.directoryOf(input.plan.runId);
  const { facts } = await readRunRecord(directory);
  switch (input.after) {
    case 'listings':
      return assessedBefore(input) ?? afterListings(input, facts, directory);
    case 'counts':
      return afterCounts(input, facts, deps);
    case 'diff':
      return assessedBefore(input) ?? afterDiff(input, facts, directory, deps);
    case 'verification-listed':
      return afterVerificationListed(input, facts, directory);
    case 'verified':
      return afterVerified(input, facts, directory, deps);
  }
}

/** A run that is resumed was assessed before: its plan knows the sizes, and by now they may be of a later round. */
function assessedBefore({ plan }: AssessDiffInput): AssessDiffOutput | null {
  const { rowBytes } = plan.progress;
  return rowBytes === null ? null : { ...UNKNOWN, plan, nothingToDo: rowBytes === 0 };
}

async function afterListings({ plan, listed }: AssessDiffInput, facts: RunFacts, directory: RunDirectory): Promise<AssessDiffOutput> {
  const progress = listed === null ? plan.progress : withTries(plan, listed);
  // What is to be copied is known once the two are compared.
  if (facts.request.diff.engine !== 'none') return { ...UNKNOWN, plan: listed === null ? plan : await keepPlan(directory, planRun(facts, progress)) };
  const { nothingToDo, plan: sized } = assess(facts, progress, { counts: null, toCopyBytes: await rowsBytes(directory, toCopy(facts.request, progress)) });
  // A dry run counts what was listed against a ledger that nobody has written to.
  if (facts.request.dryRun) await directory.write(`${sized.steps.completeUploads.output}/${SUCCESS_FILE}`, '');
  return { ...UNKNOWN, nothingToDo, plan: await keepPlan(directory, sized) };
}

/** Only a run that does nothing but verify does not know yet how much there is. */
async function afterVerificationListed({ plan }: AssessDiffInput, facts: RunFacts, directory: RunDirectory): Promise<AssessDiffOutput> {
  if (plan.progress.firstRowBytes !== null) return { ...UNKNOWN, plan };
  const bytes = await rowsBytes(directory, plan.steps.listVerification?.output ?? '');
  return { ...UNKNOWN, plan: await keepPlan(directory, planRun(facts, sizedProgress(plan.progress, bytes))) };
}

async function afterVerified(
  { plan }: AssessDiffInput,
  { request }: RunFacts,
  directory: RunDirectory,
  { emit, now }: AssessDiffDeps,
): Promise<AssessDiffOutput> {
  const counts: readonly VerdictCount[] = (await readSmallOutput(directory, plan.steps.verifyCounts?.output ?? '')).map(verdictCount.decode);
  const { equal, differences, rows } = assessVerification(request, counts);
  emit({ type: 'verify.counted', at: now().toISOString(), equal, differences });
  return { ...UNKNOWN, plan, nothingToDo: rows === 0 };
}

/** The plan numbers of both branches began at the same one; the next is beyond both. */
function withTries({ progress }: RunPlan, { source, destination }: NonNullable<AssessDiffInput['listed']>): RunPlan['progress'] {
  const { tries } = progress;
  const further = Math.max(source - tries.listSource, destination - tries.listDestination);
  return { ...progress, plan: progress.plan + further + 1, tries: { ...tries, listSource: source, listDestination: destination } };
}

async function afterCounts({ plan, countsQueryId }: AssessDiffInput, { request }: RunFacts, deps: AssessDiffDeps): Promise<AssessDiffOutput> {
  const counts = await deps.athenaCounts(queryOf(countsQueryId));
  return { ...UNKNOWN, plan, hasRowsToCopy: toCopyOf(counts).objects > 0, hasExtraRows: request.diff.extras && counts.extra.objects > 0 };
}

async function afterDiff({ plan, countsQueryId }: AssessDiffInput, facts: RunFacts, directory: RunDirectory, deps: AssessDiffDeps): Promise<AssessDiffOutput> {
  const output = plan.steps.diff?.output;
  if (output === undefined) throw new DiffDamagedError('the request has no diff to assess');
  const counts = countsQueryId === null ? await readDiffCounts(directory, output) : await keptCounts(directory, output, countsQueryId, deps);
  const toCopyBytes = await rowsBytes(directory, toCopy(facts.request, plan.progress));
  const { nothingToDo, plan: sized } = assess(facts, plan.progress, { counts, toCopyBytes });
  // The engines write no mark of their own: it is written once rows and counts were seen to agree.
  await directory.write(`${output}/${SUCCESS_FILE}`, '');
  tell(counts, deps);
  const hasExtraRows = facts.request.diff.extras && counts.extra.objects > 0;
  return { plan: await keepPlan(directory, sized), nothingToDo, hasRowsToCopy: toCopyBytes > 0, hasExtraRows };
}

/** Athena's counts, written where Hive writes its own. */
async function keptCounts(directory: RunDirectory, output: string, queryId: string, { athenaCounts }: AssessDiffDeps): Promise<DiffCounts> {
  const counts = await athenaCounts(queryId);
  await directory.write(`${output}/${DIFF_OUTPUTS.counts}/part-00000`, `${diffCounts.encode(counts)}\n`);
  return counts;
}

function tell({ missing, different, unchanged, extra }: DiffCounts, { emit, now }: AssessDiffDeps): void {
  const objects = { missing: missing.objects, different: different.objects, unchanged: unchanged.objects, extra: extra.objects };
  emit({ type: 'diff.counted', at: now().toISOString(), ...objects });
}

function queryOf(id: string | null): string {
  if (id === null) throw new DiffDamagedError('no query counted');
  return id;
}
