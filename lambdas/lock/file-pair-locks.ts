/**
 * Locks as files. They are numbered: the newest counts, and where its holder no longer runs the next number is free, which only one process
 * can make. So nobody ever removes another's lock, and two that find the same stale one cannot both have the pair.
 */
import { randomBytes } from 'node:crypto';
import { link, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../emr-steps/run-directory/make-folder.ts';
import type { LockHolder, PairLocks } from './pair-locks.ts';

interface NumberedLock {
  readonly number: number;
  readonly holder: LockHolder;
}

/** Times that a lock is looked at which changes meanwhile. */
const LOOKS = 5;

/** The locks in a folder, which is made when one is taken. */
export function filePairLocks(folder: string): PairLocks {
  return {
    take: async (name, holder, isRunning) => {
      await makeFolder(folder);
      for (let look = 1; ; look += 1) {
        const newest = await newestLock(folder, name);
        if (newest?.holder.executionArn === holder.executionArn) return null;
        if (newest !== null && (await isRunning(newest.holder))) return newest.holder;
        if (await make(folder, name, (newest?.number ?? 0) + 1, holder)) return null;
        if (look === LOOKS) throw new Error(`the lock ${join(folder, name)} changed ${LOOKS} times while it was looked at`);
      }
    },
    release: async (name, executionArn) => {
      const newest = await newestLock(folder, name);
      if (newest?.holder.executionArn === executionArn) await rm(fileOf(folder, name, newest.number), { force: true });
    },
  };
}

function fileOf(folder: string, name: string, number: number): string {
  return join(folder, `${name}-${number}.json`);
}

/** The lock appears with all that it says, or not at all. @returns false where another process made it */
async function make(folder: string, name: string, number: number, holder: LockHolder): Promise<boolean> {
  const whole = join(folder, `.${name}-${randomBytes(6).toString('hex')}`);
  await writeFile(whole, JSON.stringify(holder));
  try {
    await link(whole, fileOf(folder, name, number));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    await rm(whole, { force: true });
  }
}

async function newestLock(folder: string, name: string): Promise<NumberedLock | null> {
  const names = (await unlessMissing(readdir(folder))) ?? [];
  const numbers = names.filter((file) => file.startsWith(`${name}-`)).flatMap((file) => /-(\d+)\.json$/.exec(file)?.slice(1).map(Number) ?? []);
  const number = Math.max(0, ...numbers);
  if (number === 0) return null;
  const text = await unlessMissing(readFile(fileOf(folder, name, number), 'utf8'));
  // Given back meanwhile.
  return text === null ? newestLock(folder, name) : { number, holder: JSON.parse(text) as LockHolder };
}

/** Null where there is none; a lock that cannot be read is not one that nobody holds. */
async function unlessMissing<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
