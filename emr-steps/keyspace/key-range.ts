/** A slice of the order of keys. The same bound ends one range and begins the next, so that ranges tile without a gap. */
import { compareKeys } from './byte-order.ts';

/** S3's limit on a key, in bytes of UTF-8: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const LONGEST_KEY = 1_024;

/** The keys with `startAfter < key <= end`. */
export interface KeyRange {
  /** Null: from the first key. */
  readonly startAfter: string | null;
  /** Null: to the last key. */
  readonly end: string | null;
}

/** Every key. */
export const WHOLE_RANGE: KeyRange = { startAfter: null, end: null };

/** Whether the key lies in the range. */
export function isInRange(range: KeyRange, key: string): boolean {
  return (range.startAfter === null || compareKeys(key, range.startAfter) > 0) && (range.end === null || compareKeys(key, range.end) <= 0);
}

/** Whether a bound can be sent where S3 takes keys. */
export function isSendable(bound: string): boolean {
  return bound.length * 3 <= LONGEST_KEY || new TextEncoder().encode(bound).length <= LONGEST_KEY;
}

/** Whether no key can lie in the range. */
export function isEmptyRange(range: KeyRange): boolean {
  return range.startAfter !== null && range.end !== null && compareKeys(range.startAfter, range.end) >= 0;
}

/** The ranges between the given bounds, which must rise and lie inside of the range. */
export function cutRange(range: KeyRange, bounds: readonly string[]): readonly KeyRange[] {
  const starts = [range.startAfter, ...bounds];
  const ends = [...bounds, range.end];
  return starts.map((startAfter, index) => ({ startAfter, end: ends[index] as string | null }));
}
