/** The store that clients are measured against: in processes of its own, started fresh for each run, with signatures checked. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { StoreCounts } from '../infra/local/s3-store/processes/store-counts.ts';
import type { SinkCounts } from '../infra/local/s3-store/virtual/virtual-sink.ts';
import type { StoreOrder } from './store-server.ts';

/** Where every bucket is. */
export const REGION = 'us-east-1';

/** Whose every bucket is. */
export const CREDENTIALS = { accessKeyId: 'AKIABENCH00000000000', secretAccessKey: 'bench-secret' } as const;

const ACCOUNT_ID = '111122223333';

/** A store that is being served. */
export interface ServedStore {
  readonly endpoint: string;
  /** Requests by operation since the start. */
  requests(): Promise<Readonly<Record<string, number>>>;
  /** What was written to a sink. */
  sink(bucket: string): Promise<SinkCounts>;
  /** ETags by key of a bucket that really holds objects. */
  etags(bucket: string): Promise<ReadonlyMap<string, string>>;
  close(): Promise<void>;
}

/** The lines of its output, one a call. */
function outputLines(child: ChildProcess): () => Promise<string> {
  if (child.stdout === null) throw new Error('the store has no output');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async () => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`the store ended with exit code ${child.exitCode}`);
    return value;
  };
}

/** Starts a store with these buckets. */
export async function serveStore(order: Pick<StoreOrder, 'virtual' | 'latencyMilliseconds' | 'processes'> & Partial<StoreOrder>): Promise<ServedStore> {
  const whole: StoreOrder = { stored: null, ...CREDENTIALS, accountId: ACCOUNT_ID, region: REGION, ...order };
  const child = spawn(process.execPath, [join(import.meta.dirname, 'store-server.ts'), JSON.stringify(whole)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const nextLine = outputLines(child);
  const endpoint = await nextLine();
  const counts = async () => (await (await fetch(`${endpoint}/_carillon/counts`)).json()) as StoreCounts;
  return {
    endpoint,
    requests: async () => (await counts()).byOperation,
    async sink(bucket) {
      const { sinks } = await counts();
      const found = sinks[bucket];
      if (found === undefined) throw new Error(`the store has no sink ${bucket}`);
      return found;
    },
    async etags(bucket) {
      child.stdin?.write(`${bucket}\n`);
      return new Map(JSON.parse(Buffer.from(await nextLine(), 'base64').toString('utf8')) as [string, string][]);
    },
    async close() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
