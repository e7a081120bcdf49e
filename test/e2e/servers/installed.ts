/** Programs from package registries, each version installed once below `build/e2e`. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { E2E_CACHE } from '../hadoop/jars.ts';

/** A program of a Go module, such as `github.com/rclone/rclone@v1.71.2`. @returns its path @throws Error where there is no Go */
export function goProgram(module: string): string {
  const [path = '', version = ''] = module.split('@');
  const name = path.slice(path.lastIndexOf('/') + 1);
  const folder = join(E2E_CACHE, 'go', `${name}-${version}`);
  made(folder, (making) =>
    run('go', ['install', module], { GOBIN: making, GOFLAGS: '-modcacherw' }, `${module} could not be installed: make e2e needs Go on the path`),
  );
  return join(folder, name);
}

/** Programs of Python packages, in an environment of their own. @returns the folder of its programs @throws Error where there is no Python */
export function pythonPrograms(name: string, packages: readonly string[]): string {
  const folder = join(E2E_CACHE, 'python', name);
  // The programs name their environment by its path, so that it is made in its place, and made anew where it was carried to another one.
  const mark = join(folder, 'made-of');
  const made = [folder, ...packages].join('\n');
  if (!existsSync(mark) || readFileSync(mark, 'utf8') !== made) {
    rmSync(folder, { recursive: true, force: true });
    run('python3', ['-m', 'venv', folder], {}, `${name} could not be installed: make e2e needs Python 3 with venv on the path`);
    run(join(folder, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...packages], {}, `${packages.join(' ')} could not be installed`);
    writeFileSync(mark, made);
  }
  return join(folder, 'bin');
}

function made(folder: string, make: (folder: string) => void): void {
  if (existsSync(folder)) return;
  const making = `${folder}.${process.pid}`;
  mkdirSync(making, { recursive: true });
  try {
    make(making);
    if (!existsSync(folder)) renameSync(making, folder);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

function run(program: string, words: readonly string[], env: Readonly<Record<string, string>>, sentence: string): void {
  try {
    execFileSync(program, [...words], { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] });
  } catch (error) {
    throw new Error(sentence, { cause: error });
  }
}
