/** The demo's store for runs on a cluster: its buckets, a bucket for run directories, and what lies in them at the end. */
import { ListMultipartUploadsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { demoSet } from '../../../cli/demo/demo-set.ts';
import { BUCKETS, fillSource, startDemoStore } from '../../../cli/demo/demo-store.ts';
import { RECEIVER, REGION } from '../../../cli/demo/profiles.ts';
import { type Store, startStore } from '../../../infra/local/s3-store/store.ts';

/** Of the receiver: run directories of the cluster lie there. It is in a store of its own, in the one Region for which Trino 368 signs. */
export const WORK_BUCKET = 'carillon-work';
export const WORK_REGION = 'us-east-1';

/** The store and who speaks to it. */
export interface DemoBuckets {
  readonly store: Store;
  /** Of the store that holds {@link WORK_BUCKET}: what `s3://` means on the cluster. */
  readonly workUrl: string;
  /** The receiver's keys: it reads the source by its policy and owns everything else. */
  readonly env: Readonly<Record<string, string>>;
  /** The vendor's client, with the receiver's keys. */
  readonly s3: S3Client;
  close(): Promise<void>;
}

/** Starts it with the demo's set in the source. */
export async function demoBuckets(): Promise<DemoBuckets> {
  const buckets = await emptyBuckets();
  await fillSource(buckets.store, demoSet());
  return buckets;
}

/** Starts it with nothing in its buckets. */
export async function emptyBuckets(): Promise<DemoBuckets> {
  const { id, accessKeyId, secretAccessKey } = RECEIVER;
  const accounts = [{ id, keys: [{ accessKeyId, secretAccessKey }] }];
  const [store, work] = await Promise.all([startDemoStore(), startStore({ region: WORK_REGION, accounts, buckets: [{ name: WORK_BUCKET, ownerId: id }] })]);
  const s3 = new S3Client({ endpoint: store.url, region: REGION, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });
  const env = {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_ENDPOINT_URL_S3: work.url,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const close = async () => {
    s3.destroy();
    await Promise.all([store.close(), work.close()]);
  };
  return { store, workUrl: work.url, env, s3, close };
}

/** A request between the source and one of the receiver's buckets. */
export function demoRequest({ store }: DemoBuckets, destination: keyof typeof BUCKETS, more: object = {}): object {
  const side = (bucket: string) => ({ bucket, endpointUrl: store.url, region: REGION });
  return { source: side(BUCKETS.source), destination: side(BUCKETS[destination]), ...more };
}

/** Everything that a bucket holds, as it would be listed, without times. */
export function contentsOf({ store }: DemoBuckets, bucket: string): readonly string[] {
  const objects = store.context.buckets.get(bucket)?.objects.scan('') ?? [];
  return Array.from(objects, ({ key, etag, size, storageClass }) => [Buffer.from(key).toString('latin1'), etag, size, storageClass].join('\t'));
}

/** Ids of the uploads that are open in a bucket. */
export async function openUploads({ s3 }: DemoBuckets, bucket: string): Promise<readonly string[]> {
  const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
  return Uploads.map(({ Key, UploadId }) => `${Key} ${UploadId}`);
}

/** Puts an object into a bucket of the receiver. */
export async function putAs({ s3 }: DemoBuckets, Bucket: string, Key: string, Body: string): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
}
