/** Reads a run that was cut off from its directory, to go on with it. */
import { OUTPUT_FILE, PARTITIONS_FILE, planFile, REQUEST_FILE, roundOutput, tryOf } from '../../emr-steps/run-directory/layout.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import { isFinished } from '../../emr-steps/run-directory/step-output.ts';
import type { RunOutput } from '../../workflows/events/run-output.ts';
import { ResumeRefusedError, readPlan, resumeRun, type SeenSteps } from '../../workflows/plan/resume-run.ts';
import type { RunFacts } from '../../workflows/plan/run-facts.ts';
import type { RunPlan } from '../../workflows/plan/run-plan.ts';
import { STEP_IDS, type StepId } from '../../workflows/plan/run-progress.ts';
import { readSettledCounts } from './run-counts.ts';
import type { CountedRound, ResumedRun } from './run-journal.ts';
import { readStepRecords } from './run-step.ts';

/** What was asked of a run, as its directory holds it. */
export interface StoppedRun {
  /** Of `request.json`, unchecked. */
  readonly request: unknown;
  /** The lines of `partitions/part.tsv`. */
  readonly partitions: string;
  /** The newest one. */
  readonly plan: RunPlan;
}

/** Reads what was asked. @throws ResumeRefusedError where there is no such run, it has ended, or it is of another version */
export async function readStoppedRun(directory: RunDirectory): Promise<StoppedRun> {
  const [request, partitions, first, ended] = await Promise.all(
    [REQUEST_FILE, PARTITIONS_FILE, planFile(1), OUTPUT_FILE].map((file) => readText(directory, file)),
  );
  if (request == null || partitions == null || first == null) throw new ResumeRefusedError(`${directory.base} holds no run that was begun; begin it anew`);
  const plan = await newestPlan(directory, first);
  const status = ended == null ? null : (JSON.parse(ended) as RunOutput).status;
  if (status === 'succeeded' || status === 'partial')
    throw new ResumeRefusedError(`run ${plan.runId} has ended as ${status}; there is nothing to resume, begin a new one with --diff`);
  return { request: JSON.parse(request), partitions, plan };
}

async function newestPlan(directory: RunDirectory, first: string): Promise<RunPlan> {
  let newest = first;
  for (let number = 2; ; number += 1) {
    const text = await readText(directory, planFile(number));
    if (text === null) return readPlan(newest);
    newest = text;
  }
}

async function readText(directory: RunDirectory, file: string): Promise<string | null> {
  const bytes = await directory.read(file);
  return bytes === null ? null : Buffer.from(bytes).toString('utf8');
}

/** The run as it goes on. */
export async function resumeStoppedRun(facts: RunFacts, directory: RunDirectory, plan: RunPlan): Promise<ResumedRun> {
  const records = await readStepRecords(directory);
  const started = [...records.values()].map(({ startedAt }) => startedAt).sort()[0];
  return {
    plan: resumeRun(facts, plan, await seenSteps(directory, plan, new Set(records.keys()))),
    startedAt: started === undefined ? new Date() : new Date(started),
    rounds: await Promise.all(plan.progress.earlier.map((tries, at) => countedRound(directory, at + 1, tries))),
  };
}

async function seenSteps(directory: RunDirectory, { steps }: RunPlan, names: ReadonlySet<string>): Promise<SeenSteps> {
  const [begun, finished] = [new Set<StepId>(), new Set<StepId>()];
  for (const id of STEP_IDS) {
    const step = steps[id];
    if (step === null) continue;
    if (names.has(step.name)) begun.add(id);
    if (await isFinished(directory, step.output)) finished.add(id);
  }
  return { begun, finished };
}

async function countedRound(
  directory: RunDirectory,
  round: number,
  tries: { readonly reconcile: number; readonly completeUploads: number },
): Promise<CountedRound> {
  const { outcomes, drift } = await readSettledCounts(directory, tryOf(roundOutput(round, 'settled'), tries.reconcile));
  return { counts: outcomes, drift, ledger: tryOf(roundOutput(round, 'ledger'), tries.completeUploads) };
}
