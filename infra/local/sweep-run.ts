/** The sweep of a run on one machine, at its end and when it fails. */
import { planRun } from '../../workflows/plan/run-plan.ts';
import { beside, NO_NEIGHBOURS } from '../../workflows/plan/run-progress.ts';
import type { LocalRun } from './local-run.ts';
import type { RunJournal } from './run-journal.ts';
import { readStepRecords, runStep, StepFailedError } from './run-step.ts';

/**
 * Aborts what is open and the run's, where it may have begun uploads. An interrupted run keeps them: it is to be resumed. A sweep that fails
 * has told so by its event, and changes nothing about what was copied.
 */
export async function sweepRun(run: LocalRun, journal: RunJournal): Promise<void> {
  if (run.signal.aborted || !journal.copies || !(await hasPlanned(run))) return;
  const neighbours = (await run.neighbours?.()) ?? NO_NEIGHBOURS;
  await journal.adopt(planRun(run.facts, beside(journal.plan.progress, neighbours)));
  await runStep(run, journal, 'sweepUploads').catch((error: unknown) => {
    if (!(error instanceof StepFailedError) && !run.signal.aborted) throw error;
  });
}

/** Whether a try of plan was begun: before it nobody begins uploads. */
async function hasPlanned({ directory }: LocalRun): Promise<boolean> {
  return [...(await readStepRecords(directory)).keys()].some((name) => name.startsWith('plan-parts.'));
}
