/**
 * Where the processes of one user on one machine share credentials: a directory in the system's temporary directory, by user id. YARN
 * gives every container a TMPDIR of its own, so that variable is not asked.
 */
import { lstat, mkdir } from 'node:fs/promises';
import { CredentialsError } from './credentials-error.ts';
import type { Environment } from './environment-credentials.ts';

/** Bits of group and others: none may be set. */
const FOREIGN_BITS = 0o077;
const OWNER_ONLY = 0o700;

/** The user id that files must have; null where the system has none. */
export function ownUserId(): number | null {
  return process.geteuid?.() ?? null;
}

/** The directory: `/tmp/carillon-<user id>`, or what `CARILLON_CREDENTIALS_DIRECTORY` names. */
export function sharedDirectory(env: Environment): string {
  return env.CARILLON_CREDENTIALS_DIRECTORY || `/tmp/carillon-${ownUserId() ?? 'user'}`;
}

/**
 * Makes the directory where it is missing, and looks whether it can be trusted.
 *
 * @returns false where none can be made (a full or read-only disk), so that nothing can be shared
 * @throws {CredentialsError} when it is a link, another user's, or open to others: somebody may have laid it out to read or plant keys
 */
export async function openSharedDirectory(directory: string): Promise<boolean> {
  try {
    await mkdir(directory, { mode: OWNER_ONLY });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
  }
  const stat = await lstat(directory).catch(() => null);
  if (stat === null) return false;
  const fault = stat.isDirectory() ? faultOf(stat) : 'is no directory';
  if (fault === null) return true;
  throw new CredentialsError(`${directory} ${fault}, so that credentials are not safe there; remove it, or name another by CARILLON_CREDENTIALS_DIRECTORY`);
}

/** What speaks against trusting a file or directory, by owner and mode; null: nothing. */
export function faultOf({ uid, mode }: { readonly uid: number; readonly mode: number }): string | null {
  const own = ownUserId();
  if (own !== null && uid !== own) return `belongs to user ${uid}, not to ${own}`;
  if ((mode & FOREIGN_BITS) !== 0) return `is open to other users (mode ${(mode & 0o777).toString(8)})`;
  return null;
}
