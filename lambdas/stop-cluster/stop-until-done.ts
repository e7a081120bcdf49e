/** Stopping for a caller that never comes back: looks again within the time of the one call, and fails where that was too short. */
import type { StopClusterInput, StopClusterOutput } from '../../workflows/plan/run-state.ts';
import { type StopClusterDeps, stopCluster } from './stop-cluster.ts';

/** The time of a call. */
export interface StopTime {
  /** Milliseconds that are left. */
  readonly remaining: () => number;
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** Thrown while something of a run is left; Lambda calls a function again that was called by an event and failed. */
export class StopUnfinishedError extends Error {
  override readonly name = 'StopUnfinishedError';
  readonly code = 'STOP_UNFINISHED';
  readonly retryable = true;

  constructor({ executionArn }: StopClusterInput, { terminated, cancelledSteps, abortedUploads }: StopClusterOutput) {
    const left = `${terminated.length} clusters still terminate, ${cancelledSteps} steps are being cancelled, ${abortedUploads} uploads were aborted so far`;
    super(`not everything of ${executionArn} is stopped within the time of one call: ${left}; call again`);
  }
}

/** Milliseconds between two looks. */
const PAUSE = 30_000;

/** Kept back of the time of a call, for the answer. */
export const RESERVE = 30_000;

/**
 * Stops everything. It looks at least twice: a cluster that was being asked for when the execution ended may appear only now.
 *
 * @throws StopUnfinishedError
 */
export async function stopUntilDone(input: StopClusterInput, deps: StopClusterDeps, { remaining, pause }: StopTime): Promise<StopClusterOutput> {
  let sum = await stopCluster(input, deps, remaining() - RESERVE);
  for (let looks = 1; !sum.done || looks < 2; looks += 1) {
    if (remaining() < PAUSE + 2 * RESERVE) break;
    await pause(PAUSE);
    sum = added(sum, await stopCluster(input, deps, remaining() - RESERVE));
  }
  if (!sum.done) throw new StopUnfinishedError(input, sum);
  return sum;
}

/** A cluster that terminates is seen at each look. */
function added(before: StopClusterOutput, now: StopClusterOutput): StopClusterOutput {
  return {
    done: now.done,
    terminated: [...new Set([...before.terminated, ...now.terminated])],
    cancelledSteps: Math.max(before.cancelledSteps, now.cancelledSteps),
    abortedUploads: before.abortedUploads + now.abortedUploads,
  };
}
