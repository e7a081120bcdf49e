import { spawnSync } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** A project with a stand-in for the bundle, which says which Node runs it on what and with which flags. */
const BUNDLE =
  'console.log(JSON.stringify([process.execPath, process.argv[1], ...process.argv.slice(2), process.execArgv, process.env.NODE_COMPILE_CACHE ?? null]));';
const PACKAGE = `node-linux-${process.arch}`;

let folder = '';
let root = '';
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'launcher ')));
  root = join(folder, 'a project');
  await mkdir(join(root, 'cli', 'bin'), { recursive: true });
  await mkdir(join(root, 'build', 'cli'), { recursive: true });
  await mkdir(join(root, 'node_modules', PACKAGE, 'bin'), { recursive: true });
  await copyFile('cli/bin/carillon', join(root, 'cli', 'bin', 'carillon'));
  await chmod(join(root, 'cli', 'bin', 'carillon'), 0o755);
  await writeFile(join(root, 'build', 'cli', 'carillon.js'), BUNDLE);
  await symlink(process.execPath, join(root, 'node_modules', PACKAGE, 'bin', 'node'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function start(file: string, words: readonly string[] = [], env: Readonly<Record<string, string>> = { HOME: folder }) {
  const { status, stdout, stderr } = spawnSync(file, words, { cwd: folder, encoding: 'utf8', env: { PATH: process.env.PATH ?? '', ...env } });
  return { status, said: stdout === '' ? null : (JSON.parse(stdout) as unknown[]), stderr };
}

describe('the launcher', () => {
  it("starts the project's Node on the bundle from any directory, with the words as they are", () => {
    const { status, said } = start(join(root, 'cli', 'bin', 'carillon'), ['copy', 'a b', '', '$HOME', '*']);
    expect(status).toBe(0);
    expect(said?.slice(1, -2)).toEqual([join(root, 'build', 'cli', 'carillon.js'), 'copy', 'a b', '', '$HOME', '*']);
    expect(said?.[0]).toBe(process.execPath);
  });

  it('finds its own place through links, absolute and relative, one behind the other', async () => {
    await mkdir(join(folder, 'bin dir'));
    await symlink(join(root, 'cli', 'bin', 'carillon'), join(folder, 'bin dir', 'one'));
    await symlink('one', join(folder, 'bin dir', 'two'));
    await symlink('bin dir/two', join(folder, 'three'));
    for (const link of ['bin dir/one', 'bin dir/two', 'three']) expect(start(join(folder, link)).said?.[1]).toBe(join(root, 'build', 'cli', 'carillon.js'));
  });

  it('finds Node further up where the package is installed beside its dependencies', async () => {
    const installed = join(folder, 'app', 'node_modules', 'carillon');
    await mkdir(join(installed, 'cli', 'bin'), { recursive: true });
    await mkdir(join(installed, 'build', 'cli'), { recursive: true });
    await mkdir(join(folder, 'app', 'node_modules', PACKAGE, 'bin'), { recursive: true });
    await mkdir(join(folder, 'app', 'node_modules', '.bin'));
    await copyFile('cli/bin/carillon', join(installed, 'cli', 'bin', 'carillon'));
    await writeFile(join(installed, 'build', 'cli', 'carillon.js'), BUNDLE);
    await symlink(process.execPath, join(folder, 'app', 'node_modules', PACKAGE, 'bin', 'node'));
    await symlink('../carillon/cli/bin/carillon', join(folder, 'app', 'node_modules', '.bin', 'carillon'));
    expect(start(join(folder, 'app', 'node_modules', '.bin', 'carillon')).said?.[1]).toBe(join(installed, 'build', 'cli', 'carillon.js'));
  });

  it('says what to run where nothing is built, with exit code 2', async () => {
    const bare = join(folder, 'bare');
    await mkdir(join(bare, 'cli', 'bin'), { recursive: true });
    await copyFile('cli/bin/carillon', join(bare, 'cli', 'bin', 'carillon'));
    expect(start(join(bare, 'cli', 'bin', 'carillon'))).toMatchObject({ status: 2, stderr: expect.stringContaining(`run: make -C '${bare}' build`) });
    await mkdir(join(bare, 'build', 'cli'), { recursive: true });
    await writeFile(join(bare, 'build', 'cli', 'carillon.js'), BUNDLE);
    expect(start(join(bare, 'cli', 'bin', 'carillon'))).toMatchObject({ status: 2, stderr: expect.stringContaining('there is no Node for Linux') });
  });

  it("gives a listing the flags that run.sh gives the list program, since it runs in the command's process", async () => {
    const script = await readFile('infra/build/run.sh', 'utf8');
    const young = /\*\) young=(\d+)/.exec(script)?.[1];
    expect(script).toContain('exec "$node" --single-threaded-gc "--max-semi-space-size=$young"');
    expect(start(join(root, 'cli', 'bin', 'carillon'), ['list']).said?.at(-2)).toEqual(['--single-threaded-gc', `--max-semi-space-size=${young}`]);
    expect(start(join(root, 'cli', 'bin', 'carillon'), ['copy', 'list']).said?.at(-2)).toEqual(['--min-semi-space-size=8']);
    expect(start(join(root, 'cli', 'bin', 'carillon')).said?.at(-2)).toEqual(['--min-semi-space-size=8']);
  });

  it('keeps compiled code below the cache folder, unless somebody else says where, or there is no place', () => {
    const launcher = join(root, 'cli', 'bin', 'carillon');
    expect(start(launcher, []).said?.at(-1)).toBe(join(folder, '.cache', 'carillon', 'node'));
    expect(start(launcher, [], { XDG_CACHE_HOME: join(folder, 'cache') }).said?.at(-1)).toBe(join(folder, 'cache', 'carillon', 'node'));
    expect(start(launcher, [], { NODE_COMPILE_CACHE: join(folder, 'mine') }).said?.at(-1)).toBe(join(folder, 'mine'));
    expect(start(launcher, [], {}).said?.at(-1)).toBeNull();
  });
});
