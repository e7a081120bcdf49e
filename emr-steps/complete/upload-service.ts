/** What completing an upload asks of S3: five requests, keys relative to their side's prefix. */
import type { Sides } from '../copy/sides.ts';
import type { ChecksumForm } from '../records/checksum-column.ts';
import { abortMultipartUpload } from '../s3/abort-multipart-upload.ts';
import { type Checksums, checksumIn } from '../s3/checksum-names.ts';
import { completeMultipartUpload } from '../s3/complete-multipart-upload.ts';
import { headObject } from '../s3/head-object.ts';
import { type ListedPart, listParts } from '../s3/list-parts.ts';
import type { ObjectHead } from '../s3/object-headers.ts';

/** A part as CompleteMultipartUpload names it. */
export interface CompletedPart {
  readonly partNumber: number;
  readonly etag: string;
  /** Base64, where the upload's checksum is COMPOSITE; else null. */
  readonly checksum: string | null;
}

/** A part as the service holds it. */
export interface HeldPart extends CompletedPart {
  /** Bytes. */
  readonly size: number;
}

/** An upload as the service knows it. */
export interface UploadName {
  /** Relative. */
  readonly key: string;
  readonly uploadId: string;
  /** What it was begun with; null: no checksum. */
  readonly checksum: ChecksumForm | null;
}

/** The two sides, as far as complete needs them. Every method throws S3Error, and the signal's reason when aborted. */
export interface UploadService {
  complete(upload: UploadName, parts: readonly CompletedPart[], signal: AbortSignal): Promise<{ readonly etag: string; readonly checksums: Checksums }>;
  abort(upload: UploadName, signal: AbortSignal): Promise<void>;
  listParts(upload: UploadName, signal: AbortSignal): Promise<readonly HeldPart[]>;
  /** With its checksums. */
  headDestination(key: string, signal: AbortSignal): Promise<ObjectHead>;
  /**
   * With its checksums.
   *
   * @param etag - what the source must still be; null: anything
   */
  headSource(key: string, etag: string | null, signal: AbortSignal): Promise<ObjectHead>;
}

function named({ partNumber, etag, checksum }: CompletedPart, form: ChecksumForm | null) {
  return { partNumber, etag, checksum: checksum === null || form === null ? null : { algorithm: form.algorithm, value: checksum } };
}

function held({ partNumber, etag, size, checksums }: ListedPart, form: ChecksumForm | null): HeldPart {
  return { partNumber, etag, size, checksum: form?.type === 'COMPOSITE' ? checksumIn(checksums, form.algorithm) : null };
}

/** The service on two S3 clients. */
export function uploadService({ source, destination, sourcePrefix, destinationPrefix }: Sides): UploadService {
  const at = (key: string): string => destinationPrefix + key;
  return {
    complete: ({ key, uploadId, checksum }, parts, signal) =>
      completeMultipartUpload(destination, { key: at(key), uploadId, parts: parts.map((part) => named(part, checksum)) }, signal),
    abort: ({ key, uploadId }, signal) => abortMultipartUpload(destination, { key: at(key), uploadId }, signal),
    listParts: async ({ key, uploadId, checksum }, signal) =>
      (await listParts(destination, { key: at(key), uploadId }, signal)).map((part) => held(part, checksum)),
    headDestination: (key, signal) => headObject(destination, { key: at(key), checksumMode: true }, signal),
    headSource: (key, etag, signal) => headObject(source, { key: sourcePrefix + key, checksumMode: true, ...(etag === null ? {} : { ifMatch: etag }) }, signal),
  };
}
