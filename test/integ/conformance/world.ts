/** What a behaviour gets to try: a client, a bucket, and keys of its own. */
import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  type CopyObjectCommandInput,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadObjectCommand,
  type HeadObjectCommandInput,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
  type S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { clientFor, type Endpoint, type Feature } from './endpoint.ts';

/** One thing that S3 does. */
export interface Behaviour {
  /** A sentence. */
  readonly name: string;
  readonly needs?: Feature;
  /** Throws where the endpoint does something else. */
  run(world: World): Promise<void>;
}

/** The least size of a part but the last, in bytes. */
export const PART = 5 * 1024 * 1024;

/** `"<MD5>"`. */
export function md5(bytes: Uint8Array | string): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}

/** The ETag of an object of these parts. */
export function partsEtag(...parts: readonly (Uint8Array | string)[]): string {
  const digests = parts.map((part) => createHash('md5').update(part).digest());
  return `"${createHash('md5').update(Buffer.concat(digests)).digest('hex')}-${parts.length}"`;
}

/** `<status>` of a refusal, with its code where the answer has a body; `accepted` for none. */
export async function refusal(request: Promise<unknown>): Promise<string> {
  try {
    await request;
    return 'accepted';
  } catch (error) {
    const { name, $metadata } = error as S3ServiceException;
    if ($metadata?.httpStatusCode === undefined) throw error;
    return `${$metadata.httpStatusCode} ${name}`;
  }
}

/** Sends short requests about one bucket; every key gets the prefix. */
export class World {
  readonly s3: S3Client;
  readonly endpoint: Endpoint;
  readonly bucket: string;
  /** Of the behaviour's own keys. */
  readonly prefix: string;

  constructor(endpoint: Endpoint, bucket: string, prefix: string) {
    this.endpoint = endpoint;
    this.bucket = bucket;
    this.prefix = prefix;
    this.s3 = clientFor(endpoint);
  }

  /** The whole key. */
  key(key: string): string {
    return this.prefix + key;
  }

  /** `bucket/key`, encoded. */
  source(key: string): string {
    return encodeURIComponent(`${this.bucket}/${this.key(key)}`);
  }

  put(key: string, Body: string | Uint8Array = 'hello', more: Partial<PutObjectCommandInput> = {}) {
    return this.s3.send(new PutObjectCommand({ Bucket: this.bucket, Key: this.key(key), Body, ...more }));
  }

  get(key: string, more: Partial<GetObjectCommandInput> = {}) {
    return this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: this.key(key), ...more }));
  }

  async text(key: string, more: Partial<GetObjectCommandInput> = {}): Promise<string> {
    return (await (await this.get(key, more)).Body?.transformToString('latin1')) ?? '';
  }

  head(key: string, more: Partial<HeadObjectCommandInput> = {}) {
    return this.s3.send(new HeadObjectCommand({ Bucket: this.bucket, Key: this.key(key), ...more }));
  }

  copy(from: string, to: string, more: Partial<CopyObjectCommandInput> = {}) {
    return this.s3.send(new CopyObjectCommand({ Bucket: this.bucket, Key: this.key(to), CopySource: this.source(from), ...more }));
  }

  list(more: Partial<ListObjectsV2CommandInput> = {}) {
    return this.s3.send(new ListObjectsV2Command({ Bucket: this.bucket, ...more, Prefix: this.key(more.Prefix ?? '') }));
  }

  /** Keys of one page, without the prefix. */
  async keys(more: Partial<ListObjectsV2CommandInput> = {}): Promise<readonly string[]> {
    return ((await this.list(more)).Contents ?? []).map(({ Key }) => (Key ?? '').slice(this.prefix.length));
  }

  async begin(key: string, more: Partial<CreateMultipartUploadCommandInput> = {}): Promise<string> {
    const { UploadId } = await this.s3.send(new CreateMultipartUploadCommand({ Bucket: this.bucket, Key: this.key(key), ...more }));
    return UploadId ?? '';
  }

  part(key: string, UploadId: string, PartNumber: number, Body: Uint8Array | string, more: object = {}) {
    return this.s3.send(new UploadPartCommand({ Bucket: this.bucket, Key: this.key(key), UploadId, PartNumber, Body, ...more }));
  }

  complete(key: string, UploadId: string, Parts: readonly object[], more: object = {}) {
    const input = { Bucket: this.bucket, Key: this.key(key), UploadId, MultipartUpload: { Parts: [...Parts] }, ...more };
    return this.s3.send(new CompleteMultipartUploadCommand(input));
  }

  /** An object of these parts. */
  async upload(key: string, parts: readonly (Uint8Array | string)[], more: Partial<CreateMultipartUploadCommandInput> = {}) {
    const id = await this.begin(key, more);
    const sent = [];
    for (const [at, body] of parts.entries()) {
      const { $metadata: _, ...part } = await this.part(key, id, at + 1, body, { ChecksumAlgorithm: more.ChecksumAlgorithm });
      sent.push({ ...part, PartNumber: at + 1 });
    }
    return this.complete(key, id, sent);
  }
}

/** Makes a bucket with a name that nobody has. */
export async function makeBucket(endpoint: Endpoint, more: object = {}): Promise<string> {
  const Bucket = `carillon-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`;
  const constraint = endpoint.region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: endpoint.region as 'eu-central-1' } };
  await clientFor(endpoint).send(new CreateBucketCommand({ Bucket, ...constraint, ...more }));
  return Bucket;
}

async function deleteVersions(s3: S3Client, Bucket: string): Promise<void> {
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key = '', VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) return;
    const { Errors = [] } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true }, BypassGovernanceRetention: true }));
    if (Errors.length > 0) throw new Error(`cannot empty ${Bucket}: ${JSON.stringify(Errors[0])}`);
  }
}

/** Deletes a bucket with everything in it. */
export async function dropBucket(endpoint: Endpoint, Bucket: string): Promise<void> {
  const s3 = clientFor(endpoint);
  const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
  for (const { Key, UploadId } of Uploads) await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
  await deleteVersions(s3, Bucket);
  await s3.send(new DeleteBucketCommand({ Bucket }));
}
