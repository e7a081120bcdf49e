/** PutObject: a whole object from bytes or from a stream of known size. */

import { requiredETag } from './answer-text.ts';
import { bodySize, digestHeader } from './body-digest.ts';
import type { Checksums } from './checksum-names.ts';
import { checksumsOf, type Encryption, encryptionOf, type KeptHeaders } from './object-headers.ts';
import type { S3Client } from './s3-client.ts';
import type { RequestBody } from './s3-request.ts';
import { type Tag, taggingHeader } from './tagging.ts';

/** What to write. */
export interface PutObjectInput {
  readonly key: string;
  readonly body: RequestBody;
  readonly storageClass?: string | null | undefined;
  /** Headers of the source, as they were read. */
  readonly kept?: KeptHeaders | undefined;
  readonly tags?: readonly Tag[] | undefined;
  /** 412 when the key exists. */
  readonly ifNoneMatch?: '*' | undefined;
  /** Further headers, lower case. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What was written. */
export interface PutResult {
  /** Without quotes. */
  readonly etag: string;
  readonly encryption: Encryption | null;
  readonly checksums: Checksums;
}

/** Writes an object. A stream is sent again after a failure only if it is given as a function. */
export async function putObject(client: S3Client, input: PutObjectInput, signal?: AbortSignal): Promise<PutResult> {
  const { body, key } = input;
  const headers: Record<string, string> = { ...input.kept, ...taggingHeader(input.tags), ...digestHeader(body), ...input.headers };
  if (input.storageClass !== null && input.storageClass !== undefined) headers['x-amz-storage-class'] = input.storageClass;
  if (input.ifNoneMatch !== undefined) headers['if-none-match'] = input.ifNoneMatch;
  const request = { operation: 'PutObject', method: 'PUT', key, headers, body, payloadBytes: bodySize(body) } as const;
  const answer = await client.send(request, signal);
  return { etag: requiredETag(client, request, answer), encryption: encryptionOf(answer.headers), checksums: checksumsOf(answer.headers) };
}
