/** A store for measurements, as a process of its own: started by `served-store.ts`, which reads its URL from the first line of output. */
import { createInterface } from 'node:readline';
import { serveStore } from '../infra/local/s3-store/processes/serve-store.ts';
import { type StoreOptions, startStore } from '../infra/local/s3-store/store.ts';
import { virtualBucket } from '../infra/local/s3-store/virtual/virtual-bucket.ts';
import { storeClient } from './store-client.ts';
import { etagsIn } from './stored-etags.ts';
import { fillStored, type StoredSet } from './stored-set.ts';

/** What the store is told, as JSON in its first argument. */
export interface StoreOrder {
  readonly virtual: readonly string[];
  /** Buckets `source` and `destination` that really hold objects, in place of virtual ones; null: none. */
  readonly stored: StoredSet | null;
  readonly latencyMilliseconds: number;
  readonly processes: number;
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

const order = JSON.parse(process.argv[2] ?? '{}') as StoreOrder;
const { accountId, accessKeyId, secretAccessKey, region, latencyMilliseconds } = order;
const accounts = [{ id: accountId, keys: [{ accessKeyId, secretAccessKey }] }];
const common: StoreOptions = { accounts, region, latencyMilliseconds, signatures: 'fast', accessLogEntries: 0 };

/** Keys may hold whatever ends a line. */
function lineOf(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64');
}

async function serveVirtual(): Promise<void> {
  const buckets = order.virtual.map((text) => ({ ...virtualBucket(text), ownerId: accountId }));
  const store = await serveStore({ ...common, buckets }, order.processes);
  if (!store.isHelper) console.log(store.url);
}

/** Filled before it says where it is; then each line on standard input is a bucket whose ETags are asked for. */
async function serveStored(set: StoredSet): Promise<void> {
  const store = await startStore({ ...common, buckets: ['source', 'destination'].map((name) => ({ name, ownerId: accountId })) });
  const client = storeClient({ endpoint: store.url, region, credentials: { accessKeyId, secretAccessKey } }, 'source');
  await fillStored(client, set);
  await client.close();
  store.accessLog.reset();
  console.log(store.url);
  for await (const bucket of createInterface({ input: process.stdin })) console.log(lineOf([...etagsIn(store, bucket)]));
}

if ((order.stored ?? null) === null) await serveVirtual();
else await serveStored(order.stored as StoredSet);
