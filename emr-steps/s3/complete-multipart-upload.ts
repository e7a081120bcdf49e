/** CompleteMultipartUpload: parts become an object. */
import { answerXml, requiredText } from './answer-text.ts';
import { type Encryption, encryptionOf, quoted, unquoted } from './object-headers.ts';
import type { S3Client } from './s3-client.ts';
import { queryString } from './uri.ts';
import { encodeEntities } from './xml.ts';

/** A part that was written. */
export interface CompletedPart {
  readonly partNumber: number;
  /** Without quotes. */
  readonly etag: string;
}

/** The upload and its parts, ascending. */
export interface CompleteMultipartUploadInput {
  readonly key: string;
  readonly uploadId: string;
  readonly parts: readonly CompletedPart[];
  /** Further headers, lower case. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** S3 takes up to minutes for many parts, keeping the connection alive with blanks: the limit of this many bytes. */
const ALLOWED_BYTES_PER_PART = 1_048_576;

function document(parts: readonly CompletedPart[]): Uint8Array {
  const rows = parts.map(({ partNumber, etag }) => `<Part><PartNumber>${partNumber}</PartNumber><ETag>${encodeEntities(quoted(etag))}</ETag></Part>`);
  return Buffer.from(`<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${rows.join('')}</CompleteMultipartUpload>`);
}

/**
 * Completes an upload.
 *
 * @throws {S3Error} `NoSuchUpload` with `attempts` above 1: an earlier attempt may have completed it; look at the object
 */
export async function completeMultipartUpload(
  client: S3Client,
  input: CompleteMultipartUploadInput,
  signal?: AbortSignal,
): Promise<{ readonly etag: string; readonly encryption: Encryption | null }> {
  const { key, parts, uploadId } = input;
  const headers = { 'content-type': 'application/xml', ...input.headers };
  const payloadBytes = parts.length * ALLOWED_BYTES_PER_PART;
  const common = { operation: 'CompleteMultipartUpload', method: 'POST', key, query: queryString({ uploadId }), headers, payloadBytes } as const;
  const request = { ...common, body: document(parts), root: 'CompleteMultipartUploadResult' };
  const answer = await client.send(request, signal);
  return { etag: unquoted(requiredText(answerXml(answer), 'ETag', client, request, answer)), encryption: encryptionOf(answer.headers) };
}
