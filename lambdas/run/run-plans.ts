/** The plans of a run as its directory keeps them. */
import { planFile } from '../../emr-steps/run-directory/layout.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import { readPlan } from '../../workflows/plan/resume-run.ts';
import type { RunPlan } from '../../workflows/plan/run-plan.ts';

/** Keeps a plan as `plan-<n>.json`. @returns the plan */
export async function keepPlan(directory: RunDirectory, plan: RunPlan): Promise<RunPlan> {
  await directory.write(planFile(plan.progress.plan), `${JSON.stringify(plan, null, 2)}\n`);
  return plan;
}

/** The plan with the highest number; null where none was made. @throws ResumeRefusedError where it is of another version */
export async function newestPlan(directory: RunDirectory): Promise<RunPlan | null> {
  let newest: Uint8Array | null = null;
  for (let number = 1; ; number += 1) {
    const bytes = await directory.read(planFile(number));
    if (bytes === null) return newest === null ? null : readPlan(Buffer.from(newest).toString('utf8'));
    newest = bytes;
  }
}
