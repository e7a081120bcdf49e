/** A store for measurements, as a process of its own: started by `served-store.ts`, which reads its URL from the first line of output. */
import { serveStore } from '../infra/local/s3-store/processes/serve-store.ts';
import { virtualBucket } from '../infra/local/s3-store/virtual/virtual-bucket.ts';

/** What the store is told, as JSON in its first argument. */
export interface StoreOrder {
  readonly virtual: readonly string[];
  readonly latencyMilliseconds: number;
  readonly processes: number;
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

const order = JSON.parse(process.argv[2] ?? '{}') as StoreOrder;
const { accountId, accessKeyId, secretAccessKey, region, latencyMilliseconds } = order;
const buckets = order.virtual.map((text) => ({ ...virtualBucket(text), ownerId: accountId }));
const accounts = [{ id: accountId, keys: [{ accessKeyId, secretAccessKey }] }];
const store = await serveStore({ accounts, region, buckets, latencyMilliseconds, signatures: 'fast', accessLogEntries: 0 }, order.processes);
if (!store.isHelper) console.log(store.url);
