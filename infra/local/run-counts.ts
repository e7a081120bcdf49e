/** Reading what the steps counted: small outputs only, rows stay on the cluster. */
import { addTally, type Tally } from '../../emr-steps/books/books.ts';
import { type DiffCounts, diffCounts } from '../../emr-steps/records/diff-counts.ts';
import { type SettledCounts, settledCounts } from '../../emr-steps/records/drift-count.ts';
import { DIFF_OUTPUTS, SUCCESS_FILE } from '../../emr-steps/run-directory/layout.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import { readFewRows, readSmallOutput } from '../../emr-steps/run-directory/step-output.ts';
import { DiffDamagedError, toCopyOf } from '../../workflows/plan/assess-diff.ts';
import type { RunPlan } from '../../workflows/plan/run-plan.ts';
import type { LocalRun } from './local-run.ts';
import type { RunJournal } from './run-journal.ts';
import { runStep } from './run-step.ts';

const NONE: Tally = { objects: 0, bytes: 0 };

/** The diff's one line of counts. @throws DiffDamagedError where it wrote none, or more */
export async function readDiffCounts(directory: RunDirectory, { steps }: RunPlan): Promise<DiffCounts> {
  const lines = await readFewRows(directory, `${steps.diff?.output}/${DIFF_OUTPUTS.counts}`);
  const [line] = lines;
  if (line === undefined || lines.length > 1) throw new DiffDamagedError(`the diff wrote ${lines.length} lines of counts, one is needed`);
  return diffCounts.decode(line);
}

/** The lines that reconcile wrote: outcomes and drift. */
export async function readSettledCounts(directory: RunDirectory, output: string): Promise<SettledCounts> {
  return settledCounts(await readSmallOutput(directory, output));
}

/** Tells what a dry run would copy. */
export async function tellWouldCopy(run: LocalRun, journal: RunJournal, nothingToDo: boolean): Promise<void> {
  const { objects, bytes } = nothingToDo ? NONE : journal.diff !== null ? toCopyOf(journal.diff) : await countToCopy(run, journal);
  run.emit({ type: 'run.would-copy', at: run.now().toISOString(), objects, bytes });
}

/** Reconcile counts against an empty ledger, so that every object of the listing comes out as not recorded: rows are read by a step, as always. */
async function countToCopy(run: LocalRun, journal: RunJournal): Promise<Tally> {
  await run.directory.write(`${journal.plan.steps.completeUploads.output}/${SUCCESS_FILE}`, '');
  await runStep(run, journal, 'reconcile');
  const { outcomes } = await readSettledCounts(run.directory, journal.plan.steps.reconcile.output);
  return outcomes.filter((count) => count.outcome !== 'duplicate').reduce<Tally>(addTally, NONE);
}
