/**
 * One file with the credentials of one identity, for every process of a user on a machine. It is written beside its place and moved
 * there, so that nobody ever reads half of it; what is a link, another user's, open to others or malformed is not read.
 */
import { constants } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Credentials } from './credential-provider.ts';
import { jsonMembers } from './json-credentials.ts';
import { faultOf } from './shared-directory.ts';

/** What a file holds. */
export interface SharedSecret {
  readonly credentials: Credentials & { readonly expiration: Date };
  /** When they were asked for, in milliseconds. */
  readonly askedAt: number;
}

const VERSION = 1;
const OWNER_ONLY = 0o600;
/** A file holds 2 kB; more is none of ours. */
const LONGEST_BYTES = 65_536;
/** Milliseconds after which a file serves nobody: no session lasts longer than twelve hours. */
const USELESS_MILLISECONDS = 13 * 3_600_000;
/** Without following links, and without waiting for a pipe. */
const READ_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

function pathOf(directory: string, name: string): string {
  return join(directory, `${name}.json`);
}

/** Reads the file of `name`; null where there is none that can be trusted. */
export async function readSharedSecret(directory: string, name: string): Promise<SharedSecret | null> {
  const file = await open(pathOf(directory, name), READ_FLAGS).catch(() => null);
  if (file === null) return null;
  try {
    const status = await file.stat();
    if (!status.isFile() || status.nlink !== 1 || status.size > LONGEST_BYTES || faultOf(status) !== null) return null;
    return decode(await file.readFile('utf8'), name);
  } catch {
    return null;
  } finally {
    await file.close();
  }
}

/** Puts the file in its place; one that cannot be trusted is replaced. @throws the system's error */
export async function writeSharedSecret(directory: string, name: string, secret: SharedSecret): Promise<void> {
  const temporary = join(directory, `${name}.${process.pid}-${Math.random().toString(36).slice(2)}.tmp`);
  const file = await open(temporary, 'wx', OWNER_ONLY);
  try {
    await fill(file, encode(name, secret));
    await rename(temporary, pathOf(directory, name));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await removeUseless(directory);
}

async function fill(file: FileHandle, text: string): Promise<void> {
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}

function encode(name: string, { credentials, askedAt }: SharedSecret): string {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = credentials;
  return JSON.stringify({ version: VERSION, name, askedAt, accessKeyId, secretAccessKey, sessionToken, expiration: expiration.toISOString() });
}

function decode(text: string, wanted: string): SharedSecret | null {
  const { version, name, askedAt, accessKeyId, secretAccessKey, sessionToken, expiration: end } = jsonMembers(text) ?? {};
  if (version !== VERSION || name !== wanted || typeof askedAt !== 'number') return null;
  if (typeof accessKeyId !== 'string' || typeof secretAccessKey !== 'string' || typeof end !== 'string') return null;
  const expiration = new Date(end);
  if (Number.isNaN(expiration.getTime())) return null;
  return { credentials: { accessKeyId, secretAccessKey, ...(typeof sessionToken === 'string' && { sessionToken }), expiration }, askedAt };
}

/** Files of runs that are long over. */
async function removeUseless(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  const before = Date.now() - USELESS_MILLISECONDS;
  await Promise.all(
    names.map(async (name) => {
      const status = await stat(join(directory, name)).catch(() => null);
      if (status !== null && status.mtimeMs < before) await rm(join(directory, name), { force: true }).catch(() => {});
    }),
  );
}
