/** A virtual bucket that cannot be made: its description is wrong. Final. */
export class VirtualBucketError extends Error {
  override readonly name = 'VirtualBucketError';
  readonly code = 'VIRTUAL_BUCKET_INVALID';
  readonly retryable = false;
}
