/** How far a run is: its round, and the try of each step. A plan is a pure function of the facts and of this. */

/** Every step that a run may have, in the order in which they run. */
export const STEP_IDS = ['listSource', 'listDestination', 'diff', 'planParts', 'copyObjects', 'completeUploads', 'reconcile', 'reconcileUnsettled'] as const;

/** One of {@link STEP_IDS}. */
export type StepId = (typeof STEP_IDS)[number];

/** The steps that every round has; the others run once. */
export const ROUND_STEP_IDS = ['planParts', 'copyObjects', 'completeUploads', 'reconcile', 'reconcileUnsettled'] as const satisfies readonly StepId[];

/** The try of each step, 1 first. */
export type StepTries = Readonly<Record<StepId, number>>;

/** How far a run is. */
export interface RunProgress {
  /** Number of the plan that follows from this, 1 first: the n of `plan-<n>.json`. */
  readonly plan: number;
  /** 1 first. */
  readonly round: number;
  readonly tries: StepTries;
  /** From round 2 on: the try of the last round's `reconcileUnsettled`, whose output is this round's input. */
  readonly unsettledTry: number | null;
  /** From round 2 on: objects that the last round left to this one. */
  readonly unsettled: number | null;
  /** Bytes of the rows that the coming steps read; null where nobody has looked yet. */
  readonly rowBytes: number | null;
}

/** A row that is left unsettled, as a guess for the number of tasks. */
const ROW_BYTES = 128;

/** A run that has not begun. */
export function firstProgress(): RunProgress {
  const tries = Object.fromEntries(STEP_IDS.map((id) => [id, 1])) as Record<StepId, number>;
  return { plan: 1, round: 1, tries, unsettledTry: null, unsettled: null, rowBytes: null };
}

/** The same run with one more try of a step, which writes a fresh folder. */
export function nextTry(progress: RunProgress, step: StepId): RunProgress {
  return { ...progress, plan: progress.plan + 1, tries: { ...progress.tries, [step]: progress.tries[step] + 1 } };
}

/**
 * The same run in its next round, whose input is what the last one left unsettled.
 *
 * @param unsettled - objects that the last round left
 */
export function nextRound(progress: RunProgress, unsettled: number): RunProgress {
  const fresh = Object.fromEntries(ROUND_STEP_IDS.map((id) => [id, 1]));
  return {
    plan: progress.plan + 1,
    round: progress.round + 1,
    tries: { ...progress.tries, ...fresh },
    unsettledTry: progress.tries.reconcileUnsettled,
    unsettled,
    rowBytes: unsettled * ROW_BYTES,
  };
}

/** The same run once the size of the coming steps' input is known. */
export function sized(progress: RunProgress, rowBytes: number): RunProgress {
  return { ...progress, plan: progress.plan + 1, rowBytes };
}
