/** Starts the multipart upload of an object with everything that its parts cannot carry. */
import { createMultipartUpload } from '../s3/create-multipart-upload.ts';
import type { ObjectHead } from '../s3/object-headers.ts';
import type { S3Client } from '../s3/s3-client.ts';
import { getObjectTagging } from '../s3/tagging.ts';

/** The upload id of a dry run: copy's dry run accepts it, and no service has given it. */
export const DRY_RUN_UPLOAD_ID = 'dry-run';

/** What to start. */
export interface UploadStart {
  readonly source: S3Client;
  readonly destination: S3Client;
  /** Whole keys. */
  readonly sourceKey: string;
  readonly destinationKey: string;
  /** Of the source object. */
  readonly head: ObjectHead;
  readonly storageClass: string;
  readonly dryRun: boolean;
}

/**
 * Creates the upload with the source's system headers, user metadata, website redirect and tags, and the class. Tags are read only where
 * the HEAD counts some: a request an object saved, and no right to read tags needed where there are none.
 *
 * @returns the upload id; {@link DRY_RUN_UPLOAD_ID} in a dry run
 */
export async function startUpload(start: UploadStart, signal: AbortSignal): Promise<string> {
  if (start.dryRun) return DRY_RUN_UPLOAD_ID;
  const tags = start.head.tagCount > 0 ? await getObjectTagging(start.source, { key: start.sourceKey }, signal) : [];
  const upload = { key: start.destinationKey, storageClass: start.storageClass, kept: start.head.kept, tags };
  return (await createMultipartUpload(start.destination, upload, signal)).uploadId;
}
