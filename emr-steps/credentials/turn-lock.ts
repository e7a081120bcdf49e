/**
 * Whose turn it is to ask: a file that only one process can make. A holder that was killed leaves its file behind, so locks are numbered:
 * when the newest one is stale, the next number is the turn, and again only one process can make that. Two may still hold a turn at once
 * after unlucky timing (one saw a stale lock, and was held up while another took, used and left the next); whoever has the turn therefore
 * looks first whether the work is done.
 */
import { open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A turn that is held. */
export interface Turn {
  /** Lets others have theirs. */
  release(): Promise<void>;
}

/** Milliseconds after which a turn is over, whatever its holder does: longer than every request with its repetitions takes. */
const LONGEST_MILLISECONDS = 120_000;

interface Lock {
  readonly path: string;
  readonly number: number;
}

/** Takes the turn of `name`. @returns null while another process holds it. @throws the system's error where no file can be made */
export async function tryTurn(directory: string, name: string): Promise<Turn | null> {
  const locks = await locksOf(directory, name);
  const newest = locks.at(-1);
  if (newest !== undefined && !(await isStale(newest.path))) return null;
  const path = join(directory, `${name}.lock-${(newest?.number ?? 0) + 1}`);
  if (!(await make(path))) return null;
  return {
    async release() {
      for (const stale of locks) await rm(stale.path, { force: true });
      await rm(path, { force: true });
    },
  };
}

async function locksOf(directory: string, name: string): Promise<readonly Lock[]> {
  const start = `${name}.lock-`;
  const names = (await readdir(directory)).filter((file) => file.startsWith(start));
  return names.map((file) => ({ path: join(directory, file), number: Number(file.slice(start.length)) })).sort((a, b) => a.number - b.number);
}

async function make(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(String(process.pid)).finally(() => file.close());
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Its holder is gone, or has had it too long. A file without a number is one that is just being made. */
async function isStale(path: string): Promise<boolean> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    return Date.now() - mtimeMs > LONGEST_MILLISECONDS || (/^[1-9]\d*$/.test(text) && !isAlive(Number(text)));
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
