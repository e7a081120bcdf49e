import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { diffCounts } from '../../emr-steps/records/diff-counts.ts';
import { outcomeCount } from '../../emr-steps/records/outcome-count.ts';
import type { Binding, Bindings } from '../../infra/local/engine/bindings.ts';
import { placedStates, readDefinition } from '../../infra/local/engine/definition.ts';
import { runRequest } from '../../infra/local/engine/run-request.ts';
import { TaskError, TerminalError } from '../../infra/local/engine/task-error.ts';
import type { RunEvent } from '../../workflows/events/run-event.ts';
import { localCluster } from '../helpers/run-facts.ts';
import { diffs, type Script, scriptedCluster, writes } from '../helpers/scripted-cluster.ts';

const ROOT = process.cwd();
const NONE = { objects: 0, bytes: 0 };
const COUNTS = diffCounts.encode({ missing: { objects: 1, bytes: 5 }, different: NONE, unchanged: NONE, extra: NONE, invalid: 0 });
const settled = (outcome: 'copied' | 'failed') =>
  writes(`${outcomeCount.encode({ outcome, reason: outcome === 'failed' ? 'throttled' : null, objects: 1, bytes: 5 })}\n`);

/** Two rounds, after a diff: what failed in the first heals in the second. */
const SCRIPT: Script = {
  'list-source': writes('row\n'),
  'list-destination': writes(''),
  diff: diffs('row\n', COUNTS),
  ...Object.fromEntries(
    [1, 2].flatMap((round) => ['plan-parts', 'copy-objects', 'complete-uploads', 'reconcile-unsettled'].map((step) => [`${step}.r${round}`, writes('row\n')])),
  ),
  'reconcile.r1': settled('failed'),
  'reconcile.r2': settled('copied'),
  'list-verification': writes(''),
  'verify-counts': writes(''),
  verify: writes(''),
  'sweep-uploads': writes(''),
};

const folder = await mkdtemp(join(tmpdir(), 'carillon-failures-'));
afterAll(async () => rm(folder, { recursive: true, force: true }));

/** What a Task does in place of its call, by how often it was called; null: its call. */
type Injection = (state: string, call: number) => Error | null;

let runs = 0;

async function ran(inject: Injection = () => null) {
  runs += 1;
  const [events, calls]: [RunEvent[], Map<string, number>] = [[], new Map()];
  const injected =
    (binding: Binding): Binding =>
    async (input, task) => {
      const call = (calls.get(task.state) ?? 0) + 1;
      calls.set(task.state, call);
      const error = inject(task.state, call);
      if (error !== null) throw error;
      return await binding(input, task);
    };
  const bind = (all: Bindings): Bindings => ({
    ...all,
    calls: Object.fromEntries(Object.entries(all.calls).map(([name, binding]) => [name, injected(binding)])),
  });
  const home = join(folder, String(runs));
  const { end, output, runId } = await runRequest({
    request: { source: { bucket: 'a' }, destination: { bucket: 'b' }, diff: { engine: 'hive' } },
    partFile: null,
    root: ROOT,
    runs: join(home, 'runs'),
    locks: join(home, 'locks'),
    cluster: localCluster,
    buckets: { regionOf: async (_, side) => ({ ...side, region: 'eu-central-1' }), defaultEncryption: async () => null },
    clusterIn: () => scriptedCluster(SCRIPT),
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
    waitFactor: 0,
    bind,
  });
  const locks = await readdir(join(home, 'locks')).catch(() => []);
  const entered = events.flatMap((event) => (event.type === 'state.entered' ? [event.state] : []));
  return { end, output, runId, entered, locks, told: events.filter(({ type }) => type === 'run.notified').length, run: join(home, 'runs', runId) };
}

const definition = await readDefinition(ROOT, 'copy-run');
const base = placedStates(definition);
/** Every Task that a run of two rounds after a diff enters. */
const reached = [...new Set((await ran()).entered)].filter((state) => base.find(({ name }) => name === state)?.state.Type === 'Task');

/** Tasks after the books: when one fails, the run did not. */
const AFTER_THE_BOOKS = new Set(['Notify', 'Terminate cluster', 'Release lock']);

describe('a failure of each task in turn', () => {
  it('reaches what it is about', () => {
    expect(reached).toEqual(
      expect.arrayContaining(['Create cluster', 'Compare by Hive', 'Collect unsettled', 'Plan next round', 'Summarize run', ...AFTER_THE_BOOKS]),
    );
  });

  it.each(reached)('of %s that lasts ends the run as documented', async (state) => {
    const { end, output, locks, told, run } = await ran((name) => (name === state ? new TaskError('Injected', 'on purpose') : null));
    if (state === 'Sweep uploads') {
      expect({ status: end.status, locks, told }).toEqual({ status: 'SUCCEEDED', locks: [], told: 1 });
      return;
    }
    if (AFTER_THE_BOOKS.has(state)) {
      expect({ status: end.status, books: output?.status }).toEqual({ status: 'SUCCEEDED', books: 'succeeded' });
      expect(told).toBe(state === 'Notify' ? 0 : 1);
      expect(locks).toHaveLength(state === 'Release lock' ? 1 : 0);
      return;
    }
    expect(end).toMatchObject({ status: 'FAILED', error: 'Carillon.RunFailed' });
    expect({ locks, told }).toEqual({ locks: [], told: 1 });
    if (state === 'Prepare run') return;
    expect(output).toMatchObject({ status: 'failed', books: null });
    expect(JSON.parse(await readFile(join(run, 'summary.json'), 'utf8'))).toMatchObject({ status: 'failed' });
  });

  it.each(reached)('of %s that nothing catches leaves no lock, and books as far as they go', async (state) => {
    const { end, locks, output } = await ran((name) => (name === state ? new TerminalError('States.DataLimitExceeded', 'too large') : null));
    expect(end).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
    expect(locks).toEqual([]);
    if (state !== 'Prepare run') expect(output).not.toBeNull();
  });

  const throttled = (state: string) =>
    (base.find(({ name }) => name === state)?.state.Retry as readonly { ErrorEquals: readonly string[] }[])[0]?.ErrorEquals[0] ?? '';

  it.each(reached)('of %s by throttling that heals changes nothing', async (state) => {
    const { end, output, told } = await ran((name, call) => (name === state && call < 3 ? new TaskError(throttled(state), 'Rate exceeded') : null));
    expect({ status: end.status, told }).toEqual({ status: 'SUCCEEDED', told: 1 });
    expect(output?.books).toMatchObject({ balanced: true, outcomes: { copied: { objects: 1 }, failed: { objects: 0 } } });
  });

  it('of a step that heals in its second try is no failure, and the second try has a fresh folder', async () => {
    const { end, entered, output } = await ran((name, call) => (name === 'Copy objects' && call === 1 ? new TaskError('States.TaskFailed', '{}') : null));
    expect(end.status).toBe('SUCCEEDED');
    expect(entered).toContain('Copy objects: decide on another try');
    expect(output?.books?.balanced).toBe(true);
  });
});
