/** A range of keys that is being listed: from behind the last key that came up to its end, which moves down when the range is split. */
import { commonPrefixLength } from '../keyspace/byte-order.ts';

/** What a partition's ranges have in common. Keys here are whole: the side's prefix stands before them. */
export interface Slice {
  /** Only keys that begin with it. */
  readonly prefix: string;
  /** Keys with it behind the prefix are left out; empty: none are. */
  readonly delimiter: string;
}

/** A range that was opened and not yet closed by its last page. */
export interface OpenRange {
  readonly slice: Slice;
  /** Everything up to it was listed, or belongs to another range; null: from the slice's first key. */
  cursor: string | null;
  /** The last key that may lie in the range; null: the slice's last. */
  end: string | null;
  /** Pages that came. */
  pages: number;
  /** Keys that came and lie in the range. */
  listed: number;
  /** `max-keys` of the request under way; 0 while none is. */
  underWay: number;
  /** `max-keys` of the first page. */
  readonly firstPage: number;
  /** Keys that are still to come, guessed. */
  estimate: number;
  /** First key of the last page; null before one came. */
  pageFirst: string | null;
  /** Where the density of keys is measured from, and how many had come there. */
  mark: { key: string | null; listed: number };
  /** Ranges cut off it that were empty, since the last cut along the cursor. */
  misses: number;
  /** The range that it was cut off. */
  readonly parent: OpenRange | null;
  /** No bound was found between cursor and end; until one of them moves there is none. */
  indivisible: boolean;
  /** Goes on where the last page ended in place of the cursor: for pages that came without anything to go on behind. */
  token: string | null;
}

/** Keys that a range about which nothing is known is taken to hold. */
export const UNKNOWN_KEYS = 20_000;

/** A range of which no page has come. */
export function openRange(
  slice: Slice,
  cursor: string | null,
  end: string | null,
  first: { keys: number; estimate: number; parent: OpenRange | null },
): OpenRange {
  return {
    slice,
    cursor,
    end,
    pages: 0,
    listed: 0,
    underWay: 0,
    firstPage: first.keys,
    estimate: first.estimate,
    pageFirst: null,
    mark: { key: cursor, listed: 0 },
    misses: 0,
    parent: first.parent,
    indivisible: false,
    token: null,
  };
}

/** Units that all keys of the range begin with: the slice's prefix, or more where cursor and end begin alike. */
export function commonUnits({ slice, cursor, end }: OpenRange): number {
  const least = slice.prefix.length;
  if (cursor === null || end === null || !cursor.startsWith(slice.prefix)) return least;
  return Math.max(least, commonPrefixLength(cursor, end));
}

/** What the keys of the range begin with. */
export function commonText(range: OpenRange): string {
  return (range.cursor ?? range.slice.prefix).slice(0, commonUnits(range));
}

/**
 * The prefix to ask for: the service ends the page where the keys of the range end. With a delimiter it must not reach behind one, because
 * the service looks for the delimiter behind the prefix.
 */
export function requestPrefix(range: OpenRange): string {
  const { prefix, delimiter } = range.slice;
  const { cursor } = range;
  if (cursor === null || !cursor.startsWith(prefix)) return prefix;
  const text = commonText(range);
  const cut = delimiter === '' ? -1 : text.indexOf(delimiter, prefix.length);
  return cut < 0 ? text : text.slice(0, cut);
}

/** Units that all keys of the last page begin with. */
export function pageUnits(range: OpenRange): number {
  return range.pageFirst === null || range.cursor === null ? 0 : commonPrefixLength(range.pageFirst, range.cursor);
}
