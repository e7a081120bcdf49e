/** The files of a job's inputs, as FileInputFormat lists them. */
import type { Dirent } from 'node:fs';
import { glob, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { JobRefusedError } from './job-refused.ts';
import { byName, hadoopName, localPath } from './local-path.ts';

/** One input file. */
export interface InputFile {
  /** Absolute. */
  readonly path: string;
  /** Bytes on disk. */
  readonly length: number;
}

/**
 * The files of the inputs, in the order given: a file itself, of a directory its files in byte order of their names, of a pattern
 * (`*`, `?`, `[…]`, `{a,b}`) what it matches. Names that begin with `_` or `.` are hidden.
 *
 * @throws JobRefusedError where an input is missing, a pattern matches nothing, or a directory holds a directory
 */
export async function inputFiles(inputs: readonly string[]): Promise<readonly InputFile[]> {
  const paths = await Promise.all(inputs.map(async (input) => await matches(localPath(input))));
  const files = await Promise.all(paths.flat().map(async (path) => await filesOf(path)));
  return files.flat();
}

function isHidden(name: string): boolean {
  return name.startsWith('_') || name.startsWith('.');
}

async function matches(path: string): Promise<readonly string[]> {
  const exists = await stat(path).then(
    () => true,
    () => false,
  );
  if (exists) return [path];
  if (!/[*?[{]/.test(path)) throw new JobRefusedError(`Input path does not exist: ${hadoopName(path)}`);
  const found = (await Array.fromAsync(glob(path))).filter((match) => !isHidden(match.slice(match.lastIndexOf('/') + 1))).sort(byName);
  if (found.length === 0) throw new JobRefusedError(`Input Pattern ${hadoopName(path)} matches 0 files`);
  return found;
}

async function filesOf(path: string): Promise<readonly InputFile[]> {
  const status = await stat(path);
  if (!status.isDirectory()) return [{ path, length: status.size }];
  const entries = (await readdir(path, { withFileTypes: true })).filter((entry) => !isHidden(entry.name)).sort((a, b) => byName(a.name, b.name));
  return await Promise.all(entries.map(async (entry) => await fileIn(path, entry)));
}

async function fileIn(directory: string, entry: Dirent): Promise<InputFile> {
  const path = join(directory, entry.name);
  const status = await stat(path);
  if (status.isDirectory()) throw new JobRefusedError(`Not a file: ${hadoopName(path)}; inputs are files and directories of files`);
  return { path, length: status.size };
}
