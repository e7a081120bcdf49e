/** What a cluster would refuse in a later round or try is found before anything begins: arguments grow on the way. Pure. */
import type { RunFacts } from './run-facts.ts';
import { planRun, type RunPlan } from './run-plan.ts';
import { beside, firstProgress, type Neighbours, ROUND_STEP_IDS, type RoundTries, type RunProgress, STEP_IDS, type StepTries } from './run-progress.ts';
import { StepTooLongError } from './step-limits.ts';

/** More tries than a step comes to, resumed runs included, as far as the number of their digits goes. */
const MANY_TRIES = 999;

/** The neighbours where there are more than can be told: then only what the run's own tasks name is its own. */
const UNTOLD: Neighbours = { open: [], underWay: true };

/** Checks every plan that the run may come to. @throws StepTooLongError, RunDirectoryNameError */
export function checkWholeRun(facts: RunFacts): void {
  planRun(facts, firstProgress());
  planRun(facts, furthestProgress(facts.request.rounds));
}

/** The progress with the longest arguments: the last round, many tries, a neighbour under way. */
export function furthestProgress(rounds: number): RunProgress {
  const triesOf = <T>(ids: readonly (keyof T & string)[]) => Object.fromEntries(ids.map((id) => [id, MANY_TRIES])) as T;
  return {
    ...firstProgress(),
    plan: MANY_TRIES,
    round: rounds,
    tries: triesOf<StepTries>(STEP_IDS),
    unsettledTry: rounds > 1 ? MANY_TRIES : null,
    earlier: Array.from({ length: rounds - 1 }, () => triesOf<RoundTries>(ROUND_STEP_IDS)),
    neighbours: UNTOLD,
  };
}

/** The plan once it is known who else writes to the same place. Where their names are too long together, they are not told but reckoned with. */
export function planSweep(facts: RunFacts, progress: RunProgress, neighbours: Neighbours): RunPlan {
  try {
    return planRun(facts, beside(progress, neighbours));
  } catch (error) {
    if (error instanceof StepTooLongError) return planRun(facts, beside(progress, UNTOLD));
    throw error;
  }
}
