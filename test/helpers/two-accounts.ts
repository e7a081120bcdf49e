/** A store with two accounts whose buckets hold one of each kind of object, and the steps from plan to ledger as one call. */
import { completeUploads } from '../../emr-steps/complete/complete-uploads.ts';
import { type CopyOptions, copyObjects } from '../../emr-steps/copy/copy-objects.ts';
import type { StepContext } from '../../emr-steps/hadoop/step-context.ts';
import { planParts } from '../../emr-steps/plan/plan-parts.ts';
import { type CopyResult, copyResult } from '../../emr-steps/records/copy-result.ts';
import { type CopyTask, copyTask } from '../../emr-steps/records/copy-task.ts';
import { type LedgerRow, ledgerRow } from '../../emr-steps/records/ledger-row.ts';
import type { ObjectRecord } from '../../emr-steps/records/object-record.ts';
import type { RecordCodec } from '../../emr-steps/records/record-codec.ts';
import { encodeTime } from '../../emr-steps/records/time.ts';
import { completeMultipartUpload } from '../../emr-steps/s3/complete-multipart-upload.ts';
import { createMultipartUpload } from '../../emr-steps/s3/create-multipart-upload.ts';
import { headObject } from '../../emr-steps/s3/head-object.ts';
import { putObject } from '../../emr-steps/s3/put-object.ts';
import type { S3Client } from '../../emr-steps/s3/s3-client.ts';
import { getObjectTagging, type Tag } from '../../emr-steps/s3/tagging.ts';
import type { Transport } from '../../emr-steps/s3/transport.ts';
import { uploadPart } from '../../emr-steps/s3/upload-part.ts';
import type { Account } from '../../infra/local/s3-store/accounts.ts';
import type { Store } from '../../infra/local/s3-store/store.ts';
import { recordingContext, runAll } from '../unit/plan/fake-s3.ts';
import { storeClient } from './store-client.ts';

/** Owns the source. */
export const ANN = { id: '111122223333', keys: [{ accessKeyId: 'ann', secretAccessKey: 'ann-secret' }] } satisfies Account;
/** Owns the destination. */
export const BOB = { id: '444455556666', keys: [{ accessKeyId: 'bob', secretAccessKey: 'bob-secret' }] } satisfies Account;

const MIB = 1024 * 1024;

/** A client of an account for a bucket. */
export function clientOf(store: Store, account: typeof ANN | typeof BOB, bucket: string, transport: Transport): S3Client {
  return storeClient(
    { url: store.url, bucket, key: account.keys[0] as (typeof ANN.keys)[0], transport },
    { maxAttempts: 3, requestTimeoutMilliseconds: 60_000 },
  );
}

/** An object to upload: in one piece, or in parts of the sizes. */
export interface Planted {
  readonly key: string;
  readonly size?: number;
  readonly parts?: readonly number[];
  readonly storageClass?: string;
  readonly kept?: Readonly<Record<string, string>>;
  readonly tags?: readonly Tag[];
}

const KEPT = {
  'cache-control': 'max-age=60',
  'content-disposition': 'attachment; filename="a b.txt"',
  'content-encoding': 'identity',
  'content-language': 'de, en',
  'content-type': 'text/plain; charset=utf-8',
  expires: 'Wed, 21 Oct 2037 07:28:00 GMT',
  'x-amz-meta-plain': 'value',
  'x-amz-meta-encoded': '=?UTF-8?B?w6TDtsO8?=',
};
const TAGS = [
  { key: 'team', value: 'a & b' },
  { key: 'ümlaut', value: '+/=' },
];

/** What a copy must get right. `ambiguous` has parts that a uniform map fits and that are not uniform. */
export const PLANTED: readonly Planted[] = [
  { key: 'plain', size: 1000 },
  { key: 'empty', size: 0 },
  { key: 'large', size: 9 * MIB },
  { key: 'dressed', size: 70_000, kept: KEPT, tags: TAGS, storageClass: 'STANDARD_IA' },
  { key: ' odd\tkey %41/../ü😀\r\n ', size: 10, tags: TAGS },
  { key: 'uniform', parts: [5 * MIB, 5 * MIB, 1], kept: { ...KEPT, 'x-amz-website-redirect-location': '/elsewhere' }, tags: TAGS, storageClass: 'ONEZONE_IA' },
  { key: 'uneven', parts: [5 * MIB, 7 * MIB] },
  { key: 'one-part', parts: [3] },
  { key: 'one-large-part', parts: [6 * MIB] },
  { key: 'empty-part', parts: [0] },
  { key: 'empty-last-part', parts: [5 * MIB, 0] },
];
export const AMBIGUOUS: Planted = { key: 'ambiguous', parts: [6 * MIB, 5 * MIB, 6 * MIB] };

/** Bytes that no other object has. */
export function bytesFor(key: string, size: number): Buffer {
  const seed = [...Buffer.from(key)].reduce((sum, byte) => (sum * 31 + byte) & 0xffff, 7);
  const bytes = Buffer.allocUnsafe(size);
  for (let at = 0; at < size; at += 1) bytes[at] = (at * 131 + (at >> 9) * 7 + seed) & 0xff;
  return bytes;
}

/** Uploads an object. */
export async function plant(client: S3Client, { key, size, parts, storageClass = 'STANDARD', kept = {}, tags = [] }: Planted): Promise<void> {
  if (parts === undefined) {
    await putObject(client, { key, body: bytesFor(key, size ?? 0), storageClass, kept, tags });
    return;
  }
  const { uploadId } = await createMultipartUpload(client, { key, storageClass, kept, tags });
  const uploaded = [];
  for (const [n, partSize] of parts.entries()) {
    const { etag } = await uploadPart(client, { key, uploadId, partNumber: n + 1, body: bytesFor(`${key}${n}`, partSize) });
    uploaded.push({ partNumber: n + 1, etag });
  }
  await completeMultipartUpload(client, { key, uploadId, parts: uploaded });
}

/** The object as a listing has it. */
export async function listed(client: S3Client, key: string, prefix = ''): Promise<ObjectRecord> {
  const head = await headObject(client, { key: prefix + key });
  const checked = { checksumAlgorithm: null, checksumType: null, versionId: null, isDeleteMarker: null, restoreStatus: null };
  const mtime = head.lastModified === null ? null : encodeTime(head.lastModified);
  return { key, etag: head.etag, size: head.size, mtime, storageClass: head.storageClass, ...checked };
}

/** Everything that a copy must keep. */
export async function likeness(client: S3Client, key: string): Promise<unknown> {
  const { etag, size, kept, storageClass, tagCount } = await headObject(client, { key });
  const tags = await getObjectTagging(client, { key });
  return { etag, size, kept, storageClass, tagCount, tags: tags.toSorted((a, b) => (a.key < b.key ? -1 : 1)) };
}

function through<T>(codec: RecordCodec<T>, records: readonly T[]): readonly T[] {
  return records.map((record) => codec.decode(codec.encode(record)));
}

/** How the steps run. */
export type StepsOptions = Omit<CopyOptions, 'concurrency' | 'memoryBytes'> & {
  readonly partMap?: 'computed' | 'swept';
  readonly storageClass?: string | null;
  readonly memoryBytes?: number;
  readonly context?: Partial<StepContext>;
  /** Called between the steps. */
  readonly afterPlan?: (tasks: readonly CopyTask[]) => Promise<readonly CopyTask[]>;
};

/** Plan, copy and complete, with every record written and read in between as on a cluster. */
export async function runSteps(
  records: readonly ObjectRecord[],
  options: StepsOptions,
): Promise<{
  readonly tasks: readonly CopyTask[];
  readonly results: readonly CopyResult[];
  readonly ledger: readonly LedgerRow[];
  readonly counts: Record<string, number>;
}> {
  const context = recordingContext({ now: () => new Date(), ...options.context });
  const fixed = { ...options, concurrency: 8, memoryBytes: options.memoryBytes ?? 64 * MIB };
  const plan = planParts({ ...fixed, partMap: options.partMap ?? 'computed', storageClass: options.storageClass ?? null });
  const planned = through(copyTask, await runAll(plan, records, context));
  const tasks = options.afterPlan === undefined ? planned : await options.afterPlan(planned);
  const results = through(copyResult, await runAll(copyObjects(fixed), tasks, context));
  const sorted = results.map((result) => copyResult.encode(result)).toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const ledger = await runAll(
    completeUploads(fixed),
    sorted.map((line) => copyResult.decode(line)),
    context,
  );
  return { tasks, results, ledger: through(ledgerRow, ledger), counts: context.counts };
}
