/** CompleteMultipartUpload: parts become an object. */
import { answerXml, requiredText } from './answer-text.ts';
import { type Checksums, checksumElement, checksumsIn } from './checksum-names.ts';
import { type Encryption, encryptionOf, quoted, unquoted } from './object-headers.ts';
import type { S3Client } from './s3-client.ts';
import { queryString } from './uri.ts';
import { encodeEntities, textOf } from './xml.ts';

/** A part that was written. */
export interface CompletedPart {
  readonly partNumber: number;
  /** Without quotes. */
  readonly etag: string;
  /** Of a part of an upload with a COMPOSITE checksum: S3 refuses to complete it where one is missing. */
  readonly checksum?: { readonly algorithm: string; readonly value: string } | null | undefined;
}

/** What the parts became. */
export interface CompletedObject {
  /** Without quotes. */
  readonly etag: string;
  readonly encryption: Encryption | null;
  readonly checksums: Checksums;
  /** `FULL_OBJECT` or `COMPOSITE`; null where the answer does not say. */
  readonly checksumType: string | null;
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
  const rows = parts.map(
    ({ partNumber, etag, checksum }) =>
      `<Part><PartNumber>${partNumber}</PartNumber><ETag>${encodeEntities(quoted(etag))}</ETag>${checksumXml(checksum)}</Part>`,
  );
  return Buffer.from(`<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${rows.join('')}</CompleteMultipartUpload>`);
}

function checksumXml(checksum: CompletedPart['checksum']): string {
  if (checksum === null || checksum === undefined) return '';
  const name = checksumElement(checksum.algorithm);
  return `<${name}>${checksum.value}</${name}>`;
}

/**
 * Completes an upload.
 *
 * @throws {S3Error} `NoSuchUpload` with `attempts` above 1: an earlier attempt may have completed it; look at the object
 */
export async function completeMultipartUpload(client: S3Client, input: CompleteMultipartUploadInput, signal?: AbortSignal): Promise<CompletedObject> {
  const { key, parts, uploadId } = input;
  const headers = { 'content-type': 'application/xml', ...input.headers };
  const payloadBytes = parts.length * ALLOWED_BYTES_PER_PART;
  const common = { operation: 'CompleteMultipartUpload', method: 'POST', key, query: queryString({ uploadId }), headers, payloadBytes } as const;
  const request = { ...common, body: document(parts), root: 'CompleteMultipartUploadResult' };
  const answer = await client.send(request, signal);
  const xml = answerXml(answer);
  const etag = unquoted(requiredText(xml, 'ETag', client, request, answer));
  return { etag, encryption: encryptionOf(answer.headers), checksums: checksumsIn(xml), checksumType: textOf(xml, 'ChecksumType') };
}
