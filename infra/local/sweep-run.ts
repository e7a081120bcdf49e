/** The sweep of a run on one machine, at its end and when it fails. */
import { planRun } from '../../workflows/plan/run-plan.ts';
import { beside, NO_NEIGHBOURS } from '../../workflows/plan/run-progress.ts';
import type { LocalRun } from './local-run.ts';
import type { RunJournal } from './run-journal.ts';
import { addUpStatistics } from './run-statistics.ts';
import { readStepRecords, runStep, StepFailedError } from './run-step.ts';

/**
 * Aborts what is open and the run's, where it may have begun uploads. An interrupted run keeps them: it is to be resumed. A sweep that fails
 * has told so by its event, and changes nothing about what was copied.
 */
export async function sweepRun(run: LocalRun, journal: RunJournal): Promise<void> {
  if (run.signal.aborted || !journal.copies || !(await hasPlanned(run))) return;
  const neighbours = (await run.neighbours?.()) ?? NO_NEIGHBOURS;
  await journal.adopt(planRun(run.facts, beside(journal.plan.progress, neighbours)));
  try {
    await runStep(run, journal, 'sweepUploads');
    await tellSwept(run, journal);
  } catch (error) {
    if (!(error instanceof StepFailedError) && !run.signal.aborted) throw error;
  }
}

/** What was open, and what became of it, as the sweep's own counts have it. */
async function tellSwept(run: LocalRun, journal: RunJournal): Promise<void> {
  const { counts } = await addUpStatistics(run.directory, [journal.plan.steps.sweepUploads.statistics]);
  const sum = (names: readonly string[]) => names.reduce((total, name) => total + (counts[name] ?? 0), 0);
  const [aborted, failed] = [sum(['uploads-aborted']), sum(['uploads-failed'])];
  const open = sum(['own', 'older', 'other-session', 'other-run'].map((owner) => `open-uploads-${owner}`));
  run.emit({ type: 'sweep.finished', at: run.now().toISOString(), aborted, failed, left: Math.max(0, open - aborted - failed - sum(['uploads-vanished'])) });
}

/** Whether a try of plan was begun: before it nobody begins uploads. */
async function hasPlanned({ directory }: LocalRun): Promise<boolean> {
  return [...(await readStepRecords(directory)).keys()].some((name) => name.startsWith('plan-parts.'));
}
