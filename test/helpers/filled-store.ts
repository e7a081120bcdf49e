/** A store with two accounts and two buckets for tests of the command line. Needs the vendor's SDK to fill it, as a stranger would. */
import { PutBucketPolicyCommand, PutObjectCommand, type PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import { type Store, startStore } from '../../infra/local/s3-store/store.ts';

/** Owns `source`. */
export const READER = { id: '111111111111', keys: [{ accessKeyId: 'reader', secretAccessKey: 'reader-secret' }] };
/** Owns `destination`. */
export const WRITER = { id: '222222222222', keys: [{ accessKeyId: 'writer', secretAccessKey: 'writer-secret' }] };
/** Owns `one` and `two`. */
export const OWNER = { id: '333333333333', keys: [{ accessKeyId: 'owner', secretAccessKey: 'owner-secret' }] };

const REGION = 'eu-central-1';

/** A running store with its clients. */
export interface FilledStore {
  readonly store: Store;
  /** Of {@link OWNER}. */
  put(bucket: string, key: string, body: string, more?: Partial<PutObjectCommandInput>): Promise<void>;
  /** By the bucket's owner. */
  setPolicy(bucket: string, policy: object): Promise<void>;
  /** The environment of a command that speaks to it as the account with this access key. */
  env(accessKeyId: string, over?: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * Starts it.
 *
 * @param folder - the command's home
 * @param latencyMilliseconds - wait before every answer
 */
export async function filledStore(folder: string, latencyMilliseconds = 0): Promise<FilledStore> {
  const store = await startStore({
    region: REGION,
    latencyMilliseconds,
    accounts: [READER, WRITER, OWNER],
    buckets: [
      { name: 'source', ownerId: READER.id },
      { name: 'destination', ownerId: WRITER.id },
      { name: 'one', ownerId: OWNER.id },
      { name: 'two', ownerId: OWNER.id },
    ],
  });
  const clientOf = ({ keys }: typeof OWNER) =>
    new S3Client({ region: REGION, endpoint: store.url, forcePathStyle: true, credentials: keys[0] as (typeof OWNER)['keys'][0] });
  const clients = { source: clientOf(READER), destination: clientOf(WRITER), owner: clientOf(OWNER) };
  const secrets = new Map([READER, WRITER, OWNER].flatMap(({ keys }) => keys.map((key) => [key.accessKeyId, key.secretAccessKey] as const)));
  const ownerOf = (bucket: string) => (bucket === 'source' ? clients.source : bucket === 'destination' ? clients.destination : clients.owner);
  return {
    store,
    setPolicy: async (bucket, policy) => {
      await ownerOf(bucket).send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify(policy) }));
    },
    put: async (bucket, key, body, more = {}) => {
      await ownerOf(bucket).send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: Buffer.from(body), ...more }));
    },
    env: (accessKeyId, over = {}) => ({
      PATH: process.env.PATH ?? '/usr/bin:/bin',
      HOME: folder,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ENDPOINT_URL_S3: store.url,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secrets.get(accessKeyId) ?? '',
      ...over,
    }),
    close: async () => {
      for (const client of Object.values(clients)) client.destroy();
      await store.close();
    },
  };
}
