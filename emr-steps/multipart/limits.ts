/** Limits of multipart uploads and of copies, as Amazon S3 documents them ("Amazon S3 multipart upload limits", CopyObject). */

/** Parts of one upload. */
export const MAX_PARTS = 10_000;
/**
 * The largest object that one CopyObject or PutObject takes, in bytes. The documentation says "5 GB"; the service's own words when it
 * refuses are "larger than the maximum allowable size for a copy source: 5368709120".
 */
export const MAX_WHOLE_BYTES = 5 * 1024 ** 3;
