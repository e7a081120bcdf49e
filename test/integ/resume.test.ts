/** Runs that are killed, and go on: the same destination and ledger, nothing copied twice, and nobody else's uploads touched. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileRunDirectory } from '../../emr-steps/run-directory/file-run-directory.ts';
import { rowsFiles } from '../../emr-steps/run-directory/step-output.ts';
import { createMultipartUpload } from '../../emr-steps/s3/create-multipart-upload.ts';
import { listMultipartUploads, type OpenUpload } from '../../emr-steps/s3/list-multipart-uploads.ts';
import type { S3Client } from '../../emr-steps/s3/s3-client.ts';
import { undiciTransport } from '../../emr-steps/s3/transport.ts';
import type { AccessLogEntry } from '../../infra/local/s3-store/server/access-log.ts';
import { type Store, startStore } from '../../infra/local/s3-store/store.ts';
import type { RunOutput } from '../../workflows/events/run-output.ts';
import { fillMany, manyKey } from '../helpers/many-objects.ts';
import { goOn, killTree, type Running, startCarillon, stopTree } from '../helpers/process-tree.ts';
import { storeClient } from '../helpers/store-client.ts';

const ACCOUNT = { id: '111122223333', keys: [{ accessKeyId: 'ann', secretAccessKey: 'ann-secret' }] } as const;
const OBJECTS = 240;
const MULTIPART_EVERY = 12;
/** Requests under way at once when a run is killed. */
const CONCURRENCY = 8;
const MAPPERS = 2;
const IN_FLIGHT = CONCURRENCY * MAPPERS;

/** Moments at which a run is killed; the acceptance asks for 20. */
const MOMENTS = Number(process.env.CARILLON_RESUME_MOMENTS ?? 20);
const SEED = Number(process.env.CARILLON_RESUME_SEED ?? Date.now() % 1_000_000);

/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const transport = undiciTransport({ connections: 8 });
let folder = '';
let store: Store;
let client: S3Client;
let environment: Readonly<Record<string, string>>;
const log: AccessLogEntry[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-resume-'));
  store = await startStore({
    accounts: [ACCOUNT],
    buckets: ['from', 'from-too', 'to'].map((name) => ({ name, ownerId: ACCOUNT.id })),
    signatures: 'fast',
    latencyMilliseconds: 20,
    onAccess: (entry) => log.push(entry),
  });
  for (const bucket of ['from', 'from-too']) fillMany(store, bucket, { objects: OBJECTS, multipartEvery: MULTIPART_EVERY });
  environment = {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: folder,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_S3: store.url,
    AWS_ACCESS_KEY_ID: ACCOUNT.keys[0].accessKeyId,
    AWS_SECRET_ACCESS_KEY: ACCOUNT.keys[0].secretAccessKey,
  };
  client = storeClient({ url: store.url, bucket: 'to', key: ACCOUNT.keys[0], transport });
});

afterAll(async () => {
  await transport.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const copyWords = (prefix: string, runs: string, source: string): readonly string[] => [
  ...['copy', `s3://${source}`, `s3://to/${prefix}`, '--run-dir', runs, '--mappers', String(MAPPERS), '--concurrency', String(CONCURRENCY)],
];
const copy = (prefix: string, runs: string, source = 'from'): Running => startCarillon(copyWords(prefix, runs, source), environment);
const resume = (runId: string, runs: string): Running => startCarillon(['copy', '--resume', runId, '--run-dir', runs], environment);

/** Waits for something to be there. */
async function until<T>(look: () => Promise<T | null> | T | null, running: Running): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (running.child.exitCode !== null) throw new Error(`the run ended before: ${(await running.ended).stderr}`);
    await sleep(5);
  }
}

/** The run's id, once it can be resumed. */
const begun = (runs: string, running: Running, known: readonly string[] = []): Promise<string> =>
  until(async () => {
    for (const name of await readdir(runs).catch(() => [])) {
      if (!known.includes(name) && (await fileRunDirectory(join(runs, name)).read('plan-1.json')) !== null) return name;
    }
    return null;
  }, running);

/** Whether a copy of below this prefix has been seen by the store. */
const copying = (prefix: string, running: Running): Promise<true> =>
  until(() => (log.some(({ operation, key }) => operation === 'CopyObject' && key?.startsWith(prefix)) ? true : null), running);

const output = async (runs: string, runId: string): Promise<RunOutput> => JSON.parse(await readFile(join(runs, runId, 'output.json'), 'utf8')) as RunOutput;

/** Key below the prefix, ETag and size of what the bucket holds. */
function held(bucket: string, prefix: string): readonly string[] {
  const objects = store.context.buckets.get(bucket)?.objects;
  if (objects === undefined) throw new Error(`there is no bucket ${bucket}`);
  const keys = Array.from({ length: OBJECTS }, (_, at) => manyKey(at)).toSorted();
  return keys.map((key) => {
    const found = objects.find(prefix + key, null);
    return found?.kind === 'object' ? `${key} ${found.etag} ${found.size}` : `${key} missing`;
  });
}

/** The ledger of every round, without times, attempts and how the bytes went: key, size, both ETags, parts, outcome, reason, proof. */
async function ledger(runs: string, runId: string): Promise<readonly string[]> {
  const directory = fileRunDirectory(join(runs, runId));
  const files = await Promise.all((await output(runs, runId)).places.ledgers.map((place) => rowsFiles(directory, place)));
  const texts = await Promise.all(files.flat().map(async ({ path }) => Buffer.from((await directory.read(path)) ?? []).toString('utf8')));
  const rows = texts.flatMap((text) => text.split('\n')).filter((row) => row !== '');
  return rows
    .map((row) => row.split('\t'))
    .map((columns) => [columns[0], ...columns.slice(2, 9)].join('\t'))
    .toSorted();
}

async function open(prefix: string): Promise<readonly OpenUpload[]> {
  return await Array.fromAsync(listMultipartUploads(client, { prefix }));
}

/** How many copies below a prefix went well beyond one of each object and part. */
function again(prefix: string): number {
  const done = log.filter(({ bucket, key, status }) => bucket === 'to' && key?.startsWith(prefix) && status === 200);
  const extra = (operation: string, each: number): number => {
    const counts = [
      ...Map.groupBy(
        done.filter((entry) => entry.operation === operation),
        ({ key }) => key,
      ).values(),
    ];
    return counts.reduce((sum, entries) => sum + Math.max(0, entries.length - each), 0);
  };
  return extra('CopyObject', 1) + extra('UploadPartCopy', 2) + extra('CompleteMultipartUpload', 1);
}

describe(`a run that is killed with everything it started (seed ${SEED})`, () => {
  let whole: { readonly milliseconds: number; readonly ledger: readonly string[] };
  beforeAll(async () => {
    const runs = join(folder, 'whole');
    const running = copy('whole/', runs);
    const runId = await begun(runs, running);
    const at = performance.now();
    expect((await running.ended).code).toBe(0);
    whole = { milliseconds: performance.now() - at, ledger: await ledger(runs, runId) };
    expect(held('to', 'whole/')).toEqual(held('from', ''));
  });

  const next = random(SEED);
  // Every second run is killed once more while it goes on.
  const moments = Array.from({ length: MOMENTS }, (_, at) => ({ at, share: next(), again: at % 2 === 1 ? next() : null }));
  it.concurrent.for(moments)('goes on after moment $at, at $share of its time, and once more at $again', async ({ at, share, again: second }) => {
    const [prefix, runs] = [`killed-${at}/`, join(folder, `killed-${at}`)];
    const running = copy(prefix, runs);
    const runId = await begun(runs, running);
    await sleep(share * whole.milliseconds);
    await killTree(running);
    const ended = await readFile(join(runs, runId, 'output.json')).catch(() => null);
    if (ended === null && second !== null) {
      const resumed = resume(runId, runs);
      await sleep(second * whole.milliseconds);
      await killTree(resumed);
    }
    if ((await readFile(join(runs, runId, 'output.json')).catch(() => null)) === null) {
      const { code, stderr } = await resume(runId, runs).ended;
      expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.not.stringContaining('carillon:') });
    }
    expect(held('to', prefix)).toEqual(held('from', ''));
    expect(await ledger(runs, runId)).toEqual(whole.ledger);
    expect(await output(runs, runId)).toMatchObject({ status: 'succeeded', books: { balanced: true, outcomes: { copied: { objects: OBJECTS } } } });
    expect(again(prefix)).toBeLessThanOrEqual(second === null ? IN_FLIGHT : 2 * IN_FLIGHT);
    expect(await open(prefix)).toEqual([]);
  });
});

describe('carillon copy --resume', () => {
  it('refuses a run that is under way, one that has ended, one of another version, and one that is not there', async () => {
    const runs = join(folder, 'refused');
    const running = copy('refused/', runs);
    const runId = await begun(runs, running);
    await copying('refused/', running);
    expect(await resume(runId, runs).ended).toMatchObject({ code: 2, stderr: expect.stringContaining('is under way in process') });
    expect((await running.ended).code).toBe(0);
    expect(await resume(runId, runs).ended).toMatchObject({ code: 2, stderr: expect.stringContaining('has ended as succeeded') });
    expect(await resume('20260101-000000-0000000000', runs).ended).toMatchObject({ code: 2, stderr: expect.stringContaining('holds no run') });
    await rm(join(runs, runId, 'output.json'));
    const newest = Math.max(...(await readdir(join(runs, runId))).flatMap((name) => /^plan-(\d+)\.json$/.exec(name)?.slice(1).map(Number) ?? []));
    const plan = join(runs, runId, `plan-${newest}.json`);
    await writeFile(plan, (await readFile(plan, 'utf8')).replace('"formatVersion": 1', '"formatVersion": 9'));
    expect(await resume(runId, runs).ended).toMatchObject({ code: 2, stderr: expect.stringContaining('format version 9') });
  });

  it('is what an interrupted run says, with the words to type', async () => {
    const runs = join(folder, 'interrupted');
    const running = copy('interrupted/', runs);
    const runId = await begun(runs, running);
    await copying('interrupted/', running);
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 130, stderr: expect.stringContaining(`carillon copy --resume ${runId} --run-dir ${runs}`) });
    expect((await resume(runId, runs).ended).code).toBe(0);
    expect(held('to', 'interrupted/')).toEqual(held('from', ''));
    expect(await output(runs, runId)).toMatchObject({ status: 'succeeded', books: { balanced: true } });
  });
});

describe('uploads of others', () => {
  const begin = (key: string): Promise<{ readonly uploadId: string }> => createMultipartUpload(client, { key, storageClass: null, kept: {}, tags: [] });
  const ids = async (prefix: string): Promise<readonly string[]> => (await open(prefix)).map(({ uploadId }) => uploadId).toSorted();

  it('stay where strangers began them: before the run, for another key, in another folder', async () => {
    const older = await begin(`strangers/${manyKey(0)}`);
    await sleep(1_100);
    const runs = join(folder, 'strangers');
    const running = copy('strangers/', runs);
    await begun(runs, running);
    const others = [await begin('strangers/not in the plan'), await begin('elsewhere/x')];
    expect((await running.ended).code).toBe(0);
    expect(await ids('strangers/')).toEqual([older.uploadId, (others[0] as { uploadId: string }).uploadId].toSorted());
    expect(await ids('elsewhere/')).toHaveLength(1);
  });

  it('stay where another run of ours writes beside this one, to other keys and to the very same', async () => {
    const runs = join(folder, 'beside');
    const slow = copy('beside-1/', runs);
    await begun(runs, slow);
    await copying('beside-1/', slow);
    const stopped = stopTree(slow);
    const theirs = await ids('beside-1/');
    expect(theirs.length).toBeGreaterThan(0);
    expect(await copy('beside-1/', runs).ended).toMatchObject({ code: 2, stderr: expect.stringContaining('another run of this pair of buckets is under way') });
    for (const running of [copy('beside-1/', runs, 'from-too'), copy('beside-2/', runs)]) expect(await running.ended).toMatchObject({ code: 0 });
    expect(await ids('beside-1/')).toEqual(theirs);
    goOn(stopped);
    expect(await slow.ended).toMatchObject({ code: 0 });
    // What a run begins to prove its right to is aborted by itself at once.
    const aborted = log.filter(({ operation, key, status }) => operation === 'AbortMultipartUpload' && key?.startsWith('beside-') && status === 204);
    expect(aborted.filter(({ key }) => !key?.includes('/.carillon-probe/'))).toEqual([]);
    for (const prefix of ['beside-1/', 'beside-2/']) {
      expect(held('to', prefix)).toEqual(held('from', ''));
      expect(await ids(prefix)).toEqual([]);
    }
  });

  it('stay where a run of ours was killed and is yet to go on, though another copies to the same keys meanwhile', async () => {
    const runs = join(folder, 'waiting');
    const killed = copy('waiting/', runs);
    const runId = await begun(runs, killed);
    await copying('waiting/', killed);
    await killTree(killed);
    const waiting = await ids('waiting/');
    expect(waiting.length).toBeGreaterThan(0);
    expect((await copy('waiting/', runs).ended).code).toBe(0);
    expect(await ids('waiting/')).toEqual(waiting);
    expect((await resume(runId, runs).ended).code).toBe(0);
    expect(await ids('waiting/')).toEqual([]);
    expect(held('to', 'waiting/')).toEqual(held('from', ''));
  });
});
