import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isUnderWay, lockRun } from '../../../../infra/local/run-lock.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const hold = (number: number, holder: object): Promise<void> =>
  writeFile(
    join(folder, `_lock-${number}`),
    JSON.stringify({ host: hostname(), pid: process.pid, processStart: null, since: '2026-11-20T12:00:00.000Z', ...holder }),
  );

/** No process has this number: it is beyond what Linux gives. */
const NOBODY = 2 ** 22 + 1;

describe('the lock of a run', () => {
  it('is one process’s at a time', async () => {
    const release = await lockRun(folder);
    expect(await isUnderWay(folder)).toBe(true);
    await expect(lockRun(folder)).rejects.toMatchObject({ code: 'RUN_UNDER_WAY', message: expect.stringContaining(`process ${process.pid}`) });
    await release();
    expect(await isUnderWay(folder)).toBe(false);
    await (await lockRun(folder))();
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['whose process is gone', { pid: NOBODY }, false],
    ['whose number another process has by now', { processStart: '1 another boot' }, false],
    ['whose process is alive, where nobody knows when it began', { processStart: null }, true],
    ['of another machine, of whose processes nobody knows', { host: 'elsewhere.invalid', pid: NOBODY }, true],
  ])('%j holds: %s', async (_, holder, holds) => {
    await hold(1, holder);
    expect(await isUnderWay(folder)).toBe(holds);
    if (holds) await expect(lockRun(folder)).rejects.toMatchObject({ code: 'RUN_UNDER_WAY' });
    else await (await lockRun(folder))();
  });

  it('goes by the newest: a stale one below it counts for nothing', async () => {
    await hold(9, { pid: NOBODY });
    await hold(10, {});
    expect(await isUnderWay(folder)).toBe(true);
  });

  it('is taken over by one of many that find it stale', async () => {
    await hold(1, { pid: NOBODY });
    const ends = await Promise.allSettled(Array.from({ length: 8 }, () => lockRun(folder)));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
