/** What completing an upload asks of S3: five requests, keys relative to their side's prefix. */
import type { Sides } from '../copy/sides.ts';
import { abortMultipartUpload } from '../s3/abort-multipart-upload.ts';
import { completeMultipartUpload } from '../s3/complete-multipart-upload.ts';
import { headObject } from '../s3/head-object.ts';
import { listParts } from '../s3/list-parts.ts';
import type { ObjectHead } from '../s3/object-headers.ts';

/** A part as CompleteMultipartUpload names it. */
export interface CompletedPart {
  readonly partNumber: number;
  readonly etag: string;
}

/** A part as the service holds it. */
export interface HeldPart extends CompletedPart {
  /** Bytes. */
  readonly size: number;
}

/** The two sides, as far as complete needs them. Every method throws S3Error, and the signal's reason when aborted. */
export interface UploadService {
  complete(key: string, uploadId: string, parts: readonly CompletedPart[], signal: AbortSignal): Promise<{ readonly etag: string }>;
  abort(key: string, uploadId: string, signal: AbortSignal): Promise<void>;
  listParts(key: string, uploadId: string, signal: AbortSignal): Promise<readonly HeldPart[]>;
  headDestination(key: string, signal: AbortSignal): Promise<ObjectHead>;
  /** @param etag - what the source must still be; null: anything */
  headSource(key: string, etag: string | null, signal: AbortSignal): Promise<ObjectHead>;
}

/** The service on two S3 clients. */
export function uploadService({ source, destination, sourcePrefix, destinationPrefix }: Sides): UploadService {
  const at = (key: string): string => destinationPrefix + key;
  return {
    complete: (key, uploadId, parts, signal) => completeMultipartUpload(destination, { key: at(key), uploadId, parts }, signal),
    abort: (key, uploadId, signal) => abortMultipartUpload(destination, { key: at(key), uploadId }, signal),
    listParts: (key, uploadId, signal) => listParts(destination, { key: at(key), uploadId }, signal),
    headDestination: (key, signal) => headObject(destination, { key: at(key) }, signal),
    headSource: (key, etag, signal) => headObject(source, { key: sourcePrefix + key, ...(etag === null ? {} : { ifMatch: etag }) }, signal),
  };
}
