import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkAll, PreflightError } from '../../../../cli/preflight/preflight-error.ts';
import { locksFolder, runsFolder } from '../../../../cli/preflight/run-folder.ts';

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

  it('is not where the locks are, which are the same for all of them', () => {
    expect(locksFolder({ XDG_STATE_HOME: '/state' })).toBe('/state/carillon/locks');
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
