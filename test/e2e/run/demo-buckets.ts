/** The demo's store for runs on a cluster: its buckets, a bucket for run directories, and what lies in them at the end. */
import { CreateBucketCommand, ListMultipartUploadsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { demoSet } from '../../../cli/demo/demo-set.ts';
import { BUCKETS, fillSource, startDemoStore } from '../../../cli/demo/demo-store.ts';
import { RECEIVER, REGION } from '../../../cli/demo/profiles.ts';
import type { Store } from '../../../infra/local/s3-store/store.ts';

/** Of the receiver: run directories of the cluster lie there. */
export const WORK_BUCKET = 'carillon-work';

/** The store and who speaks to it. */
export interface DemoBuckets {
  readonly store: Store;
  /** The receiver's keys: it reads the source by its policy and owns everything else. */
  readonly env: Readonly<Record<string, string>>;
  /** The vendor's client, with the receiver's keys. */
  readonly s3: S3Client;
  close(): Promise<void>;
}

/** Starts it with the demo's set in the source. */
export async function demoBuckets(): Promise<DemoBuckets> {
  const store = await startDemoStore();
  const { accessKeyId, secretAccessKey } = RECEIVER;
  const s3 = new S3Client({ endpoint: store.url, region: REGION, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });
  await s3.send(new CreateBucketCommand({ Bucket: WORK_BUCKET }));
  await fillSource(store, demoSet());
  const env = {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: REGION,
    AWS_ENDPOINT_URL_S3: store.url,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const close = async () => {
    s3.destroy();
    await store.close();
  };
  return { store, env, s3, close };
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
