/** The demo's stage: an embedded store with two accounts, the source of one and two destinations of the other, filled through HTTP. */
import { createS3Client, type S3Client } from '../../emr-steps/s3/s3-client.ts';
import { undiciTransport } from '../../emr-steps/s3/undici-transport.ts';
import { parsePolicy } from '../../infra/local/s3-store/access/policy.ts';
import { keyBytes } from '../../infra/local/s3-store/key-bytes.ts';
import { type Store, type StoreOptions, startStore } from '../../infra/local/s3-store/store.ts';
import type { DemoObject } from './demo-object.ts';
import { fill } from './fill.ts';
import { type DemoAccount, RECEIVER, REGION, SENDER } from './profiles.ts';

/** Buckets of the demo. */
export const BUCKETS = { source: 'campanile-source', serverSide: 'carillon-server-side', streamed: 'carillon-streamed' } as const;

/** What the sender lets the receiver do: list and read. Nobody may write into another's bucket. */
function readPolicy(bucket: string, reader: DemoAccount): string {
  const principal = { AWS: `arn:aws:iam::${reader.id}:root` };
  const resource = `arn:aws:s3:::${bucket}`;
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: principal, Action: ['s3:ListBucket', 's3:GetBucketLocation'], Resource: resource },
      { Effect: 'Allow', Principal: principal, Action: ['s3:GetObject', 's3:GetObjectTagging', 's3:GetObjectAttributes'], Resource: `${resource}/*` },
    ],
  });
}

/** Starts the store with its accounts, buckets and the source's policy; every bucket is empty. */
export function startDemoStore(options: Pick<StoreOptions, 'port'> = {}): Promise<Store> {
  const { source, serverSide, streamed } = BUCKETS;
  return startStore({
    ...options,
    region: REGION,
    accounts: [SENDER, RECEIVER].map(({ id, name, accessKeyId, secretAccessKey }) => ({ id, name, keys: [{ accessKeyId, secretAccessKey }] })),
    buckets: [
      { name: source, ownerId: SENDER.id, policy: parsePolicy(source, readPolicy(source, RECEIVER)) },
      { name: serverSide, ownerId: RECEIVER.id },
      { name: streamed, ownerId: RECEIVER.id },
    ],
  });
}

/** Gives archived objects the state that S3 gives them after months, or after a restore. */
function settleArchives(store: Store, bucket: string, objects: readonly DemoObject[]): void {
  for (const { key, archive } of objects) {
    if (archive === 'ARCHIVE_ACCESS') store.setArchiveStatus(bucket, key, archive);
    if (archive === 'restored') restore(store, bucket, key);
  }
}

function restore(store: Store, bucket: string, key: string): void {
  const objects = store.context.buckets.get(bucket)?.objects;
  const object = objects?.find(keyBytes(key), null);
  if (objects === undefined || !('replace' in objects) || object?.kind !== 'object') throw new Error(`there is no ${key} in ${bucket}`);
  const week = 7 * 86_400_000;
  (objects as { replace(changed: typeof object): void }).replace({ ...object, restore: { ongoing: false, expiry: Date.now() + week } });
}

/** Stores objects in the source with the sender's keys. */
export async function fillSource(store: Store, objects: readonly DemoObject[]): Promise<void> {
  const transport = undiciTransport();
  const { accessKeyId, secretAccessKey } = SENDER;
  const client: S3Client = createS3Client({
    bucket: BUCKETS.source,
    region: REGION,
    endpointUrl: store.url,
    addressingStyle: 'path',
    credentials: async () => ({ accessKeyId, secretAccessKey }),
    userAgent: 'carillon-demo',
    maxAttempts: 3,
    requestTimeoutMilliseconds: 60_000,
    maxRequestsPerSecond: 0,
    transport,
  });
  try {
    await fill(client, objects);
  } finally {
    await client.close();
    await transport.close();
  }
  settleArchives(store, BUCKETS.source, objects);
}
