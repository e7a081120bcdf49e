import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runRequest } from '../../infra/local/engine/run-request.ts';
import type { RunEvent } from '../../workflows/events/run-event.ts';
import type { RunRequestInput } from '../../workflows/request/run-request.ts';
import { localCluster } from '../helpers/run-facts.ts';
import { diffs, fails, type Script, scriptedCluster, writes } from '../helpers/scripted-cluster.ts';

const row = 'k\te\t10\n';
const COPY: Script = {
  'list-source': writes(row),
  'plan-parts.r1': writes('t\n'),
  'copy-objects.r1': writes('r\n'),
  'complete-uploads.r1': writes('l\n'),
  'reconcile.r1': writes('copied\t\\N\t1\t10\n'),
  'sweep-uploads': writes(''),
};
const counted = (...lines: readonly string[]): Script => ({
  'list-verification': writes(row),
  'verify-counts': writes(lines.map((line) => `${line}\n`).join('')),
  verify: writes('k\tmissing\n'),
});

const folder = await mkdtemp(join(tmpdir(), 'carillon-machine-runs-'));
afterAll(async () => rm(folder, { recursive: true, force: true }));

let homes = 0;

function newHome(): string {
  homes += 1;
  return join(folder, String(homes));
}

async function ran(request: Partial<RunRequestInput>, script: Script, home = newHome(), signal = new AbortController().signal) {
  const events: RunEvent[] = [];
  const cluster = scriptedCluster(script);
  const { end, output, runId } = await runRequest({
    request: { source: { bucket: 'a' }, destination: { bucket: 'b' }, ...request },
    partFile: null,
    root: process.cwd(),
    runs: join(home, 'runs'),
    locks: join(home, 'locks'),
    cluster: localCluster,
    buckets: { regionOf: async (_, side) => ({ ...side, region: 'eu-central-1' }), defaultEncryption: async () => null },
    clusterIn: () => cluster,
    emit: (event) => events.push(event),
    signal,
    waitFactor: 0,
  });
  const told = events.filter(({ type }) => !/^(state|step)\./.test(type));
  const directory = join(home, 'runs', runId);
  const summary = await readFile(join(directory, 'summary.json'), 'utf8').then(JSON.parse, () => null);
  return { end, output, runId, ran: cluster.ran, told, types: told.map(({ type }) => type), summary, home, directory };
}

describe('a copy', () => {
  it('runs the steps in order, sweeps, and tells what happened in order', async () => {
    const { end, output, ran: steps, types, summary } = await ran({}, COPY);
    expect(end.status).toBe('SUCCEEDED');
    expect(steps).toEqual(['list-source.t1', 'plan-parts.r1.t1', 'copy-objects.r1.t1', 'complete-uploads.r1.t1', 'reconcile.r1.t1', 'sweep-uploads.t1']);
    expect(types).toEqual(['run.started', 'round.decided', 'sweep.finished', 'run.finished', 'run.notified']);
    expect(output).toMatchObject({ status: 'succeeded', verified: false, books: { balanced: true } });
    expect(summary).toMatchObject({ sweep: { aborted: 0, failed: 0, left: 0 }, verification: null, wouldCopy: null });
  });

  it('is not ended by a sweep that fails', async () => {
    const { end, output, ran: steps } = await ran({}, { ...COPY, 'sweep-uploads': fails('no rights') });
    expect(steps.slice(-2)).toEqual(['sweep-uploads.t1', 'sweep-uploads.t2']);
    expect({ end: end.status, books: output?.status }).toEqual({ end: 'SUCCEEDED', books: 'succeeded' });
  });

  it('that is verified is swept and then held against the source', async () => {
    const { ran: steps, told, output, summary } = await ran({ verify: true }, { ...COPY, ...counted('equal-etag\t1\t10') });
    expect(steps.slice(-3)).toEqual(['sweep-uploads.t1', 'list-verification.t1', 'verify-counts.t1']);
    expect(told).toContainEqual(expect.objectContaining({ type: 'verify.counted', equal: 1, differences: {} }));
    expect(output).toMatchObject({ status: 'succeeded', verified: true, places: { differences: null } });
    expect(summary.verification).toEqual([{ verdict: 'equal-etag', objects: 1, bytes: 10 }]);
  });

  it('fails where the verification finds what the books do not tell, and each kind is named', async () => {
    const { end, output, ran: steps } = await ran({ verify: true }, { ...COPY, ...counted('equal-etag\t1\t10', 'missing\t2\t20', 'size\t1\t1') });
    expect(steps.at(-1)).toBe('verify.t1');
    expect(end).toMatchObject({ status: 'FAILED', error: 'Carillon.RunFailed' });
    expect('cause' in end && end.cause).toContain('the verification found 3 differences: 2 missing, 1 size');
    expect(output).toMatchObject({ status: 'failed', verified: false, books: { balanced: true }, places: { differences: 'verify/differences/try-1' } });
  });

  it('stays partial where what failed is missing, as its books say', async () => {
    const script = { ...COPY, ...counted('failed\t1\t5'), 'reconcile.r1': writes('copied\t\\N\t1\t10\nfailed\taccess-denied\t1\t5\n') };
    const { end, output } = await ran({ verify: true }, script);
    expect(end).toMatchObject({ status: 'FAILED', error: 'Carillon.ObjectsFailed' });
    expect(output).toMatchObject({ status: 'partial', verified: true });
  });

  it.each([
    [1, 'SUCCEEDED'],
    [0, 'FAILED'],
  ])('of which one object failed, where %i are tolerated, ends as %s and is partial', async (toleratedFailures, status) => {
    const { end, output } = await ran({ toleratedFailures }, { ...COPY, 'reconcile.r1': writes('failed\taccess-denied\t1\t5\n') });
    expect({ end: end.status, output: output?.status }).toEqual({ end: status, output: 'partial' });
  });

  it('of an empty bucket is verified all the same, without a ledger, and nothing is swept', async () => {
    const { ran: steps, output } = await ran({ verify: true }, { ...COPY, 'list-source': writes(''), ...counted() });
    expect(steps).toEqual(['list-source.t1', 'list-verification.t1', 'verify-counts.t1']);
    expect(output).toMatchObject({ status: 'succeeded', verified: true, books: { balanced: true, listed: { objects: 0 } } });
  });
});

describe('a dry run', () => {
  it('counts what was listed, and copies nothing', async () => {
    const {
      ran: steps,
      told,
      summary,
      output,
    } = await ran({ dryRun: true, verify: true }, { ...COPY, 'reconcile.r1': writes('failed\tnot-recorded\t4\t40\nduplicate\t\\N\t1\t10\n') });
    expect(steps).toEqual(['list-source.t1', 'reconcile.r1.t1']);
    expect(told.at(-3)).toMatchObject({ type: 'run.would-copy', objects: 4, bytes: 40 });
    expect(summary).toMatchObject({ wouldCopy: { objects: 4, bytes: 40 }, rounds: 0, books: null });
    expect(output).toMatchObject({ status: 'succeeded', places: { ledgers: [] } });
  });

  it('with a diff needs no step to count', async () => {
    const script = { ...COPY, 'list-destination': writes(''), diff: diffs(row, '1\t10\t1\t5\t0\t0\t0\t0\t0') };
    const { ran: steps, told } = await ran({ dryRun: true, diff: { engine: 'hive' } }, script);
    expect(steps.toSorted()).toEqual(['diff.t1', 'list-destination.t1', 'list-source.t1']);
    expect(told).toContainEqual(expect.objectContaining({ type: 'run.would-copy', objects: 2, bytes: 15 }));
  });

  it('of an empty bucket would copy nothing', async () => {
    const { told } = await ran({ dryRun: true }, { 'list-source': writes('') });
    expect(told).toContainEqual(expect.objectContaining({ type: 'run.would-copy', objects: 0, bytes: 0 }));
  });
});

describe('a run that only verifies', () => {
  it('lists both sides, joins them, writes each difference, and fails', async () => {
    const { end, ran: steps, output } = await ran({ goal: 'verify' }, { 'list-source': writes(row), ...counted('missing\t1\t10') });
    expect(steps).toEqual(['list-source.t1', 'list-verification.t1', 'verify-counts.t1', 'verify.t1']);
    expect(end).toMatchObject({ status: 'FAILED', error: 'Carillon.RunFailed' });
    expect(output).toMatchObject({ status: 'failed', cause: 'the verification found 1 difference: 1 missing', books: null });
  });

  it('takes the listing, the ledger and the ranges of an earlier run', async () => {
    const { runId, home } = await ran({}, COPY);
    const verified = await ran({ goal: 'verify', verifiedRun: runId }, counted('equal-etag\t1\t10'), home);
    expect(verified.ran).toEqual(['list-verification.t1', 'verify-counts.t1']);
    expect(verified.output).toMatchObject({ status: 'succeeded', verified: true });
    expect(await readFile(join(verified.directory, 'partitions', 'part.tsv'), 'utf8')).toBe(',\n');
    const plan = await readFile(join(verified.directory, 'plan-1.json'), 'utf8');
    expect(plan).toContain(`${runId}/source/try-1`);
    expect(plan).toContain(`${runId}/rounds/1/ledger/try-1`);
  });

  it('is refused where the earlier run was of other buckets', async () => {
    const { runId, home } = await ran({}, COPY);
    const { end } = await ran({ goal: 'verify', verifiedRun: runId, source: { bucket: 'c' } }, {}, home);
    expect(end).toMatchObject({ status: 'FAILED', error: 'Carillon.Refused', cause: expect.stringContaining('the source of run') });
  });
});

describe('a run that was cut off in its second round', () => {
  const first = { ...COPY, 'reconcile.r1': writes('copied\t\\N\t7\t70\nfailed\tthrottled\t3\t30\n'), 'reconcile-unsettled.r1': writes(row) };
  const second = { 'plan-parts.r2': writes('t\n'), 'complete-uploads.r2': writes('l\n'), 'reconcile.r2': writes('copied\t\\N\t3\t30\n') };

  it('passes by what is done, gives the next try to what was begun, and draws up the books of all of it', async () => {
    const stop = new AbortController();
    const home = newHome();
    const script = { ...first, ...second, 'copy-objects.r2': { hangs: true } } as const;
    const running = ran({}, script, home, stop.signal);
    while (!(await readdir(join(home, 'runs'), { recursive: true }).catch(() => [])).some((name) => name.endsWith('_steps/copy-objects.r2.t1.json')))
      await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    const { runId, end, ran: steps } = await running;
    expect(end.status).toBe('ABORTED');
    expect(steps).not.toContain('sweep-uploads.t1');

    const again = { ...second, 'copy-objects.r2': [{ hangs: true }, writes('r\n')], 'sweep-uploads': writes('') } as const;
    const resumed = await ran({ resume: runId }, again, home);
    expect(resumed.end.status).toBe('SUCCEEDED');
    expect(resumed.ran).toEqual(['copy-objects.r2.t2', 'complete-uploads.r2.t1', 'reconcile.r2.t1', 'sweep-uploads.t1']);
    expect(resumed.told[0]).toMatchObject({ type: 'run.resumed', runId, round: 2 });
    const output = JSON.parse(await readFile(join(home, 'runs', runId, 'output.json'), 'utf8'));
    expect(output).toMatchObject({
      status: 'succeeded',
      books: { balanced: true, listed: { objects: 10 }, outcomes: { copied: { objects: 10, bytes: 100 } } },
    });
    expect(output.places.ledgers).toEqual(['rounds/1/ledger/try-1', 'rounds/2/ledger/try-1']);
  });
});
