/** The working directory of an attempt: a link for every `-files` and `-archives` element, and a directory for temporary files. */
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, chmod, copyFile, mkdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { JobRefusedError } from './job-refused.ts';
import { localPath } from './local-path.ts';

/** A link in the working directory. */
export interface SandboxLink {
  readonly name: string;
  /** Absolute. */
  readonly target: string;
}

/**
 * The links of a job. An archive that is a directory is linked as it is; a file is unpacked, once a job.
 *
 * @param unpackInto - a directory of this job's own
 * @throws JobRefusedError where one is missing or cannot be unpacked
 */
export async function sandboxLinks(files: readonly string[], archives: readonly string[], unpackInto: string): Promise<readonly SandboxLink[]> {
  const fileLinks = await Promise.all(files.map(linkOf));
  const archiveLinks = await Promise.all(archives.map(async (archive) => await unpacked(await linkOf(archive), unpackInto)));
  return [...fileLinks, ...archiveLinks];
}

async function linkOf(element: string): Promise<SandboxLink> {
  const [path = '', name] = element.split('#');
  const target = localPath(path);
  await stat(target).catch(() => {
    throw new JobRefusedError(`File ${path} does not exist.`);
  });
  return { name: name ?? basename(target), target };
}

async function unpacked(link: SandboxLink, into: string): Promise<SandboxLink> {
  if ((await stat(link.target)).isDirectory()) return link;
  const directory = join(into, link.name);
  await mkdir(directory, { recursive: true });
  const [program, words]: readonly [string, readonly string[]] = /\.(zip|jar)$/.test(link.target)
    ? ['unzip', ['-q', link.target, '-d', directory]]
    : ['tar', ['-xf', link.target, '-C', directory]];
  await promisify(execFile)(program, [...words]).catch((error: Error) => {
    throw new JobRefusedError(`${link.target} cannot be unpacked by ${program}: ${error.message.split('\n').slice(0, 3).join(' ')}`);
  });
  return { name: link.name, target: directory };
}

/** Makes the working directory. */
export async function makeSandbox(directory: string, links: readonly SandboxLink[]): Promise<void> {
  await mkdir(join(directory, 'tmp'), { recursive: true });
  await Promise.all(links.map(async (link) => await symlink(link.target, join(directory, link.name))));
}

/** Removes it; what the links point to stays. */
export async function removeSandbox(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}

/**
 * The program of a command: a name without a leading slash is looked for in the working directory, then on the PATH. Hadoop makes a file
 * that it ships executable; here such a file is linked, so one that is not executable is copied first.
 */
export async function programIn(directory: string, program: string): Promise<string> {
  if (program.startsWith('/')) return program;
  const path = join(directory, program);
  const status = await stat(path).catch(() => null);
  if (status === null || status.isDirectory()) return program;
  if (!program.includes('/') && !(await isExecutable(path))) await makeExecutable(path);
  return path;
}

async function isExecutable(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Puts an executable copy in the place of the link. */
async function makeExecutable(link: string): Promise<void> {
  const copy = `${link}.copy`;
  await copyFile(link, copy);
  await chmod(copy, 0o755);
  await rename(copy, link);
}
