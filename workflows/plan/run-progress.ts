/** How far a run is: its round, and the try of each step. A plan is a pure function of the facts and of this. */

/** Every step that a run may have, in the order in which they run. */
export const STEP_IDS = [
  'listSource',
  'listDestination',
  'diff',
  'planParts',
  'copyObjects',
  'completeUploads',
  'reconcile',
  'reconcileUnsettled',
  'listVerification',
  'verifyCounts',
  'verify',
  'sweepUploads',
] as const;

/** One of {@link STEP_IDS}. */
export type StepId = (typeof STEP_IDS)[number];

/** The steps that every round has; the others run once. */
export const ROUND_STEP_IDS = ['planParts', 'copyObjects', 'completeUploads', 'reconcile', 'reconcileUnsettled'] as const satisfies readonly StepId[];

/** Whether a step runs once in each round. */
export function isRoundStep(step: StepId): boolean {
  return (ROUND_STEP_IDS as readonly StepId[]).includes(step);
}

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
  /** Bytes of the rows that the first round was to copy; null where nobody has looked yet. */
  readonly firstRowBytes: number | null;
  /** The rounds before this one, the first first: which try of each step is theirs. */
  readonly earlier: readonly RoundTries[];
  /** Steps whose present try was done before the run was resumed: they are left out. */
  readonly finished: readonly StepId[];
  /** How many tries of a step lie before the run was resumed, and use none up; not there: none. */
  readonly cutOff: Readonly<Partial<Record<StepId, number>>>;
  /** Other runs that write to the same place, as the sweep must know them. */
  readonly neighbours: Neighbours;
}

/** The tries of a round that was left behind. */
export type RoundTries = Readonly<Record<(typeof ROUND_STEP_IDS)[number], number>>;

/** Runs beside this one that write to the same bucket below the same keys. */
export interface Neighbours {
  /** Directories of those that have not ended: what their tasks name is theirs. */
  readonly open: readonly string[];
  /** One of them is under way: what no task names yet may be its, so that only what this run's own tasks name is aborted. */
  readonly underWay: boolean;
}

/** Nobody beside this run. */
export const NO_NEIGHBOURS: Neighbours = { open: [], underWay: false };

/** A row that is left unsettled, as a guess for the number of tasks. */
const ROW_BYTES = 128;

/** A run that has not begun. */
export function firstProgress(): RunProgress {
  const tries = Object.fromEntries(STEP_IDS.map((id) => [id, 1])) as Record<StepId, number>;
  return {
    plan: 1,
    round: 1,
    tries,
    unsettledTry: null,
    unsettled: null,
    rowBytes: null,
    firstRowBytes: null,
    earlier: [],
    finished: [],
    cutOff: {},
    neighbours: NO_NEIGHBOURS,
  };
}

/** The same run with one more try of a step, which writes a fresh folder. */
export function nextTry(progress: RunProgress, step: StepId): RunProgress {
  return { ...progress, plan: progress.plan + 1, tries: { ...progress.tries, [step]: progress.tries[step] + 1 }, finished: without(progress.finished, [step]) };
}

/**
 * The same run in its next round, whose input is what the last one left unsettled.
 *
 * @param unsettled - objects that the last round left
 */
export function nextRound(progress: RunProgress, unsettled: number): RunProgress {
  const { tries, cutOff, finished } = progress;
  const fresh = Object.fromEntries(ROUND_STEP_IDS.map((id) => [id, 1]));
  return {
    ...progress,
    plan: progress.plan + 1,
    round: progress.round + 1,
    tries: { ...tries, ...fresh },
    unsettledTry: tries.reconcileUnsettled,
    unsettled,
    rowBytes: unsettled * ROW_BYTES,
    earlier: [...progress.earlier, Object.fromEntries(ROUND_STEP_IDS.map((id) => [id, tries[id]])) as RoundTries],
    finished: without(finished, ROUND_STEP_IDS),
    cutOff: Object.fromEntries(Object.entries(cutOff).filter(([id]) => !isRoundStep(id as StepId))),
  };
}

/** The same run once the size of the coming steps' input is known. */
export function sized(progress: RunProgress, rowBytes: number): RunProgress {
  return { ...progress, plan: progress.plan + 1, rowBytes, firstRowBytes: progress.firstRowBytes ?? rowBytes };
}

/** The same run once it is known who else writes to the same place. */
export function beside(progress: RunProgress, neighbours: Neighbours): RunProgress {
  return { ...progress, plan: progress.plan + 1, neighbours };
}

/**
 * The same run with the next try of steps that were cut off with it; the tries before use none up.
 *
 * @param finished - steps that are done and are left out
 */
export function afterCutOff(progress: RunProgress, steps: readonly StepId[], finished: readonly StepId[]): RunProgress {
  if (steps.length === 0 && finished.length === 0) return progress;
  const { tries } = progress;
  return {
    ...progress,
    plan: progress.plan + 1,
    finished: without(finished, steps),
    tries: { ...tries, ...Object.fromEntries(steps.map((id) => [id, tries[id] + 1])) },
    cutOff: { ...progress.cutOff, ...Object.fromEntries(steps.map((id) => [id, tries[id]])) },
  };
}

function without(steps: readonly StepId[], others: readonly StepId[]): readonly StepId[] {
  return steps.filter((step) => !others.includes(step));
}
