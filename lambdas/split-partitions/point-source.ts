/** What split points are read from. */

/** Bytes that are read of a listing or of an inventory at most. */
export const MOST_SAMPLE_BYTES = 64 * 1024 * 1024;
/** A file or an object. */
export interface PlacedFile {
  /** `s3://bucket/key`, or a path. */
  readonly location: string;
  /** Bytes. */
  readonly size: number;
}

/** Reads what a request names. */
export interface PointSource {
  /** The whole of a small file. */
  readonly read: (location: string) => Promise<Uint8Array>;
  /** The file there, or the files below. */
  readonly files: (location: string) => Promise<readonly PlacedFile[]>;
  /** Bytes from `from` up to, not including, `to`. */
  readonly readRange: (location: string, from: number, to: number) => Promise<Uint8Array>;
}

/** Thrown where split points cannot be taken from what a request names. Final. */
export class SplitPointsError extends Error {
  override readonly name = 'SplitPointsError';
  readonly code = 'SPLIT_POINTS_UNREADABLE';
  readonly retryable = false;
}

/** Keys, whole or relative, and how many there are in all, guessed. */
export interface KeysInPlaces {
  readonly keys: readonly string[];
  readonly total: number;
}
