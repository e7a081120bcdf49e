/** CreateMultipartUpload: metadata, tags and class of a multipart object are given here and nowhere else. */
import { answerXml, requiredText } from './answer-text.ts';
import { type Encryption, encryptionOf, type KeptHeaders } from './object-headers.ts';
import type { S3Client } from './s3-client.ts';
import { type Tag, taggingHeader } from './tagging.ts';

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
export async function createMultipartUpload(
  client: S3Client,
  input: CreateMultipartUploadInput,
  signal?: AbortSignal,
): Promise<{ readonly uploadId: string; readonly encryption: Encryption | null }> {
  const { key } = input;
  const headers: Record<string, string> = { ...input.kept, ...taggingHeader(input.tags), ...input.headers };
  if (input.storageClass !== null) headers['x-amz-storage-class'] = input.storageClass;
  const request = { operation: 'CreateMultipartUpload', method: 'POST', key, query: 'uploads=', headers, root: 'InitiateMultipartUploadResult' } as const;
  const answer = await client.send(request, signal);
  return { uploadId: requiredText(answerXml(answer), 'UploadId', client, request, answer), encryption: encryptionOf(answer.headers) };
}
