/**
 * One process a run. Locks are numbered: the newest counts, and where its process is gone the next number is free, which only one process can
 * make. So nobody ever removes another's lock, and two that find the same stale one cannot both have the run.
 */
import { randomBytes } from 'node:crypto';
import { link, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Who holds a run. */
export interface RunHolder {
  readonly host: string;
  readonly pid: number;
  /** When that process began, as the system tells it; null where it does not. A number alone may be another process by now. */
  readonly processStart: string | null;
  /** ISO 8601. */
  readonly since: string;
}

/** The run goes on in another process. Final until that has ended. */
export class RunUnderWayError extends Error {
  override readonly name = 'RunUnderWayError';
  readonly code = 'RUN_UNDER_WAY';
  readonly retryable = false;

  constructor(folder: string, { host, pid, since }: RunHolder) {
    super(`the run in ${folder} is under way in process ${pid} on ${host} since ${since}; stop that one first, or wait for its end`);
  }
}

const NAME = /^_lock-(\d+)$/;

/**
 * Takes the run for this process.
 *
 * @returns what gives it back
 * @throws RunUnderWayError while another process has it
 */
export async function lockRun(folder: string): Promise<() => Promise<void>> {
  const newest = await newestLock(folder);
  if (newest !== null && (await isAlive(newest.holder))) throw new RunUnderWayError(folder, newest.holder);
  const path = join(folder, `_lock-${(newest?.number ?? 0) + 1}`);
  const holder: RunHolder = { host: hostname(), pid: process.pid, processStart: await processStart(process.pid), since: new Date().toISOString() };
  await make(path, holder, folder);
  return () => rm(path, { force: true });
}

/** Whether a process that is alive has the run. */
export async function isUnderWay(folder: string): Promise<boolean> {
  return (await runHolder(folder)) !== null;
}

/** The process that is alive and has the run; null where none has. */
export async function runHolder(folder: string): Promise<RunHolder | null> {
  const newest = await newestLock(folder);
  return newest !== null && (await isAlive(newest.holder)) ? newest.holder : null;
}

/** The lock appears with all that it says, or not at all. */
async function make(path: string, holder: RunHolder, folder: string): Promise<void> {
  const whole = join(folder, `.lock-${randomBytes(6).toString('hex')}`);
  await writeFile(whole, JSON.stringify(holder));
  try {
    await link(whole, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new RunUnderWayError(folder, (await newestLock(folder))?.holder ?? holder);
  } finally {
    await rm(whole, { force: true });
  }
}

async function newestLock(folder: string): Promise<{ readonly number: number; readonly holder: RunHolder } | null> {
  const names = await readdir(folder).catch(() => []);
  const numbers = names.flatMap((name) => NAME.exec(name)?.slice(1).map(Number) ?? []);
  const number = Math.max(0, ...numbers);
  if (number === 0) return null;
  const text = await readFile(join(folder, `_lock-${number}`), 'utf8').catch(() => null);
  return text === null ? newestLock(folder) : { number, holder: JSON.parse(text) as RunHolder };
}

/** Of another machine nobody knows; its lock counts. */
async function isAlive({ host, pid, processStart: began }: RunHolder): Promise<boolean> {
  if (host !== hostname()) return true;
  if (!isRunning(pid)) return false;
  return began === null || (await processStart(pid)) === began;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Field 22 of `/proc/<pid>/stat`, in ticks since the machine began, and which beginning that was; a zombie is no process any more. */
async function processStart(pid: number): Promise<string | null> {
  try {
    const [stat, boot] = await Promise.all([readFile(`/proc/${pid}/stat`, 'utf8'), readFile('/proc/sys/kernel/random/boot_id', 'utf8')]);
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : `${fields[19]} ${boot.trim()}`;
  } catch {
    return null;
  }
}
