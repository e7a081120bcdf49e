/** A run under faults: a store that fails in every way it can, a cluster that kills mappers and loses nodes, and what is left of it. */
import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isWritable } from '../../infra/local/s3-store/bucket.ts';
import type { FaultRule } from '../../infra/local/s3-store/faults/fault-rule.ts';
import { type InitialBucket, type Store, startStore } from '../../infra/local/s3-store/store.ts';

const OWNER = { id: '111122223333', keys: [{ accessKeyId: 'owner', secretAccessKey: 'owner-secret' }] };
const CARILLON = resolve(import.meta.dirname, '../../cli/bin/carillon');

/** 5 % 503, 2 % 500, 1 % resets, 1 % errors in a 200, 0.5 % cut bodies: of the requests that can meet the fault. */
export const CHAOS: readonly FaultRule[] = [
  { fault: 'slow-down', rate: 0.05 },
  { fault: 'internal-error', rate: 0.02 },
  { fault: 'reset-before', rate: 0.005 },
  { fault: 'reset-after', rate: 0.005 },
  { fault: 'error-in-200', rate: 0.01 },
  { fault: 'truncate', rate: 0.005 },
];

/** A store with one account, an empty `destination`, and a `source`: empty, or the given one. */
export function chaosStore(source: Partial<InitialBucket> = {}): Promise<Store> {
  return startStore({
    accounts: [OWNER],
    buckets: [
      { ...source, name: 'source', ownerId: OWNER.id },
      { name: 'destination', ownerId: OWNER.id },
    ],
    accessLogEntries: 0,
    signatures: 'fast',
  });
}

/** How a command ended, and what it told. */
export interface Ended {
  readonly code: number;
  readonly events: readonly Record<string, unknown>[];
  readonly stderr: string;
}

/** Runs `carillon … --json` against the store, its runs below `folder`, on a cluster with these faults. */
export function carillonUnderFaults(store: Store, folder: string, words: readonly string[], clusterFaults: object): Promise<Ended> {
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_S3: store.url,
    AWS_ACCESS_KEY_ID: 'owner',
    AWS_SECRET_ACCESS_KEY: 'owner-secret',
    CARILLON_CLUSTER_FAULTS: JSON.stringify(clusterFaults),
  };
  return new Promise((ended, failed) => {
    const child = spawn(CARILLON, [...words, '--json', '--run-dir', join(folder, 'runs')], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.on('error', failed);
    child.on('close', (code) => {
      const lines = Buffer.concat(chunks).toString().trim().split('\n').filter(Boolean);
      ended({ code: code ?? -1, stderr, events: lines.map((line) => JSON.parse(line) as Record<string, unknown>) });
    });
  });
}

/** Key → ETag and size of everything a bucket holds, straight from the store. */
export function held(store: Store, bucket: string): Map<string, string> {
  const rows = new Map<string, string>();
  for (const { key, etag, size } of store.context.buckets.get(bucket)?.objects.scan('') ?? []) rows.set(key, `${etag} ${size}`);
  return rows;
}

/** Uploads that were left open. */
export function openUploads(store: Store, bucket: string): number {
  const objects = store.context.buckets.get(bucket)?.objects;
  if (objects === undefined || !isWritable(objects)) throw new Error(`${bucket} takes no uploads`);
  return [...objects.uploads.scan('')].length;
}

/** Rows of the one run's ledgers, of all rounds, that say copied. */
export async function copiedRows(folder: string): Promise<number> {
  const [run = ''] = await readdir(join(folder, 'runs'));
  const rounds = join(folder, 'runs', run, 'rounds');
  let copied = 0;
  for (const file of (await readdir(rounds, { recursive: true })).filter((name) => /ledger\/try-\d+\/part-\d+$/.test(name)))
    copied += (await readFile(join(rounds, file), 'utf8')).split('\n').filter((line) => line.split('\t')[6] === 'copied').length;
  return copied;
}

/** Why attempts failed, counted. */
export function attemptFailures(events: Ended['events']): Readonly<Record<string, number>> {
  const causes: Record<string, number> = {};
  for (const { cause } of events.filter((event) => event.type === 'step.attempt-failed')) causes[String(cause)] = (causes[String(cause)] ?? 0) + 1;
  return causes;
}
