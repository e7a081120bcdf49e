import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileRunDirectory } from '../../../../emr-steps/run-directory/file-run-directory.ts';
import { runLocally } from '../../../../infra/local/local-run.ts';
import { readStoppedRun, resumeStoppedRun } from '../../../../infra/local/read-run.ts';
import type { RunEvent } from '../../../../workflows/events/run-event.ts';
import type { RunRequestInput } from '../../../../workflows/request/run-request.ts';
import { runFacts } from '../../../helpers/run-facts.ts';
import { diffs, fails, type Script, scriptedCluster, writes } from '../../../helpers/scripted-cluster.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-run-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const row = 'k\te\t10\n';
const round = { 'plan-parts.r1': writes('t\n'), 'copy-objects.r1': writes('r\n'), 'complete-uploads.r1': writes('l\n') };
const allCopied = { 'list-source': writes(row), ...round, 'reconcile.r1': writes('copied\t\\N\t1\t10\n'), 'sweep-uploads': writes('') };

function runScript(script: Script, request: Partial<RunRequestInput> = {}, signal = new AbortController().signal) {
  return runScriptIn(folder, script, request, signal);
}

async function runScriptIn(base: string, script: Script, request: Partial<RunRequestInput> = {}, signal = new AbortController().signal) {
  const directory = fileRunDirectory(base);
  const cluster = scriptedCluster(script);
  const events: RunEvent[] = [];
  const facts = runFacts(request, { runDirectory: directory.base });
  const output = await runLocally({ facts, directory, cluster, partitions: ',\n', emit: (event) => events.push(event), signal, now: () => new Date() });
  const json = async (path: string) => JSON.parse(Buffer.from((await directory.read(path)) ?? []).toString());
  return { output, cluster, events, directory, json };
}

describe('a run on this machine', () => {
  it('runs the steps in order and draws up the books from what reconcile counted', async () => {
    const { output, cluster, events, json } = await runScript(allCopied);
    expect(cluster.ran).toEqual(['list-source.t1', 'plan-parts.r1.t1', 'copy-objects.r1.t1', 'complete-uploads.r1.t1', 'reconcile.r1.t1', 'sweep-uploads.t1']);
    expect(output).toMatchObject({ status: 'succeeded', cause: null, books: { balanced: true, listed: { objects: 1, bytes: 10 } } });
    expect(events.map((event) => event.type)).toEqual(['run.started', 'round.decided', 'sweep.finished', 'run.finished']);
    expect(await json('output.json')).toEqual(output);
    expect(await json('summary.json')).toMatchObject({ status: 'succeeded', rounds: 1, diff: null, books: output.books });
    expect((await json('request.json')).source.bucket).toBe('a');
  });

  it('keeps every plan: the first, and the one with the sizes', async () => {
    const { json, directory } = await runScript(allCopied);
    expect((await json('plan-1.json')).progress.rowBytes).toBeNull();
    expect((await json('plan-2.json')).progress.rowBytes).toBe(row.length);
    expect(Buffer.from((await directory.read('partitions/part.tsv')) ?? []).toString()).toBe(',\n');
  });

  it('adds up the requests of every attempt', async () => {
    const statistics = (copies: number) => JSON.stringify({ requests: { CopyObject: copies }, errors: { SlowDown: 1 }, counts: {} });
    const directory = fileRunDirectory(folder);
    await directory.write('_stats/copy-objects.r1/try-1/attempt_1.json', statistics(2));
    await directory.write('_stats/copy-objects.r1/try-1/attempt_2.json', statistics(3));
    await directory.write('_stats/copy-objects.r1/try-1/attempt_3.json', '{"requests": {"Cop');
    const { json } = await runScript(allCopied);
    expect(await json('summary.json')).toMatchObject({ requests: { CopyObject: 5 }, errors: { SlowDown: 2 } });
  });

  it('lists an empty bucket and goes straight to balanced books', async () => {
    const { output, cluster } = await runScript({ 'list-source': writes('') });
    expect(cluster.ran).toEqual(['list-source.t1']);
    expect(output).toMatchObject({ status: 'succeeded', books: { balanced: true, listed: { objects: 0 } } });
  });

  it('copies nothing where the diff finds nothing, and says what is unchanged', async () => {
    const same = { 'list-source': writes(row), 'list-destination': writes(row), diff: diffs('', '0\t0\t0\t0\t1\t10\t0\t0\t0') };
    const { output, cluster, events, directory } = await runScript(same, { diff: { engine: 'hive' } });
    expect(cluster.ran.toSorted()).toEqual(['diff.t1', 'list-destination.t1', 'list-source.t1']);
    expect(output.books).toMatchObject({ balanced: true, listed: { objects: 1 }, outcomes: { unchanged: { objects: 1, bytes: 10 } } });
    expect(events).toContainEqual(expect.objectContaining({ type: 'diff.counted', unchanged: 1 }));
    expect(await directory.read('diff/try-1/_SUCCESS')).not.toBeNull();
  });

  it('finds the books out of balance where rows of the diff were lost on the way', async () => {
    const lost = { ...allCopied, 'list-destination': writes(''), diff: diffs(row, '2\t20\t0\t0\t0\t0\t0\t0\t0') };
    const { output } = await runScript(lost, { diff: { engine: 'hive' } });
    expect(output).toMatchObject({ status: 'failed', books: { balanced: false, listed: { objects: 2 }, outcomes: { copied: { objects: 1 } } } });
  });

  it('fails where the diff has rows that it did not count, and marks no output', async () => {
    const stale = { 'list-source': writes(row), 'list-destination': writes(row), diff: diffs(row, '0\t0\t0\t0\t1\t10\t0\t0\t0') };
    const { output, directory } = await runScript(stale, { diff: { engine: 'hive' } });
    expect(output).toMatchObject({ status: 'failed', books: null, cause: expect.stringContaining('counted 0 objects to copy') });
    expect(await directory.read('diff/try-1/_SUCCESS')).toBeNull();
  });

  it('ends after the diff where only a diff was asked for', async () => {
    const { output, cluster } = await runScript(
      { 'list-source': writes(row), 'list-destination': writes(''), diff: diffs(row, '1\t10\t0\t0\t0\t0\t0\t0\t0') },
      { goal: 'diff', diff: { engine: 'hive', extras: true } },
    );
    expect(cluster.ran).toHaveLength(3);
    expect(output).toMatchObject({ status: 'succeeded', books: null, places: { toCopy: 'diff/try-1/to-copy', extra: 'diff/try-1/extra' } });
  });

  it('is partial where an object failed for good', async () => {
    const { output } = await runScript({ ...allCopied, 'reconcile.r1': writes('copied\t\\N\t1\t10\nfailed\taccess-denied\t1\t5\n') });
    expect(output).toMatchObject({ status: 'partial', books: { balanced: true, reasons: { 'access-denied': 1 } } });
  });
});

describe('a step that fails', () => {
  it('gets another try with a fresh output, and the steps after it read that', async () => {
    const { output, cluster, json } = await runScript({ ...allCopied, 'plan-parts.r1': [fails('exit code 1'), writes('t\n')] });
    expect(output.status).toBe('succeeded');
    expect(cluster.ran.slice(1, 4)).toEqual(['plan-parts.r1.t1', 'plan-parts.r1.t2', 'copy-objects.r1.t1']);
    expect((await json('plan-3.json')).steps.copyObjects.args).toContain(join(folder, 'rounds/1/tasks/try-2'));
  });

  it('ends the run where its tries are used up, with the cause', async () => {
    const { output, json } = await runScript({ ...allCopied, 'copy-objects.r1': fails('task 0: exit code 1') });
    expect(output).toMatchObject({ status: 'failed', books: null, cause: 'step copy-objects.r1.t2 failed: task 0: exit code 1 (try 2 of 2 failed)' });
    expect(await json('output.json')).toEqual(output);
  });

  it('cuts off the step that runs beside it', async () => {
    const { output } = await runScript({ 'list-source': { hangs: true }, 'list-destination': fails('no such bucket') }, { diff: { engine: 'hive' } });
    expect(output.cause).toContain('step list-destination.t2 failed: no such bucket');
  });
});

describe('rounds', () => {
  it('go on with what is left while it may heal, and count each object once', async () => {
    const second = {
      'plan-parts.r2': writes('t\n'),
      'copy-objects.r2': writes('r\n'),
      'complete-uploads.r2': writes('l\n'),
      'reconcile.r2': writes('copied\t\\N\t3\t30\n'),
    };
    const first = { ...allCopied, 'reconcile.r1': writes('copied\t\\N\t7\t70\nfailed\tthrottled\t3\t30\n'), 'reconcile-unsettled.r1': writes(row) };
    const { output, events } = await runScript({ ...first, ...second }, { rounds: 3 });
    expect(output).toMatchObject({
      status: 'succeeded',
      books: { balanced: true, listed: { objects: 10, bytes: 100 }, outcomes: { copied: { objects: 10 } } },
    });
    expect(output.places.ledgers).toEqual(['rounds/1/ledger/try-1', 'rounds/2/ledger/try-1']);
    expect(events.filter((event) => event.type === 'round.decided').map((event) => event.again)).toEqual([true, false]);
  });

  it('end where their number is used up: what may heal is left as failed', async () => {
    const { output, cluster } = await runScript({ ...allCopied, 'reconcile.r1': writes('failed\tthrottled\t1\t10\n') }, { rounds: 1 });
    expect(output).toMatchObject({ status: 'partial', books: { reasons: { throttled: 1 } } });
    expect(cluster.ran).not.toContain('reconcile-unsettled.r1.t1');
  });
});

describe('a run that was cut off in its second round', () => {
  const first = { ...allCopied, 'reconcile.r1': writes('copied\t\\N\t7\t70\nfailed\tthrottled\t3\t30\n'), 'reconcile-unsettled.r1': writes(row) };
  const second = { 'plan-parts.r2': writes('t\n'), 'complete-uploads.r2': writes('l\n'), 'reconcile.r2': writes('copied\t\\N\t3\t30\n') };

  it('leaves out what is done, gives the next try to what was begun, and draws up the books of all of it', async () => {
    const stop = new AbortController();
    const running = runScript({ ...first, ...second, 'copy-objects.r2': { hangs: true } }, {}, stop.signal);
    while ((await fileRunDirectory(folder).read('_steps/copy-objects.r2.t1.json')) === null) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    expect((await running).output).toMatchObject({ status: 'failed', cause: 'the run was interrupted' });
    expect((await running).cluster.ran).not.toContain('sweep-uploads.t1');

    const directory = fileRunDirectory(folder);
    const facts = runFacts({}, { runDirectory: directory.base });
    const stopped = await readStoppedRun(directory);
    expect(stopped.request).toEqual(facts.request);
    const cluster = scriptedCluster({ ...second, 'copy-objects.r2': [{ hangs: true }, writes('r\n')], 'sweep-uploads': writes('') });
    const events: RunEvent[] = [];
    const resumed = await resumeStoppedRun(facts, directory, stopped.plan);
    const output = await runLocally({
      ...{ facts, directory, cluster, partitions: stopped.partitions, resumed, now: () => new Date() },
      emit: (event) => events.push(event),
      signal: new AbortController().signal,
    });
    expect(cluster.ran).toEqual(['copy-objects.r2.t2', 'complete-uploads.r2.t1', 'reconcile.r2.t1', 'sweep-uploads.t1']);
    expect(output).toMatchObject({
      status: 'succeeded',
      books: { balanced: true, listed: { objects: 10 }, outcomes: { copied: { objects: 10, bytes: 100 } } },
    });
    expect(output.places.ledgers).toEqual(['rounds/1/ledger/try-1', 'rounds/2/ledger/try-1']);
    expect(events[0]).toMatchObject({ type: 'run.resumed', round: 2 });
    await expect(readStoppedRun(directory)).rejects.toMatchObject({ code: 'RESUME_REFUSED', message: expect.stringContaining('has ended as succeeded') });
  });

  it('is refused where nothing was begun', async () => {
    await expect(readStoppedRun(fileRunDirectory(folder))).rejects.toMatchObject({ code: 'RESUME_REFUSED' });
  });
});

describe('a verification', () => {
  const counts = (...lines: readonly string[]) => ({
    ...allCopied,
    'list-verification': writes(row),
    'verify-counts': writes(lines.map((line) => `${line}\n`).join('')),
  });

  it('follows the rounds, and writes no rows where nothing differs', async () => {
    const { output, cluster, events, json } = await runScript(counts('equal-etag\t1\t10'), { verify: true });
    expect(cluster.ran.slice(-3)).toEqual(['list-verification.t1', 'verify-counts.t1', 'sweep-uploads.t1']);
    expect(output).toMatchObject({ status: 'succeeded', places: { differences: null } });
    expect(events).toContainEqual(expect.objectContaining({ type: 'verify.counted', equal: 1, differences: {} }));
    expect((await json('summary.json')).verification).toEqual([{ verdict: 'equal-etag', objects: 1, bytes: 10 }]);
  });

  it('fails a run whose books balance where it finds what they do not tell', async () => {
    const { output } = await runScript({ ...counts('equal-etag\t1\t10', 'missing\t2\t20'), verify: writes('k\tmissing\n') }, { verify: true });
    expect(output).toMatchObject({
      ...{ status: 'failed', cause: 'the verification found 2 differences', books: { balanced: true } },
      places: { differences: 'verify/differences/try-1' },
    });
  });

  it('leaves a run partial whose failed objects are missing, as its books say', async () => {
    const script = { ...counts('failed\t1\t5'), 'reconcile.r1': writes('copied\t\\N\t1\t10\nfailed\taccess-denied\t1\t5\n'), verify: writes('k\tfailed\n') };
    expect((await runScript(script, { verify: true })).output).toMatchObject({ status: 'partial', cause: null });
  });
});

describe('the sweep', () => {
  it('follows a failure too, once plan has begun', async () => {
    const { output, cluster } = await runScript({ ...allCopied, 'copy-objects.r1': fails('exit code 1') });
    expect(cluster.ran.at(-1)).toBe('sweep-uploads.t1');
    expect(output.status).toBe('failed');
    const { cluster: early } = await runScriptIn(join(folder, 'early'), { 'list-source': fails('exit code 1') });
    expect(early.ran).toEqual(['list-source.t1', 'list-source.t2']);
  });

  it('tells what it aborted, what it could not, and how many of others it left', async () => {
    const counts = { 'open-uploads-own': 9, 'open-uploads-older': 2, 'uploads-aborted': 3, 'uploads-failed': 1, 'uploads-vanished': 1 };
    await fileRunDirectory(folder).write('_stats/sweep-uploads/try-1/attempt_1.json', JSON.stringify({ requests: {}, errors: {}, counts }));
    expect((await runScript(allCopied)).events).toContainEqual(expect.objectContaining({ type: 'sweep.finished', aborted: 3, failed: 1, left: 6 }));
  });

  it('is why plan and copy are done again where the run is resumed after all: the uploads of their tasks may be gone', async () => {
    await runScript({ ...allCopied, 'copy-objects.r1': fails('exit code 1') });
    const directory = fileRunDirectory(folder);
    const stopped = await readStoppedRun(directory);
    const cluster = scriptedCluster({
      ...{ 'plan-parts.r1': [writes('t\n'), writes('t\n')], 'copy-objects.r1': [fails('no'), fails('no'), writes('r\n')] },
      ...{ 'complete-uploads.r1': writes('l\n'), 'reconcile.r1': writes('copied\t\\N\t1\t10\n'), 'sweep-uploads': [writes(''), writes('')] },
    });
    const facts = runFacts({}, { runDirectory: directory.base });
    const resumed = await resumeStoppedRun(facts, directory, stopped.plan);
    const run = { facts, directory, cluster, partitions: stopped.partitions, resumed, now: () => new Date(), emit: () => {} };
    expect((await runLocally({ ...run, signal: new AbortController().signal })).status).toBe('succeeded');
    expect(cluster.ran).toEqual(['plan-parts.r1.t2', 'copy-objects.r1.t3', 'complete-uploads.r1.t1', 'reconcile.r1.t1', 'sweep-uploads.t2']);
  });

  it('changes nothing about what was copied where it fails itself', async () => {
    const { output, cluster } = await runScript({ ...allCopied, 'sweep-uploads': fails('access denied') });
    expect(cluster.ran.slice(-2)).toEqual(['sweep-uploads.t1', 'sweep-uploads.t2']);
    expect(output).toMatchObject({ status: 'succeeded', cause: null });
  });
});

describe('a run that is told to stop', () => {
  it('ends as failed and says so, whatever step is under way', async () => {
    const stop = new AbortController();
    const running = runScript({ ...allCopied, 'copy-objects.r1': { hangs: true } }, {}, stop.signal);
    setTimeout(() => stop.abort(), 50);
    expect((await running).output).toMatchObject({ status: 'failed', cause: 'the run was interrupted', books: null });
  });
});

describe('a dry run', () => {
  it('counts what it would copy and copies nothing', async () => {
    const { output, cluster, events } = await runScript(
      { ...allCopied, 'reconcile.r1': writes('failed\tnot-recorded\t4\t40\nduplicate\t\\N\t1\t10\n') },
      { dryRun: true },
    );
    expect(cluster.ran).toEqual(['list-source.t1', 'reconcile.r1.t1']);
    expect(events).toContainEqual(expect.objectContaining({ type: 'run.would-copy', objects: 4, bytes: 40 }));
    expect(output).toMatchObject({ status: 'succeeded', books: null });
  });

  it('takes the diff at its word where there is one', async () => {
    const script = { 'list-source': writes(row), 'list-destination': writes(''), diff: diffs(row, '1\t10\t1\t5\t0\t0\t0\t0\t0') };
    const { events } = await runScript(script, { dryRun: true, diff: { engine: 'hive' } });
    expect(events).toContainEqual(expect.objectContaining({ type: 'run.would-copy', objects: 2, bytes: 15 }));
  });
});
