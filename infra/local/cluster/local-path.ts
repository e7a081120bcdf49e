/** Paths of this machine in the forms that Hadoop takes them: plain, `file:/a/b`, `file:///a/b`. */
import { resolve } from 'node:path';
import { JobRefusedError } from './job-refused.ts';

/**
 * The absolute path.
 *
 * @throws JobRefusedError at another scheme: a local run keeps everything in directories
 */
export function localPath(path: string): string {
  const [, scheme, rest] = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s.exec(path) ?? [];
  if (scheme === undefined || rest === undefined) return resolve(path);
  if (scheme !== 'file')
    throw new JobRefusedError(`No FileSystem for scheme "${scheme}"; the local cluster reads and writes plain paths and file:// alone, not ${path}`);
  return resolve(rest.replace(/^\/\/(localhost)?(?=\/)/, ''));
}

/** The name that Hadoop gives a local path: `file:/a/b`. */
export function hadoopName(path: string): string {
  return `file:${path}`;
}

/** Byte order of names, in which Hadoop's file systems list a directory. */
export function byName(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
