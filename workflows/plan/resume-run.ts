/**
 * Where a run goes on that was cut off: from the newest plan and from what its directory shows. Pure.
 *
 * | the step's try | and | it |
 * |---|---|---|
 * | has `_SUCCESS` | | is left out |
 * | has none | was never begun | is run as planned |
 * | has none | was begun | was cut off: the next try, with a fresh output, which looks before it writes |
 * | of the sweep has `_SUCCESS` | | is run again at the end, whatever else is left out |
 * | of plan, copy or complete has `_SUCCESS` | a sweep was begun and complete did not end | is run again: the uploads of its tasks may be aborted |
 */
import { RUN_DIRECTORY_VERSION } from '../../emr-steps/run-directory/layout.ts';
import type { RunFacts } from './run-facts.ts';
import { planRun, type RunPlan } from './run-plan.ts';
import { afterCutOff, type RunProgress, STEP_IDS, type StepId } from './run-progress.ts';

/** What a run's directory shows of the steps of its newest plan. */
export interface SeenSteps {
  /** Steps whose present try was begun. */
  readonly begun: ReadonlySet<StepId>;
  /** Steps whose present try holds `_SUCCESS`. */
  readonly finished: ReadonlySet<StepId>;
}

/** Thrown where a run cannot be resumed; nothing was changed. Final. */
export class ResumeRefusedError extends Error {
  override readonly name = 'ResumeRefusedError';
  readonly code = 'RESUME_REFUSED';
  readonly retryable = false;
}

/** The plan to go on with. */
export function resumeRun(facts: RunFacts, plan: RunPlan, seen: SeenSteps): RunPlan {
  return planRun(facts, resumedProgress(plan.progress, seen));
}

/** The progress to go on with. */
export function resumedProgress(progress: RunProgress, { begun, finished }: SeenSteps): RunProgress {
  const swept = begun.has('sweepUploads') && !finished.has('completeUploads');
  const again = (id: StepId): boolean => {
    if (id === 'sweepUploads') return begun.has(id);
    if (swept && (id === 'planParts' || id === 'copyObjects')) return begun.has(id);
    return begun.has(id) && !finished.has(id);
  };
  return afterCutOff(
    progress,
    STEP_IDS.filter(again),
    STEP_IDS.filter((id) => finished.has(id) && id !== 'sweepUploads'),
  );
}

/** A plan as its file holds it. @throws ResumeRefusedError where it is none, or of another version of the directory */
export function readPlan(text: string): RunPlan {
  const plan = parsed(text);
  if (plan?.formatVersion !== RUN_DIRECTORY_VERSION)
    throw new ResumeRefusedError(
      `the run directory has format version ${String(plan?.formatVersion)}, this program resumes version ${RUN_DIRECTORY_VERSION}; resume it with the version that began it, or begin a new run with --diff`,
    );
  return plan;
}

function parsed(text: string): RunPlan | null {
  try {
    return JSON.parse(text) as RunPlan | null;
  } catch {
    throw new ResumeRefusedError('the newest plan of the run is no JSON; begin a new run with --diff');
  }
}
