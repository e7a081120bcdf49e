import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../../cli/main.ts';
import type { RunOutput, RunSummary } from '../../../workflows/events/run-output.ts';
import { capturedHost } from '../../helpers/captured-host.ts';
import { type FilledStore, filledStore } from '../../helpers/filled-store.ts';

let folder = '';
let filled: FilledStore;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-run-'));
  filled = await filledStore(folder);
});
afterAll(async () => {
  await filled.close();
  await rm(folder, { recursive: true, force: true });
});

async function carillon(words: readonly string[], { signal = new AbortController().signal, over = {} as Readonly<Record<string, string>> } = {}) {
  const host = capturedHost({ env: filled.env('owner', over), signal });
  return { code: await main(words, host), stdout: host.stdout.text(), stderr: host.stderr.text() };
}

/** A request between two prefixes of the store. */
async function requestFile(name: string, prefix: string, more: object = {}): Promise<string> {
  const file = join(folder, `${name}.json`);
  const side = (bucket: string) => ({ bucket, prefix, endpointUrl: filled.store.url });
  await writeFile(file, JSON.stringify({ source: side('one'), destination: side('two'), ...more }));
  return file;
}

/** Runs words in a folder of their own and reads what they left there. */
async function left(name: string, words: readonly string[], options = {}) {
  const runs = join(folder, name);
  const end = await carillon([...words, '--run-dir', runs], options);
  const [id = ''] = existsSync(runs) ? await readdir(runs) : [];
  const json = async (file: string) => JSON.parse(await readFile(join(runs, id, file), 'utf8'));
  return { ...end, id, run: join(runs, id), json };
}

async function listing(bucket: string, prefix: string): Promise<readonly string[]> {
  const file = join(folder, 'listing.tsv');
  await carillon(['list', `s3://${bucket}/${prefix}`, '--output', file, '--quiet']);
  const rows = (await readFile(file, 'utf8')).split('\n').filter((row) => row !== '');
  return rows.map((row) => row.split('\t').slice(0, 3).join('\t').slice(prefix.length)).toSorted();
}

const states = (stdout: string): readonly string[] =>
  stdout.split('\n').flatMap((line) => {
    const event = line === '' ? null : JSON.parse(line);
    return event?.type === 'state.entered' ? [event.state] : [];
  });

describe('carillon run', () => {
  it('ends with the same destination and the same books as carillon copy', async () => {
    for (const key of ['a', 'b/c', 'é', '100%', 'folder/']) await filled.put('one', `same/${key}`, key.repeat(3));
    await filled.put('one', 'same/cold', 'x', { StorageClass: 'GLACIER' });
    const byFile = await left('file', ['run', await requestFile('same', 'same/')]);
    expect({ code: byFile.code, objects: await listing('two', 'same/') }).toEqual({
      code: 0,
      objects: (await listing('one', 'same/')).filter((row) => !row.startsWith('cold')),
    });
    const byFlags = await left('flags', ['copy', 's3://one/same/', 's3://two/again/']);
    expect(byFlags.code).toBe(0);
    expect(await listing('two', 'same/')).toEqual(await listing('two', 'again/'));
    const [fromFile, fromFlags] = [(await byFile.json('output.json')) as RunOutput, (await byFlags.json('output.json')) as RunOutput];
    expect(fromFile.books).toEqual(fromFlags.books);
    expect({ ...fromFile.places, status: fromFile.status }).toEqual({ ...fromFlags.places, status: fromFlags.status });
  });

  it('passes the states that the definition has, and leaves a summary', async () => {
    await filled.put('one', 'states/a', 'a');
    const { stdout, json } = await left('states', ['run', await requestFile('states', 'states/'), '--json']);
    expect(states(stdout)).toEqual(
      expect.arrayContaining(['Prepare run', 'Create cluster', 'Split partitions', 'Plan parts', 'Copy objects', 'Decide next round', 'Release lock']),
    );
    expect(states(stdout).at(-1)).toBe('Run succeeded');
    const summary = (await json('summary.json')) as RunSummary;
    expect(summary).toMatchObject({ status: 'succeeded', rounds: 1, requests: { CopyObject: 1 } });
    expect(Object.keys(summary.steps).slice(0, 2)).toEqual(['list-source.t1', 'plan-parts.r1.t1']);
  });

  it('runs a fan-out, a run for each pair, and tells their books added up', async () => {
    for (const [pair, key] of [
      ['x', 'a'],
      ['x', 'b'],
      ['y', 'a'],
    ] as const)
      await filled.put('one', `fan-${pair}/${key}`, key);
    const side = (bucket: string, pair: string) => ({ bucket, prefix: `fan-${pair}/`, endpointUrl: filled.store.url });
    const pairs = Object.fromEntries(['x', 'y'].map((pair) => [pair, { source: side('one', pair), destination: side('two', pair) }]));
    const file = join(folder, 'fan-out.json');
    await writeFile(file, JSON.stringify({ base: {}, pairs }));
    const { code, stdout } = await left('fan-out', ['run', file, '--json']);
    expect({ code, x: await listing('two', 'fan-x/'), y: (await listing('two', 'fan-y/')).length }).toEqual({
      code: 0,
      x: await listing('one', 'fan-x/'),
      y: 1,
    });
    expect(states(stdout)).toEqual(expect.arrayContaining(['x/Copy objects', 'y/Copy objects', 'Fan-out succeeded']));
    expect(
      JSON.parse(
        stdout
          .trimEnd()
          .split('\n')
          .findLast((line) => line.includes('"run.finished"')) ?? '',
      ),
    ).toMatchObject({
      status: 'succeeded',
      books: { balanced: true, outcomes: { copied: { objects: 3 } } },
    });
    expect(await carillon(['run', file, '--partitions', file, '--run-dir', join(folder, 'fan-out-bad')])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('names its part files itself'),
    });
  });

  it('with a diff lists both sides at once, copies what differs, and the second time nothing', async () => {
    for (const key of ['same', 'changed']) await filled.put('one', `diff/${key}`, key);
    for (const key of ['same', 'changed']) await filled.put('two', `diff/${key}`, 'same');
    const request = await requestFile('diff', 'diff/', { diff: { engine: 'hive' } });
    const first = await left('diff-1', ['run', request, '--json']);
    expect(states(first.stdout)).toContain('List both sides');
    expect(((await first.json('output.json')) as RunOutput).books).toMatchObject({
      balanced: true,
      outcomes: { copied: { objects: 1 }, unchanged: { objects: 1 } },
    });
    const second = await left('diff-2', ['run', request, '--json']);
    expect(((await second.json('output.json')) as RunOutput).books).toMatchObject({ outcomes: { copied: { objects: 0 }, unchanged: { objects: 2 } } });
    expect(states(second.stdout)).not.toContain('Plan parts');
  });

  it('is done with an empty bucket after the listing', async () => {
    const { code, json } = await left('empty', ['run', await requestFile('empty', 'nothing/')]);
    expect(code).toBe(0);
    expect(await json('summary.json')).toMatchObject({ books: { balanced: true, listed: { objects: 0 } } });
  });

  it('lists the partitions of a part file', async () => {
    for (const key of ['0', '1']) await filled.put('one', `parts/${key}`, key);
    await writeFile(join(folder, 'part.tsv'), ',0\n,1\n');
    const { json, run } = await left('parts', ['run', await requestFile('parts', 'parts/'), '--partitions', join(folder, 'part.tsv')]);
    expect(((await json('output.json')) as RunOutput).books).toMatchObject({ outcomes: { copied: { objects: 2 } } });
    expect(await readFile(join(run, 'partitions', 'part.tsv'), 'utf8')).toBe(',0\n,1\n');
  });

  it('refuses a bad request with every problem, starts nothing and leaves nothing', async () => {
    const end = await left('bad', ['run', await requestFile('bad', 'x/', { rounds: 99, colour: 'red' })]);
    expect(end).toMatchObject({ code: 2, id: '' });
    expect(end.stderr).toMatch(/^carillon: .*rounds.*\ncarillon: .*colour.*\n$/);
  });

  it('refuses buckets that are not there, both at once', async () => {
    const side = (bucket: string) => ({ bucket, endpointUrl: filled.store.url });
    const end = await left('nowhere', ['run', await requestFile('nowhere', '', { source: side('nope'), destination: side('nada') })]);
    expect(end).toMatchObject({ code: 2, id: '' });
    expect(end.stderr).toMatch(/s3:\/\/nope: there is no such bucket.*\n.*s3:\/\/nada: there is no such bucket/);
  });

  it('tries a step again that failed as a whole, in a fresh folder, and goes the way of failures after the last try', async () => {
    await filled.put('one', 'broken/a', 'a');
    await writeFile(join(folder, 'broken.tsv'), ',a\n');
    const over = { CARILLON_CLUSTER_FAULTS: '{"killEveryMilliseconds":1}' };
    const { code, stdout, json } = await left('broken', ['run', await requestFile('broken', 'broken/', { work: { tries: 2 } }), '--json'], { over });
    expect(code).toBe(1);
    expect(states(stdout)).toEqual(expect.arrayContaining(['List source: decide on another try', 'Record failure', 'Stop cluster', 'Notify of failure']));
    expect(states(stdout).filter((state) => state === 'List source')).toHaveLength(2);
    const output = (await json('output.json')) as RunOutput;
    expect(output).toMatchObject({ status: 'failed', books: null });
    expect(output.cause).toMatch(/^step list-source\.t2 failed: /);
  });

  it('runs one run of a pair at a time: of two at once one is told why not, and the lock is free afterwards', async () => {
    await filled.put('one', 'pair/a', 'a');
    const request = await requestFile('pair', 'pair/');
    const ends = await Promise.all([left('pair-1', ['run', request]), left('pair-2', ['run', request])]);
    expect(ends.map(({ code }) => code).toSorted()).toEqual([0, 2]);
    expect(ends.find(({ code }) => code === 2)?.stderr).toContain('another run of this pair of buckets is under way');
    expect((await left('pair-3', ['run', request])).code).toBe(0);
  });

  it('that is interrupted ends with 130, writes its output, gives the lock back and can be resumed', async () => {
    const slow = await filledStore(folder, 300);
    const controller = new AbortController();
    for (let at = 0; at < 20; at += 1) await slow.put('one', `stop/${at}`, 'x');
    const side = (bucket: string) => ({ bucket, prefix: 'stop/', endpointUrl: slow.store.url });
    const request = await requestFile('stop', '', { source: side('one'), destination: side('two') });
    const runs = join(folder, 'stop');
    const running = left('stop', ['run', request], { signal: controller.signal });
    await begun(runs, 'copy-objects.r1.t1');
    controller.abort();
    const { code, json, id } = await running;
    expect(code).toBe(130);
    expect(await json('output.json')).toMatchObject({ status: 'failed', cause: 'the run was interrupted' });
    expect(await carillon(['copy', '--resume', id, '--run-dir', runs, '--quiet'])).toMatchObject({ code: 0 });
    expect(await json('output.json')).toMatchObject({ status: 'succeeded', books: { outcomes: { copied: { objects: 20 } } } });
    await slow.close();
  });
});

/** Waits until a step of the only run has begun. */
async function begun(runs: string, step: string): Promise<void> {
  for (;;) {
    const [id = ''] = existsSync(runs) ? await readdir(runs) : [];
    if (await stat(join(runs, id, '_steps', `${step}.json`)).then(Boolean, () => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
