import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../../cli/main.ts';
import { capturedHost } from '../../helpers/captured-host.ts';
import { type FilledStore, filledStore } from '../../helpers/filled-store.ts';

let folder = '';
let filled: FilledStore;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-watch-'));
  filled = await filledStore(folder, 300);
  await Promise.all(Array.from({ length: 20 }, (_, at) => filled.put('one', `x/${at}`, 'x')));
});
afterAll(async () => {
  await filled.close();
  await rm(folder, { recursive: true, force: true });
});

async function carillon(words: readonly string[], signal = new AbortController().signal) {
  const host = capturedHost({ env: filled.env('owner'), signal });
  return { code: await main(words, host), stdout: host.stdout.text(), stderr: host.stderr.text() };
}

/** A run in a process of its own, which is past the beginning of a step. */
async function startedRun(name: string, step: string): Promise<{ process: ChildProcess; id: string; runs: string; ended: Promise<number | null> }> {
  const file = join(folder, `${name}.json`);
  const side = (bucket: string) => ({ bucket, prefix: 'x/', endpointUrl: filled.store.url });
  await writeFile(file, JSON.stringify({ source: side('one'), destination: { ...side('two'), prefix: `${name}/` }, work: { concurrency: 1 } }));
  const runs = join(folder, name);
  const child = spawn(process.execPath, ['build/cli/carillon.js', 'run', file, '--run-dir', runs, '--quiet'], { env: filled.env('owner'), stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  for (;;) {
    const [id = ''] = existsSync(runs) ? await readdir(runs) : [];
    if (await stat(join(runs, id, '_steps', `${step}.json`)).then(Boolean, () => false)) return { process: child, id, runs, ended };
    if (child.exitCode !== null) throw new Error(`the run ended with ${child.exitCode} before ${step}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a run of this machine', () => {
  it('is watched from another process to its end, with states, steps, progress and books', async () => {
    const { id, runs, ended } = await startedRun('watched', 'list-source.t1');
    const { code, stdout } = await carillon(['watch', id, '--run-dir', runs, '--json']);
    expect(await ended).toBe(0);
    const events = stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
    const types = new Set(events.map(({ type }) => type));
    expect(code).toBe(0);
    expect(events[0]).toMatchObject({ type: 'run.started', runId: id });
    for (const type of ['state.entered', 'step.started', 'step.progress', 'step.finished']) expect(types).toContain(type);
    expect(events.filter(({ type, step }) => type === 'step.finished' && step === 'copy-objects.r1.t1')).toHaveLength(1);
    const copying = events.filter(({ type, step }) => type === 'step.progress' && step === 'copy-objects.r1.t1');
    expect(copying.some(({ progress }) => progress.total === 20)).toBe(true);
    expect(events.find(({ type }) => type === 'run.finished')).toMatchObject({ books: { outcomes: { copied: { objects: 20 } } } });
    const later = await carillon(['watch', id, '--run-dir', runs]);
    expect(later).toMatchObject({ code: 0, stdout: expect.stringContaining(`run ${id} succeeded`), stderr: expect.stringContaining('state Copy objects\n') });
    expect(await carillon(['stop', id, '--run-dir', runs])).toMatchObject({ code: 2, stderr: expect.stringContaining('is not under way') });
  });

  it('is stopped from another process, ends with 130 and can be resumed as it is told', async () => {
    const { id, runs, ended } = await startedRun('stopped', 'copy-objects.r1.t1');
    const { code, stderr } = await carillon(['stop', id, '--run-dir', runs]);
    expect(code).toBe(0);
    expect(await ended).toBe(130);
    const [, command = ''] = /go on with it by: carillon (.*)\n/.exec(stderr) ?? [];
    expect(await carillon(['watch', id, '--run-dir', runs])).toMatchObject({ code: 1, stdout: expect.stringContaining('the run was interrupted') });
    expect(await carillon([...command.split(' '), '--quiet'])).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(await readFile(join(runs, id, 'output.json'), 'utf8'))).toMatchObject({ books: { outcomes: { copied: { objects: 20 } } } });
  });

  it('whose process was killed is told as gone', async () => {
    const { process: child, id, runs, ended } = await startedRun('killed', 'copy-objects.r1.t1');
    child.kill('SIGKILL');
    await ended;
    const { code, stderr } = await carillon(['watch', id, '--run-dir', runs]);
    expect({ code, last: stderr.trimEnd().split('\n').at(-1) }).toEqual({
      code: 1,
      last: `carillon: the process that ran it is gone; go on with it by: carillon copy --resume ${id} --run-dir ${runs}`,
    });
  });

  it('goes on when the watch is interrupted', async () => {
    const { id, runs, ended } = await startedRun('looked-at', 'list-source.t1');
    const controller = new AbortController();
    const watching = carillon(['watch', id, '--run-dir', runs], controller.signal);
    controller.abort();
    expect((await watching).code).toBe(130);
    expect(await ended).toBe(0);
  });
});
