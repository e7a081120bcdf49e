/**
 * One run a pair of buckets: the lock names the execution that holds it, and counts for nothing once that one no longer runs. Children of a
 * fan-out share the lock of their parent.
 */
import { createHash } from 'node:crypto';
import { pairPlaces } from '../../workflows/request/pair-places.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';

/** Who holds a lock. */
export interface LockHolder {
  /** The execution; of a child of a fan-out its parent's. */
  readonly executionArn: string;
  readonly runId: string;
  readonly runDirectory: string;
  /** ISO 8601. */
  readonly since: string;
}

/** Where locks lie. */
export interface PairLocks {
  /**
   * Takes a lock, unless somebody holds it who still runs. Whoever holds it already takes it again.
   *
   * @param isRunning - whether a holder's execution still runs
   * @returns null: it is taken; else who holds it
   */
  take(name: string, holder: LockHolder, isRunning: (holder: LockHolder) => Promise<boolean>): Promise<LockHolder | null>;
  /** Gives a lock back, only where this execution holds it. */
  release(name: string, executionArn: string): Promise<void>;
}

/** Name of a pair's lock: the same for every request between the same two places. */
export function lockName(request: Pick<RunRequest, 'source' | 'destination'>): string {
  return createHash('sha256')
    .update(JSON.stringify(pairPlaces(request)))
    .digest('hex')
    .slice(0, 32);
}
