/** What split points are read from. */
export type { PlacedFile, PointSource } from '../run/read-places.ts';

/** Bytes that are read of a listing or of an inventory at most. */
export const MOST_SAMPLE_BYTES = 64 * 1024 * 1024;

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
