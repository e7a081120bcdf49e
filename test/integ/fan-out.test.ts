import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCluster } from '../../cli/commands/run-cluster.ts';
import { undiciTransport } from '../../emr-steps/s3/undici-transport.ts';
import type { Bindings } from '../../infra/local/engine/bindings.ts';
import { runFanOut } from '../../infra/local/engine/run-fan-out.ts';
import { type LocalOrder, runRequest } from '../../infra/local/engine/run-request.ts';
import { bucketReach } from '../../lambdas/prepare-run/bucket-reach.ts';
import type { RunEvent } from '../../workflows/events/run-event.ts';
import type { RunOutput } from '../../workflows/events/run-output.ts';
import { capturedHost } from '../helpers/captured-host.ts';
import { type FilledStore, filledStore } from '../helpers/filled-store.ts';
import { localCluster } from '../helpers/run-facts.ts';
import { fails, type Script, type ScriptedStep, scriptedCluster, writes } from '../helpers/scripted-cluster.ts';

const ROOT = process.cwd();
const folder = await mkdtemp(join(tmpdir(), 'carillon-fan-out-'));
afterAll(async () => rm(folder, { recursive: true, force: true }));

const COPY: Script = {
  'list-source': writes('k\te\t10\n'),
  'plan-parts.r1': writes('t\n'),
  'copy-objects.r1': writes('r\n'),
  'complete-uploads.r1': writes('l\n'),
  'reconcile.r1': writes('copied\t\\N\t1\t10\n'),
  'sweep-uploads': writes(''),
};
const PAIRS = { one: { source: { bucket: 'a' }, destination: { bucket: 'b' } }, two: { source: { bucket: 'a' }, destination: { bucket: 'c' } } };

let homes = 0;

/** A fan-out whose children's clusters do as the scripts say, one after the other by the order of their start. */
async function rehearsed(request: object, scripts: readonly Script[], change: Partial<LocalOrder> = {}) {
  homes += 1;
  const home = join(folder, `rehearsal-${homes}`);
  const events: RunEvent[] = [];
  const started: string[] = [];
  const ended = await runFanOut({
    request,
    partFile: null,
    problems: [],
    root: ROOT,
    runs: join(home, 'runs'),
    locks: join(home, 'locks'),
    cluster: localCluster,
    buckets: { regionOf: async (_, side) => ({ ...side, region: 'eu-central-1' }), defaultEncryption: async () => null },
    clusterIn: (_, runId) => {
      started.push(runId);
      return scriptedCluster(scripts[started.length - 1] ?? COPY);
    },
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
    waitFactor: 0,
    ...change,
  });
  const entered = events.flatMap((event) => (event.type === 'state.entered' ? [event.state] : []));
  return { ...ended, entered, started, events, locks: await readdir(join(home, 'locks')).catch(() => []) };
}

const broken: Script = { ...COPY, 'list-source': fails('a node was lost') };
const partial: Script = { ...COPY, 'reconcile.r1': writes('failed\taccess-denied\t1\t10\n') };

describe('a fan-out', () => {
  it('runs every pair, adds up their books and gives the locks back', async () => {
    const { end, output, entered, locks, started } = await rehearsed({ pairs: PAIRS }, []);
    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { status: 'succeeded', succeeded: 2, failed: 0 } });
    expect(output).toMatchObject({ books: { balanced: true, listed: { objects: 2 }, outcomes: { copied: { objects: 2, bytes: 20 } } } });
    expect(output?.children.map(({ child, runId }) => ({ child, known: started.includes(runId ?? '') }))).toEqual([
      { child: 'one', known: true },
      { child: 'two', known: true },
    ]);
    expect(entered).toEqual(expect.arrayContaining(['one/Run succeeded', 'two/Run succeeded', 'Fan-out succeeded']));
    expect(locks).toEqual([]);
  });

  it('starts a run again that failed as a whole, under a new name', async () => {
    const { end, output, started, entered } = await rehearsed({ pairs: { one: PAIRS.one } }, [broken]);
    expect(end.status).toBe('SUCCEEDED');
    expect(started).toHaveLength(2);
    expect(entered.filter((state) => state === 'Name child')).toHaveLength(2);
    expect(output?.children).toMatchObject([{ status: 'succeeded', runId: started[1] }]);
  });

  it('counts a run that failed in every try, and lets the others end', async () => {
    const { end, output, locks, started } = await rehearsed({ pairs: PAIRS, concurrency: 1 }, [broken, broken]);
    expect(end).toMatchObject({ status: 'FAILED', error: 'Carillon.RunFailed', cause: expect.stringContaining('1 of 2 runs did not succeed: one failed') });
    expect(output?.children.map(({ status }) => status)).toEqual(['failed', 'succeeded']);
    expect({ locks, tries: started.length, balanced: output?.books?.balanced }).toEqual({ locks: [], tries: 3, balanced: false });
  });

  it('succeeds with as many failed runs as the request tolerates', async () => {
    const { end, output } = await rehearsed({ pairs: PAIRS, concurrency: 1, tries: 1, toleratedFailures: 1 }, [broken]);
    expect({ end: end.status, status: output?.status }).toEqual({ end: 'SUCCEEDED', status: 'failed' });
  });

  it('starts a run whose objects failed only once, and is partial', async () => {
    const { end, output, started } = await rehearsed({ pairs: { one: PAIRS.one } }, [partial]);
    expect(end).toMatchObject({ status: 'FAILED', error: 'Carillon.ObjectsFailed' });
    expect({ tries: started.length, status: output?.status, failed: output?.books?.outcomes.failed.objects }).toEqual({
      tries: 1,
      status: 'partial',
      failed: 1,
    });
  });

  it('starts a run that was refused only once', async () => {
    const buckets = {
      regionOf: async () => Promise.reject(Object.assign(new Error('no such bucket'), { name: 'Carillon.Refused' })),
      defaultEncryption: async () => null,
    };
    const { end, output, entered } = await rehearsed({ pairs: { one: PAIRS.one } }, [], { buckets: buckets as never });
    expect(end.status).toBe('FAILED');
    expect(output?.children).toMatchObject([{ status: 'failed', books: null }]);
    expect(entered.filter((state) => state === 'Run child')).toHaveLength(1);
  });

  it('never runs more at once than it says, and never two under one name', async () => {
    let [now, most] = [0, 0];
    const names: unknown[] = [];
    const bind = (all: Bindings): Bindings => {
      const start = all.calls['states:startExecution.sync:2'];
      const counted: typeof start = async (input, task) => {
        names.push(input.Name);
        now += 1;
        most = Math.max(most, now);
        return await start?.(input, task)?.finally(() => {
          now -= 1;
        });
      };
      return { ...all, calls: { ...all.calls, 'states:startExecution.sync:2': counted as NonNullable<typeof start> } };
    };
    const pairs = Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`p${at}`, { source: { bucket: 'a' }, destination: { bucket: `b${at}` } }]));
    const { end, output } = await rehearsed({ pairs, concurrency: 3 }, [], { bind });
    expect({ end: end.status, most, names: new Set(names).size, copied: output?.books?.outcomes.copied.objects }).toEqual({
      end: 'SUCCEEDED',
      most: 3,
      names: 8,
      copied: 8,
    });
  });

  it('that is refused leaves nothing and holds nothing', async () => {
    const { end, output, locks, started } = await rehearsed({ pairs: { one: { ...PAIRS.one, rounds: 99 } } }, []);
    expect(end).toMatchObject({ status: 'FAILED', error: 'Carillon.Refused', cause: 'pairs.one.rounds (99) is too large; at most 10 is allowed' });
    expect({ output, locks, started }).toEqual({ output: null, locks: [], started: [] });
  });

  it('that is interrupted ends its runs, draws up the books and gives the locks back', async () => {
    const controller = new AbortController();
    const hanging: Script = { ...COPY, 'copy-objects.r1': { hangs: true } satisfies ScriptedStep };
    const emitted: RunEvent[] = [];
    const emit = (event: RunEvent) => {
      emitted.push(event);
      if (event.type === 'state.entered' && event.state === 'one/Copy objects') controller.abort();
    };
    const { end, output, locks } = await rehearsed({ pairs: { one: PAIRS.one } }, [hanging], { emit, signal: controller.signal });
    expect(end.status).toBe('ABORTED');
    expect(output).toMatchObject({ status: 'failed', children: [{ child: 'one', status: 'failed', cause: 'the run was interrupted' }] });
    expect(locks).toEqual([]);
  });
});

describe('a fan-out on local clusters', () => {
  let filled: FilledStore;
  beforeAll(async () => {
    filled = await filledStore(folder);
  });
  afterAll(async () => filled.close());

  const LETTERS = ['a', 'b', 'é', '0'] as const;

  function order(name: string, request: object): LocalOrder & { readonly events: RunEvent[] } {
    const events: RunEvent[] = [];
    const host = capturedHost({ env: filled.env('owner'), root: ROOT });
    return {
      events,
      request,
      partFile: null,
      problems: [],
      root: ROOT,
      runs: join(folder, name),
      locks: join(folder, 'locks'),
      cluster: { ...localCluster, programs: join(ROOT, 'build', 'steps'), nodeArchive: join(ROOT, 'build', 'node'), diffScripts: join(ROOT, 'build', 'diff') },
      buckets: bucketReach({ env: host.env, transport: undiciTransport({ connections: 2 }) }),
      clusterIn: (place, _, emit) => runCluster(place, host, emit),
      emit: (event) => events.push(event),
      signal: host.signal,
    };
  }

  const side = (bucket: string, prefix: string) => ({ bucket, prefix, endpointUrl: filled.store.url });
  const pair = (to: string) => ({ source: side('one', 'fan/'), destination: side('two', to) });

  /** Rows `key etag size` of a prefix, as a listing of ours tells them. */
  async function listing(prefix: string): Promise<readonly string[]> {
    const request = { goal: 'diff', source: side('two', prefix), destination: side('one', 'nothing/'), diff: { engine: 'hive' } };
    const { runId, output } = await runRequest(order(`list-${prefix.slice(0, -1)}`, request));
    const rows = join(folder, `list-${prefix.slice(0, -1)}`, runId, output?.places.sourceListing ?? '');
    const files = (await readdir(rows)).filter((file) => file.startsWith('part-'));
    const lines = (await Promise.all(files.map((file) => readFile(join(rows, file), 'utf8')))).join('').split('\n');
    return lines
      .filter((line) => line !== '')
      .map((line) => line.split('\t').slice(0, 3).join(' '))
      .toSorted();
  }

  it('over four part files gives the same destination and the same books as one run', async () => {
    for (const letter of LETTERS) for (let at = 0; at < 5; at += 1) await filled.put('one', `fan/${letter}/${at}`, `${letter}${at}`.repeat(at));
    await filled.put('one', 'fan/a/cold', 'x', { StorageClass: 'GLACIER' });
    await mkdir(join(folder, 'parts'));
    const partFiles = await Promise.all(
      LETTERS.map(async (letter, at) => {
        const file = join(folder, 'parts', `${at}.tsv`);
        await writeFile(file, `,${letter}\n`);
        return file;
      }),
    );
    const once = await runRequest(order('once', pair('once/')));
    const many = await runFanOut(order('many', { base: pair('many/'), partFiles }));
    expect({ once: once.end.status, many: many.end.status }).toEqual({ once: 'SUCCEEDED', many: 'SUCCEEDED' });
    expect(await listing('many/')).toEqual(await listing('once/'));
    expect(await listing('many/')).toHaveLength(20);
    expect(many.output?.books).toEqual((once.output as RunOutput).books);
    expect(many.output?.books).toMatchObject({ balanced: true, listed: { objects: 21 }, outcomes: { copied: { objects: 20 }, skipped: { objects: 1 } } });
    expect(new Set(many.output?.children.map(({ runDirectory }) => runDirectory)).size).toBe(4);
    expect(await readdir(join(folder, 'locks'))).toEqual([]);
  });

  it('and a run of its pair that are started at once: one runs, the other is told why not', async () => {
    await filled.put('one', 'fan/a/0', 'a');
    const fan = order('fan', { base: pair('both/'), partFiles: [join(folder, 'parts', '0.tsv'), join(folder, 'parts', '1.tsv')] });
    const [many, once] = await Promise.all([runFanOut(fan), runRequest(order('alone', pair('both/')))]);
    const ends = [many.end, once.end];
    expect(ends.map(({ status }) => status).toSorted()).toEqual(['FAILED', 'SUCCEEDED']);
    const refused = ends.find(({ status }) => status === 'FAILED');
    expect(refused).toMatchObject({ error: 'Carillon.Refused', cause: expect.stringContaining('another run of this pair of buckets is under way') });
  });

  it('of a pair that is free again runs', async () => {
    expect((await runRequest(order('again', pair('both/')))).end.status).toBe('SUCCEEDED');
  });
});
