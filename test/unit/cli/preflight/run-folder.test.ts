import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkAll, PreflightError } from '../../../../cli/preflight/preflight-error.ts';
import { makeRunFolder, removeRunFolder, runsFolder } from '../../../../cli/preflight/run-folder.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-folder-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the folder of the run directories', () => {
  it.each([
    ['is the one that is given', '/given', { XDG_STATE_HOME: '/state' }, '/given'],
    ['lies below $XDG_STATE_HOME', undefined, { XDG_STATE_HOME: '/state', HOME: '/h' }, '/state/carillon/runs'],
    ['lies below the home folder', undefined, { XDG_STATE_HOME: '', HOME: '/h' }, '/h/.local/state/carillon/runs'],
    ['lies below the home folder of the user where no variable names it', undefined, {}, join(homedir(), '.local/state/carillon/runs')],
  ])('%s', (_, given, env, expected) => {
    expect(runsFolder(given, env)).toBe(expected);
  });

  it('is absolute, whatever is given', () => {
    expect(runsFolder('runs', {})).toBe(join(process.cwd(), 'runs'));
  });
});

describe('the folder of a run', () => {
  it('is made with the folders above it, and belongs to one run alone', async () => {
    const run = join(folder, 'a', 'b', 'run-1');
    await makeRunFolder(run);
    expect(await readdir(join(folder, 'a', 'b'))).toEqual(['run-1']);
    await expect(makeRunFolder(run)).rejects.toThrow('cannot be written (EEXIST); give another folder by --run-dir');
  });

  it('is removed only while it is empty', async () => {
    const [empty, used] = [join(folder, 'empty'), join(folder, 'used')];
    await mkdir(empty);
    await mkdir(used);
    await writeFile(join(used, 'request.json'), '{}');
    await removeRunFolder(empty);
    await removeRunFolder(used);
    expect(await readdir(folder)).toEqual(['used']);
  });
});

describe('checks before any work', () => {
  it('tell all their problems together', async () => {
    const wrong = (problem: string) => Promise.reject(new PreflightError([problem]));
    await expect(checkAll([wrong('one'), Promise.resolve(1), wrong('two')])).rejects.toMatchObject({ problems: ['one', 'two'], code: 'PREFLIGHT_FAILED' });
  });

  it('give what they found where all is well', async () => {
    expect(await checkAll([Promise.resolve(1), Promise.resolve('b')])).toEqual([1, 'b']);
  });

  it('let a defect through as it is', async () => {
    const defect = new TypeError('no function');
    await expect(checkAll([Promise.reject(new PreflightError(['one'])), Promise.reject(defect)])).rejects.toBe(defect);
  });
});
