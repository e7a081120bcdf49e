/** Gives the pair's lock back, only where this execution holds it. A child of a fan-out leaves it to its parent. */
import type { ReleaseLockInput } from '../../workflows/plan/run-state.ts';
import type { PairLocks } from '../lock/pair-locks.ts';
import { type RunHome, runOfExecution } from '../run/run-home.ts';
import { findRunRecord } from '../run/run-record.ts';

/** What the handler needs of its surroundings. */
export interface ReleaseLockDeps {
  readonly home: RunHome;
  readonly locks: PairLocks;
}

/** Releases it; a run that was never prepared holds none. */
export async function releaseLock(input: ReleaseLockInput, { home, locks }: ReleaseLockDeps): Promise<{ readonly released: boolean }> {
  const record = await findRunRecord(home.directoryOf(await runOfExecution(home, input)));
  if (record === null || record.lock === null) return { released: false };
  await locks.release(record.lock, input.executionArn);
  return { released: true };
}
