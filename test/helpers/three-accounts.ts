/**
 * A store with our account and those of a sender and a receiver, whose policies are exactly the ones that `workflows/access` makes for a
 * request: who runs may only assume the data role.
 */
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutBucketEncryptionCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { parsePolicy } from '../../infra/local/s3-store/access/policy.ts';
import type { AccessKey, Account } from '../../infra/local/s3-store/accounts.ts';
import { type Store, startStore } from '../../infra/local/s3-store/store.ts';
import type { AccessDocuments, SideDocuments } from '../../workflows/access/access-documents.ts';
import type { PolicyDocument } from '../../workflows/access/policy-document.ts';

export const REGION = 'eu-central-1';
export const OURS = '111111111111';
export const SENDER = '222222222222';
export const RECEIVER = '333333333333';
export const DATA_ROLE = `arn:aws:iam::${OURS}:role/carillon-data`;
export const SOURCE_KEY = `arn:aws:kms:${REGION}:${SENDER}:key/source`;
export const DESTINATION_KEY = `arn:aws:kms:${REGION}:${RECEIVER}:key/destination`;

const NODE: AccessKey = { accessKeyId: 'node', secretAccessKey: 'node-secret', arn: `arn:aws:iam::${OURS}:user/node`, policies: [] };
const ROOTS = new Map([SENDER, RECEIVER].map((id) => [id, { accessKeyId: `root-${id}`, secretAccessKey: 'root-secret' }]));

/** Where the keys' owners have them encrypt by default. */
export interface Encrypted {
  readonly source: boolean;
  readonly destination: boolean;
}

/** Starts it, filled, with these policies. */
export async function storeWith(documents: AccessDocuments, encrypted: Encrypted): Promise<Store> {
  const store = await startStore({
    region: REGION,
    accounts: [ours(documents), theirs(SENDER, 'source', documents.source), theirs(RECEIVER, 'destination', documents.destination)],
    buckets: [bucketOf('sent', SENDER, documents.source), bucketOf('received', RECEIVER, documents.destination)],
  });
  await settle(store, encrypted);
  return store;
}

/** What a node has in its environment. */
export function nodeEnvironment(store: Store, folder: string): Readonly<Record<string, string>> {
  return {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: folder,
    TMPDIR: folder,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_S3: store.url,
    AWS_ENDPOINT_URL_STS: store.url,
    AWS_ACCESS_KEY_ID: NODE.accessKeyId,
    AWS_SECRET_ACCESS_KEY: NODE.secretAccessKey,
    CARILLON_DATA_ROLE_ARN: DATA_ROLE,
    CARILLON_STS_REGION: REGION,
  };
}

function trusting(AWS: string): PolicyDocument {
  return { Version: '2012-10-17', Statement: [{ Sid: 'Trust', Effect: 'Allow', Action: ['sts:AssumeRole'], Principal: { AWS: [AWS] } }] };
}

function ours({ dataRole }: AccessDocuments): Account {
  return { id: OURS, keys: [NODE], roles: [{ name: 'carillon-data', trustPolicy: trusting(NODE.arn as string), policies: [dataRole] }] };
}

function theirs(id: string, keyId: string, { role, keyPolicies }: SideDocuments): Account {
  const own = { Sid: 'Own', Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${id}:root` }, Action: 'kms:*', Resource: '*' };
  const granted = Object.values(keyPolicies).flatMap(({ Statement }) => Statement);
  return {
    id,
    keys: [ROOTS.get(id) as AccessKey],
    roles: role === null ? [] : [{ name: role.arn.slice(role.arn.lastIndexOf('/') + 1), trustPolicy: role.trust, policies: [role.policy] }],
    kmsKeys: [{ id: keyId, region: REGION, policy: { Version: '2012-10-17', Statement: [own, ...granted] } }],
  };
}

function bucketOf(name: string, ownerId: string, { bucketPolicy }: SideDocuments) {
  const isEmpty = bucketPolicy === null || bucketPolicy.Statement.length === 0;
  return isEmpty ? { name, ownerId } : { name, ownerId, policy: parsePolicy(name, JSON.stringify(bucketPolicy)) };
}

async function settle(store: Store, encrypted: Encrypted): Promise<void> {
  const [sender, receiver] = [SENDER, RECEIVER].map(
    (id) => new S3Client({ region: REGION, endpoint: store.url, forcePathStyle: true, credentials: ROOTS.get(id) as AccessKey }),
  ) as [S3Client, S3Client];
  if (encrypted.source) await encryptBy(sender, 'sent', SOURCE_KEY);
  if (encrypted.destination) await encryptBy(receiver, 'received', DESTINATION_KEY);
  for (const key of ['out/a', 'out/é', 'out/b/c']) await sender.send(new PutObjectCommand({ Bucket: 'sent', Key: key, Body: key, Tagging: 'colour=red' }));
  await sender.send(new PutObjectCommand({ Bucket: 'sent', Key: 'other/secret', Body: 'not ours' }));
  await putInParts(sender, 'sent', 'out/large');
  sender.destroy();
  receiver.destroy();
}

async function encryptBy(client: S3Client, Bucket: string, KMSMasterKeyID: string): Promise<void> {
  const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID } } as const;
  await client.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules: [rule] } }));
}

async function putInParts(client: S3Client, Bucket: string, Key: string): Promise<void> {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key, Tagging: 'colour=blue' }));
  const bodies = [Buffer.alloc(5 * 1024 * 1024, 1), Buffer.from('end')];
  const parts = [];
  for (const [at, Body] of bodies.entries()) {
    const { ETag } = await client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: at + 1, Body }));
    parts.push({ PartNumber: at + 1, ETag });
  }
  await client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts: parts } }));
}
