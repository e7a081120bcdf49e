/** A directory that cannot be a store's. */

/** Thrown when a store is started on a directory that is in use, of another format, or broken. Final: somebody must look. */
export class StoreDirectoryError extends Error {
  override readonly name = 'StoreDirectoryError';
  readonly code = 'STORE_DIRECTORY_UNUSABLE';
  readonly retryable = false;
}
