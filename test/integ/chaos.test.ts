/**
 * A whole run against a store that fails in every way it can, on a cluster that kills mappers and loses nodes: nothing is missing, no ETag
 * is wrong, no upload is left open, the books balance.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultRule } from '../../infra/local/s3-store/faults/fault-rule.ts';
import { type Store, startStore } from '../../infra/local/s3-store/store.ts';
import { fillMany, manyKey } from '../helpers/many-objects.ts';

const OWNER = { id: '111122223333', keys: [{ accessKeyId: 'owner', secretAccessKey: 'owner-secret' }] };
const CARILLON = resolve(import.meta.dirname, '../../cli/bin/carillon');

/** The rates of issue and acceptance: of all requests, of every kind that can meet the fault. */
const RULES: readonly FaultRule[] = [
  { fault: 'slow-down', rate: 0.05 },
  { fault: 'internal-error', rate: 0.02 },
  { fault: 'reset-before', rate: 0.005 },
  { fault: 'reset-after', rate: 0.005 },
  { fault: 'error-in-200', rate: 0.01 },
  { fault: 'truncate', rate: 0.005 },
];

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-chaos-'));
  store = await startStore({
    accounts: [OWNER],
    buckets: [
      { name: 'source', ownerId: OWNER.id },
      { name: 'destination', ownerId: OWNER.id },
    ],
    accessLogEntries: 0,
    signatures: 'fast',
  });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly events: readonly Record<string, unknown>[];
  readonly stderr: string;
}

function carillon(words: readonly string[], faults: object): Promise<Ended> {
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_S3: store.url,
    AWS_ACCESS_KEY_ID: 'owner',
    AWS_SECRET_ACCESS_KEY: 'owner-secret',
    CARILLON_CLUSTER_FAULTS: JSON.stringify(faults),
  };
  return new Promise((ended, failed) => {
    const child = spawn(CARILLON, [...words, '--json', '--run-dir', join(folder, 'runs')], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', failed);
    child.on('close', (code) =>
      ended({
        code: code ?? -1,
        stderr,
        events: stdout
          .trim()
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as Record<string, unknown>),
      }),
    );
  });
}

/** Key → ETag and size of everything a bucket holds, straight from the store. */
function held(bucket: string): Map<string, string> {
  const rows = new Map<string, string>();
  for (const { key, etag, size } of store.context.buckets.get(bucket)?.objects.scan('') ?? []) rows.set(key, `${etag} ${size}`);
  return rows;
}

function openUploads(bucket: string): number {
  const objects = store.context.buckets.get(bucket)?.objects;
  return objects !== undefined && 'uploads' in objects ? [...(objects as { uploads: { scan(from: string): Iterable<unknown> } }).uploads.scan('')].length : -1;
}

async function ledgerRows(runs: string): Promise<number> {
  const [run = ''] = await readdir(runs);
  const rounds = join(runs, run, 'rounds');
  let copied = 0;
  for (const round of await readdir(rounds)) {
    for (const attempt of await readdir(join(rounds, round, 'ledger'))) {
      const directory = join(rounds, round, 'ledger', attempt);
      for (const part of (await readdir(directory)).filter((name) => name.startsWith('part-')))
        copied += (await readFile(join(directory, part), 'utf8')).split('\n').filter((line) => line.split('\t')[6] === 'copied').length;
    }
  }
  return copied;
}

describe('a run under faults', () => {
  it('ends with nothing missing, no wrong ETag, no open upload and balanced books', { timeout: 300_000 }, async () => {
    const objects = 20_000;
    fillMany(store, 'source', { objects, multipartEvery: 20 });
    store.faults.replace({ rules: RULES, prefixLimits: null });
    const faults = { killEveryMilliseconds: 3_000, orphanEveryMilliseconds: 4_000 };
    const { code, events, stderr } = await carillon(
      ['copy', 's3://source', 's3://destination', '--rounds', '5', '--mappers', '24', '--concurrency', '32'],
      faults,
    );
    const struck = { ...store.faults.struck };
    store.faults.replace({ rules: [], prefixLimits: null });

    const end = events.find((event) => event.type === 'run.finished');
    expect(code, `${stderr}\n${JSON.stringify(end)}\n${JSON.stringify(struck)}`).toBe(0);
    expect(end).toMatchObject({
      status: 'succeeded',
      books: { balanced: true, listed: { objects }, outcomes: { copied: { objects }, failed: { objects: 0 } } },
    });
    expect(held('destination').get(manyKey(0))).toMatch(/-2 5242\d+$/);
    expect(held('destination')).toEqual(held('source'));
    expect(openUploads('destination')).toBe(0);
    expect(await ledgerRows(join(folder, 'runs'))).toBe(objects);

    for (const { fault } of RULES) expect(struck[fault], fault).toBeGreaterThan(0);
    const causes = events.filter((event) => event.type === 'step.attempt-failed').map((event) => String(event.cause));
    expect(
      causes.some((cause) => cause.includes('code 137')),
      `killed: ${causes.join('; ')}`,
    ).toBe(true);
    expect(
      causes.some((cause) => cause.includes('node was lost')),
      `orphaned: ${causes.join('; ')}`,
    ).toBe(true);
  });
});
