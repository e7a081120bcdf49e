import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resumeFound, resumeHere } from '../../../../cli/commands/resume-hint.ts';
import { followLocalRun } from '../../../../cli/watch/follow-local-run.ts';
import { EVENTS_FILE, REQUEST_FILE } from '../../../../emr-steps/run-directory/layout.ts';

const RUN = '20261121-021655-5c7a0a67d9';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-hint-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function found(request: object | string | null, events = ''): Promise<readonly string[]> {
  if (request !== null) await writeFile(join(folder, REQUEST_FILE), typeof request === 'string' ? request : JSON.stringify(request));
  await writeFile(join(folder, EVENTS_FILE), events);
  return await resumeFound({ runId: RUN, folder }, undefined);
}

describe('the hint how to go on with a run', () => {
  it('names the options that its directory needs, quoted for a shell', () => {
    expect(resumeHere(RUN, "it's here", { cluster: 'hadoop', 'cluster-dir': 's3://b/runs' })).toBe(
      `go on with it by: carillon copy --resume ${RUN} --run-dir 'it'\\''s here' --cluster hadoop --cluster-dir s3://b/runs`,
    );
  });

  it('is given for a run that writes, and for one whose request cannot be read here', async () => {
    const started = `{"type":"run.started","runId":"${RUN}","runDirectory":"file:///shared/${RUN}"}\n`;
    expect(await found(null, started)).toEqual([`go on with it by: carillon copy --resume ${RUN} --cluster hadoop --cluster-dir file:///shared`]);
    for (const request of [{ goal: 'copy', dryRun: false }, '{"goal":"di'])
      expect(await found(request)).toEqual([`go on with it by: carillon copy --resume ${RUN}`]);
  });

  it.each([
    { goal: 'diff', dryRun: false },
    { goal: 'verify', dryRun: false },
    { goal: 'copy', dryRun: true },
  ])('is none for %o', async (request) => {
    expect(await found(request)).toEqual([]);
  });

  it('is left out where a watched run is gone without one', async () => {
    const [bare, hinted] = [followLocalRun(folder, []), followLocalRun(folder, ['go on'])];
    expect((await bare.news()).end).toEqual({ isWell: false, sentence: 'the process that ran it is gone' });
    expect((await hinted.news()).end).toEqual({ isWell: false, sentence: 'the process that ran it is gone; go on' });
    await Promise.all([bare.close(), hinted.close()]);
  });
});
