/** UploadPart: one part of an upload, from bytes or from a stream of known size. */

import { requiredETag } from './answer-text.ts';
import { bodySize, digestHeader } from './body-digest.ts';
import type { Checksums } from './checksum-names.ts';
import { checksumsOf, type Encryption, encryptionOf } from './object-headers.ts';
import type { S3Client } from './s3-client.ts';
import type { RequestBody } from './s3-request.ts';
import { queryString } from './uri.ts';

/** Which part, and its bytes. */
export interface UploadPartInput {
  readonly key: string;
  readonly uploadId: string;
  /** 1 to 10,000. */
  readonly partNumber: number;
  readonly body: RequestBody;
  /** Further headers, lower case. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A part that was written. */
export interface WrittenPart {
  /** Without quotes; the MD5 of the part unless the encryption is another than SSE-S3. */
  readonly etag: string;
  readonly encryption: Encryption | null;
  /** What the service says of the part's checksum. */
  readonly checksums: Checksums;
}

/** Writes a part; the same part may be written again. */
export async function uploadPart(client: S3Client, input: UploadPartInput, signal?: AbortSignal): Promise<WrittenPart> {
  const { body, key, partNumber, uploadId } = input;
  const query = queryString({ partNumber, uploadId });
  const headers = { ...digestHeader(body), ...input.headers };
  const request = { operation: 'UploadPart', method: 'PUT', key, query, headers, body, payloadBytes: bodySize(body) } as const;
  const answer = await client.send(request, signal);
  return { etag: requiredETag(client, request, answer), encryption: encryptionOf(answer.headers), checksums: checksumsOf(answer.headers) };
}
