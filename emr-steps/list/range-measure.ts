/** How many keys a range still holds, guessed from how far the last ones went on the alphabet's measure. */
import type { KeyAlphabet } from '../keyspace/key-alphabet.ts';
import { commonText, commonUnits, type OpenRange, pageUnits, UNKNOWN_KEYS } from './open-range.ts';

/** Keys that must have come before their density is extrapolated. */
const LEAST_FOR_DENSITY = 50;
/** Share of the measure below which its rounding would be extrapolated. */
const LEAST_SHARE = 1e-9;
/** No range is taken to hold more than this many times what was listed in all. */
const MOST_GROWTH = 20;
/** A range that gave so many pages goes on: half as many keys again, at least. */
const PAGES_OF_A_LARGE_RANGE = 3;
const LARGE_RANGE_GROWTH = 0.5;

/** Where the rest of a range lies on the alphabet's measure of what its keys have in common. */
export interface RestShares {
  readonly base: string;
  /** Share below the cursor. */
  readonly from: number;
  /** Share up to the end. */
  readonly to: number;
}

/** Places the rest of a range. */
export function restShares(alphabet: KeyAlphabet, range: OpenRange): RestShares {
  const base = commonText(range);
  const from = range.cursor === null ? 0 : alphabet.shareBelow(range.cursor, base.length);
  return { base, from, to: range.end === null ? 1 : alphabet.shareBelow(range.end, base.length) };
}

/**
 * Whether nothing is known of what stands beside the path to the last page: its keys begin with more than the range's keys must, and no
 * letter of that surplus was seen to have others behind it.
 */
export function isUncharted(alphabet: KeyAlphabet, range: OpenRange): boolean {
  if (range.cursor === null || range.listed < 2) return false;
  const [from, to] = [commonUnits(range), pageUnits(range)];
  return to > from && !alphabet.mayBranch(range.cursor, from, to);
}

/** The measure's start must lie in what the rest has in common; else what was listed before does not count. */
function moveMark(range: OpenRange, base: string, before: string | null, kept: number): void {
  const { key } = range.mark;
  if (key === null || key.startsWith(base)) return;
  range.mark = { key: before?.startsWith(base) ? before : null, listed: range.listed - kept };
}

/**
 * Guesses anew after a page.
 *
 * @param before - the cursor before the page
 * @param kept - keys of the page that lie in the range
 * @param listed - keys that were listed in all
 */
export function estimateRest(alphabet: KeyAlphabet, range: OpenRange, before: string | null, kept: number, listed: number): void {
  const { base, from, to } = restShares(alphabet, range);
  moveMark(range, base, before, kept);
  const width = from - (range.mark.key === null ? 0 : alphabet.shareBelow(range.mark.key, base.length));
  const counted = range.listed - range.mark.listed;
  const extrapolated = counted >= LEAST_FOR_DENSITY && width > LEAST_SHARE ? (counted / width) * Math.max(0, to - from) : range.estimate - kept;
  const bounded = Math.min(extrapolated, Math.max(UNKNOWN_KEYS, MOST_GROWTH * listed));
  const least = isUncharted(alphabet, range) ? UNKNOWN_KEYS : range.pages >= PAGES_OF_A_LARGE_RANGE ? range.listed * LARGE_RANGE_GROWTH : 0;
  range.estimate = Math.max(bounded, least);
}
