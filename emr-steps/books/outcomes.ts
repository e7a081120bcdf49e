/** Where an object that was listed ends: exactly one of these. */

/** All outcomes, in the order in which the books show them. */
export const OUTCOMES = ['copied', 'unchanged', 'skipped', 'failed'] as const;

/**
 * `copied`: it is at the destination, proven. `unchanged`: the diff found it there already.
 * `skipped`: left out with a reason that is nobody's fault. `failed`: left out with a reason that somebody should read.
 */
export type Outcome = (typeof OUTCOMES)[number];

/** Whether `text` is an outcome. */
export function isOutcome(text: string): text is Outcome {
  return (OUTCOMES as readonly string[]).includes(text);
}

/** All proofs. */
export const PROOFS = ['etag', 'checksum', 'size'] as const;

/**
 * What proves that the copy is the source: `etag` equal ETags (an MD5 of the bytes, or of the parts' MD5s);
 * `checksum` equal stored checksums; `size` equal sizes and the service's word, where the ETag is no MD5 (SSE-KMS, SSE-C).
 */
export type Proof = (typeof PROOFS)[number];

/** Whether `text` is a proof. */
export function isProof(text: string): text is Proof {
  return (PROOFS as readonly string[]).includes(text);
}

/** How the bytes went: inside S3, or through the node. */
export const COPY_MODES = ['server-side', 'streaming'] as const;

/** `server-side`: CopyObject and UploadPartCopy. `streaming`: GetObject to PutObject or UploadPart through the node. */
export type CopyMode = (typeof COPY_MODES)[number];

/** Whether `text` is a copy mode. */
export function isCopyMode(text: string): text is CopyMode {
  return (COPY_MODES as readonly string[]).includes(text);
}
