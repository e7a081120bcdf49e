/** Where objects are copied from and to. */
import type { S3Client } from '../s3/s3-client.ts';

/** The two buckets, each with its client, and what stands before the keys of the records. */
export interface Sides {
  readonly source: S3Client;
  readonly destination: S3Client;
  /** Empty for none. */
  readonly sourcePrefix: string;
  readonly destinationPrefix: string;
}

/** What CopyObject and UploadPartCopy read: the object as it was listed, pinned by its ETag. */
export function copySource(sides: Sides, task: { readonly key: string; readonly etag: string | null }): { bucket: string; key: string; etag: string | null } {
  return { bucket: sides.source.bucket, key: sides.sourcePrefix + task.key, etag: task.etag };
}

/** The whole key at the destination. */
export function destinationKey(sides: Sides, task: { readonly key: string }): string {
  return sides.destinationPrefix + task.key;
}
