/**
 * The short loop that runs a plan on one machine: list, compare, assess, then rounds of plan, copy, complete and reconcile, each followed by
 * `decideRetry`. Everything it decides is decided by `workflows/plan`.
 */
import { SUCCESS_FILE } from '../../emr-steps/run-directory/layout.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import { rowsBytes } from '../../emr-steps/run-directory/step-output.ts';
import type { EventSink } from '../../workflows/events/run-event.ts';
import type { RunOutput } from '../../workflows/events/run-output.ts';
import { assessDiff } from '../../workflows/plan/assess-diff.ts';
import type { Cluster } from '../../workflows/plan/cluster-step.ts';
import { decideRetry, planRound } from '../../workflows/plan/decide-retry.ts';
import type { RunFacts } from '../../workflows/plan/run-facts.ts';
import type { Neighbours } from '../../workflows/plan/run-progress.ts';
import { toCopy } from '../../workflows/plan/step-places.ts';
import { readDiffCounts, readSettledCounts, tellWouldCopy } from './run-counts.ts';
import { writeRunEnd, writeRunStart } from './run-files.ts';
import { type ResumedRun, RunJournal } from './run-journal.ts';
import { RunInterruptedError, runStep, runStepsTogether, StepFailedError } from './run-step.ts';
import { sweepRun } from './sweep-run.ts';
import { verifyAlone, verifyRun } from './verify-run.ts';

/** A run on this machine. */
export interface LocalRun {
  readonly facts: RunFacts;
  readonly directory: RunDirectory;
  readonly cluster: Cluster;
  /** The lines of `partitions/part.tsv`. */
  readonly partitions: string;
  readonly emit: EventSink;
  /** Stops the run; what was begun is cut off and the run ends as failed. */
  readonly signal: AbortSignal;
  /** The clock. */
  readonly now: () => Date;
  /** A run that was cut off goes on from here; not there: it begins. */
  readonly resumed?: ResumedRun | null;
  /** Asked before the sweep: who else writes to the same place. Default: nobody. */
  readonly neighbours?: () => Promise<Neighbours>;
}

/** Runs the plan to its end. A run that fails is an output too: its cause stands there. @throws only where the run directory cannot be written */
export async function runLocally(run: LocalRun): Promise<RunOutput> {
  const journal = await begin(run);
  const cause = await runPhases(run, journal).then(() => null, causeOf);
  await sweepRun(run, journal);
  return writeRunEnd(run, journal, cause);
}

/** A run is told of once it can be resumed. */
async function begin(run: LocalRun): Promise<RunJournal> {
  const { emit, directory, now } = run;
  const journal = new RunJournal(run, run.resumed ?? null);
  if (run.resumed == null) await writeRunStart(run, journal);
  else await journal.adopt(journal.plan);
  const told = { at: now().toISOString(), runId: run.facts.runId, runDirectory: directory.base };
  emit(run.resumed == null ? { type: 'run.started', ...told } : { type: 'run.resumed', ...told, round: journal.plan.progress.round });
  return journal;
}

/** What ends a run and is no defect of this program becomes its cause; the rest too, but with its stack. */
function causeOf(error: unknown): string {
  if (error instanceof StepFailedError || error instanceof RunInterruptedError) return error.message;
  if (error instanceof Error && 'code' in error) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function runPhases(run: LocalRun, journal: RunJournal): Promise<void> {
  const { goal, dryRun } = run.facts.request;
  if (goal === 'verify') return verifyAlone(run, journal);
  await listAndCompare(run, journal);
  const nothingToDo = await assess(run, journal);
  if (goal === 'diff') return;
  if (dryRun) return tellWouldCopy(run, journal, nothingToDo);
  if (nothingToDo) return;
  while (await runRound(run, journal));
  await verifyRun(run, journal);
}

async function listAndCompare(run: LocalRun, journal: RunJournal): Promise<void> {
  await runStepsTogether(run, journal, journal.plan.steps.listDestination === null ? ['listSource'] : ['listSource', 'listDestination']);
  if (journal.plan.steps.diff === null) return;
  await runStep(run, journal, 'diff');
  journal.diff = await readDiffCounts(run.directory, journal.plan);
  const { missing, different, unchanged, extra } = journal.diff;
  const objects = { missing: missing.objects, different: different.objects, unchanged: unchanged.objects, extra: extra.objects };
  run.emit({ type: 'diff.counted', at: run.now().toISOString(), ...objects });
}

/**
 * The diff's engines write no mark of their own: it is written once its rows and counts were seen to agree.
 *
 * A resumed run that was assessed before is not assessed again.
 *
 * @returns whether there is nothing to do
 */
async function assess(run: LocalRun, journal: RunJournal): Promise<boolean> {
  const { progress, steps } = journal.plan;
  if (progress.rowBytes !== null) return progress.rowBytes === 0;
  const toCopyBytes = await rowsBytes(run.directory, toCopy(run.facts.request, progress));
  const assessment = assessDiff(run.facts, progress, { counts: journal.diff, toCopyBytes });
  if (steps.diff !== null) await run.directory.write(`${steps.diff.output}/${SUCCESS_FILE}`, '');
  await journal.adopt(assessment.plan);
  return assessment.nothingToDo;
}

/** @returns whether another round follows, for which the plan is in place */
async function runRound(run: LocalRun, journal: RunJournal): Promise<boolean> {
  for (const id of ['planParts', 'copyObjects', 'completeUploads', 'reconcile'] as const) await runStep(run, journal, id);
  const { progress, steps } = journal.plan;
  const { outcomes: counts, drift } = await readSettledCounts(run.directory, steps.reconcile.output);
  journal.rounds.push({ counts, drift, ledger: steps.completeUploads.output });
  const decision = decideRetry(run.facts, progress, { type: 'round-counted', counts });
  const again = decision.next === 'round';
  run.emit({ type: 'round.decided', at: run.now().toISOString(), round: progress.round, again, unsettled: decision.unsettled, why: decision.why });
  if (!again) return false;
  await runStep(run, journal, 'reconcileUnsettled');
  await journal.adopt(planRound(run.facts, journal.plan.progress, decision.unsettled));
  return true;
}
