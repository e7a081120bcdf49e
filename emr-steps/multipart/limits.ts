/** Limits of multipart uploads and of copies, as Amazon S3 documents them ("Amazon S3 multipart upload limits", CopyObject). */

const MEBIBYTE = 1024 * 1024;
const GIBIBYTE = 1024 * MEBIBYTE;

/** Parts of one upload. */
export const MAX_PARTS = 10_000;
/** The smallest part that is not the last one, in bytes. */
export const MIN_PART_BYTES = 5 * MEBIBYTE;
/** The largest part, in bytes. */
export const MAX_PART_BYTES = 5 * GIBIBYTE;
/**
 * The largest object that one CopyObject or PutObject takes, in bytes. The documentation says "5 GB"; the service's own words when it
 * refuses are "larger than the maximum allowable size for a copy source: 5368709120".
 */
export const MAX_WHOLE_BYTES = 5 * GIBIBYTE;
/** UploadPartCopy takes a range only of a source that is larger than this, in bytes. */
export const MAX_BYTES_WITHOUT_RANGE = 5 * MEBIBYTE;
