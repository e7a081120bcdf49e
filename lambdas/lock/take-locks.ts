/** Taking the locks of several pairs, all or none; a pair that another run holds is a refusal that names it. */
import { RefusedError } from '../run/refused-error.ts';
import type { LockHolder, PairLocks } from './pair-locks.ts';

/** What it needs. */
export interface LockDeps {
  readonly locks: PairLocks;
  /** Whether the execution that holds a lock still runs. */
  readonly isRunning: (holder: LockHolder) => Promise<boolean>;
}

/** Takes them. @throws RefusedError where one is held by another run; then none is held */
export async function takeLocks(names: readonly string[], holder: LockHolder, { locks, isRunning }: LockDeps): Promise<void> {
  const taken: string[] = [];
  try {
    for (const name of names) {
      const other = await locks.take(name, holder, isRunning);
      if (other !== null) throw new RefusedError([underWay(other)]);
      taken.push(name);
    }
  } catch (error) {
    for (const name of taken) await locks.release(name, holder.executionArn);
    throw error;
  }
}

/** What is told of a pair that is taken. */
function underWay({ runId, since, executionArn }: LockHolder): string {
  return `another run of this pair of buckets is under way: ${runId}, since ${since} (${executionArn}); wait for its end, or stop it first`;
}
