/** CopyObject: a whole object of at most 5 GB, inside S3. */

import { answerXml, requiredText } from './answer-text.ts';
import { type Checksums, checksumsIn } from './checksum-names.ts';
import { type CopySource, copySourceHeaders } from './copy-source.ts';
import { type Encryption, encryptionOf, unquoted } from './object-headers.ts';
import type { S3Client } from './s3-client.ts';

/** What to copy, and what to. */
export interface CopyObjectInput {
  /** The whole key of the copy. */
  readonly key: string;
  readonly source: CopySource;
  /** The copy's class; null: STANDARD, whatever the source has. */
  readonly storageClass: string | null;
  /** Bytes of the source, for the time limit; without it the limit is that of 5 GiB. */
  readonly size?: number | undefined;
  /** Further `x-amz-*` headers, lower case. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What the copy became. */
export interface CopiedObject {
  /** Without quotes. */
  readonly etag: string;
  readonly encryption: Encryption | null;
  readonly checksums: Checksums;
}

const LARGEST_BYTES = 5 * 1024 ** 3;

/** Copies an object. Metadata, tags and the checksum are carried by S3; ACL, website redirect and class are not. */
export async function copyObject(client: S3Client, input: CopyObjectInput, signal?: AbortSignal): Promise<CopiedObject> {
  const headers = { ...copySourceHeaders(input.source), ...input.headers };
  if (input.storageClass !== null) headers['x-amz-storage-class'] = input.storageClass;
  const payloadBytes = input.size ?? LARGEST_BYTES;
  const request = { operation: 'CopyObject', method: 'PUT', key: input.key, headers, payloadBytes, root: 'CopyObjectResult' } as const;
  const answer = await client.send(request, signal);
  const xml = answerXml(answer);
  return { etag: unquoted(requiredText(xml, 'ETag', client, request, answer)), encryption: encryptionOf(answer.headers), checksums: checksumsIn(xml) };
}
