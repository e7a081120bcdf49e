/** CreateMultipartUpload: metadata, tags and class of a multipart object are given here and nowhere else. */
import type { KeptHeaders } from './object-headers.ts';
import type { S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';
import { type Tag, taggingHeader } from './tagging.ts';
import { textOf } from './xml.ts';

/** The object that the upload will become. */
export interface CreateMultipartUploadInput {
  readonly key: string;
  /** Null: STANDARD. */
  readonly storageClass: string | null;
  readonly kept: KeptHeaders;
  readonly tags: readonly Tag[];
  /** Further headers, lower case. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Starts an upload. A repeated attempt may leave an upload behind that nobody knows; the sweep finds it. */
export async function createMultipartUpload(client: S3Client, input: CreateMultipartUploadInput, signal?: AbortSignal): Promise<{ readonly uploadId: string }> {
  const { key } = input;
  const headers: Record<string, string> = { ...input.kept, ...taggingHeader(input.tags), ...input.headers };
  if (input.storageClass !== null) headers['x-amz-storage-class'] = input.storageClass;
  const root = 'InitiateMultipartUploadResult';
  const operation = 'CreateMultipartUpload';
  const answer = await client.send({ operation, method: 'POST', key, query: 'uploads=', headers, root }, signal);
  const uploadId = textOf(Buffer.from(answer.bytes).toString('utf8'), 'UploadId');
  if (uploadId !== null && uploadId !== '') return { uploadId };
  const { attempts, status } = answer;
  throw new S3Error({ operation, bucket: client.bucket, key, code: 'MalformedAnswer', status, reason: 'the answer holds no UploadId', attempts });
}
