/** Gives the locks of an execution's pairs back, only where it holds them. A child of a fan-out leaves its own to the parent. */
import type { ReleaseLockInput } from '../../workflows/plan/run-state.ts';
import type { PairLocks } from '../lock/pair-locks.ts';
import { locksOf } from '../run/fan-out-record.ts';
import { type RunHome, runOfExecution } from '../run/run-home.ts';

/** What the handler needs of its surroundings. */
export interface ReleaseLockDeps {
  readonly home: RunHome;
  readonly locks: PairLocks;
}

/** Releases them; a run that was never prepared holds none. */
export async function releaseLock(input: ReleaseLockInput, { home, locks }: ReleaseLockDeps): Promise<{ readonly released: boolean }> {
  const names = await locksOf(home.directoryOf(await runOfExecution(home, input)));
  for (const name of names) await locks.release(name, input.executionArn);
  return { released: names.length > 0 };
}
