/** Proof after the fact: the destination is listed again and joined with the source and the ledgers. */
import { verdictCount } from '../../emr-steps/records/verdict-count.ts';
import { readSmallOutput, rowsBytes } from '../../emr-steps/run-directory/step-output.ts';
import { assessVerification } from '../../workflows/plan/assess-verification.ts';
import { planRun } from '../../workflows/plan/run-plan.ts';
import { sized } from '../../workflows/plan/run-progress.ts';
import type { LocalRun } from './local-run.ts';
import type { RunJournal } from './run-journal.ts';
import { runStep, runStepsTogether } from './run-step.ts';

/** A run that is a verification: both sides are listed, the source only where no earlier run's listing serves. */
export async function verifyAlone(run: LocalRun, journal: RunJournal): Promise<void> {
  const { verified } = run.facts;
  await runStepsTogether(run, journal, verified == null ? ['listSource', 'listVerification'] : ['listVerification']);
  const bytes = await rowsBytes(run.directory, journal.plan.steps.listVerification?.output ?? '');
  await journal.adopt(planRun(run.facts, sized(journal.plan.progress, bytes)));
  await verifyRun(run, journal);
}

/** Verifies; the differences become rows only where there are any. */
export async function verifyRun(run: LocalRun, journal: RunJournal): Promise<void> {
  const { listVerification, verifyCounts } = journal.plan.steps;
  if (listVerification === null || verifyCounts === null) return;
  await runStep(run, journal, 'listVerification');
  await runStep(run, journal, 'verifyCounts');
  const output = journal.plan.steps.verifyCounts?.output ?? '';
  const counts = (await readSmallOutput(run.directory, output)).map(verdictCount.decode);
  const { equal, differences, rows } = assessVerification(run.facts.request, counts);
  run.emit({ type: 'verify.counted', at: run.now().toISOString(), equal, differences });
  if (rows > 0) await runStep(run, journal, 'verify');
  journal.verification = counts;
}
