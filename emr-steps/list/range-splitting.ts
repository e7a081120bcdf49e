/**
 * Where an open range is cut in two while it is listed. Every cut stands behind a whole beginning of keys (`prefix` and U+10FFFF), so that
 * the service itself ends the lower range's last page there.
 */
import { compareKeys } from '../keyspace/byte-order.ts';
import type { KeyAlphabet } from '../keyspace/key-alphabet.ts';
import { isSendable } from '../keyspace/key-range.ts';
import { unitsOf } from '../keyspace/letter-place.ts';
import { boundBehindPrefix } from '../keyspace/successor.ts';
import { commonUnits, type OpenRange, openRange, pageUnits, UNKNOWN_KEYS } from './open-range.ts';
import { isUncharted, restShares } from './range-measure.ts';

/** Keys that a range must be taken to hold, beyond the page under way, to be worth another request. */
const LEAST_TO_SPLIT = 2_000;
/** Keys asked for first where a cut is a guess: what they cost is lost where the range is empty. */
export const SPECULATIVE_PAGE = 200;
/** Keys asked for behind each beginning of the cursor: all that matters is which comes next. */
const PROBE = 1;
/** Cuts along the cursor at once. */
const MOST_PROBES = 64;
/** How far from the middle a cut may lie for a shorter bound, as a share of what is cut off. */
const TOLERANCE = 0.125;
/** A range whose first page is still to come is cut only between whole letters. */
const LEVELS_BEFORE_FIRST_PAGE = 1;
const ANY_LEVEL = 1_000;
/** Letters behind where the last page's keys part that are cut at too. */
const LETTERS_BEHIND_PAGE = 2;
/** What is left of a range that was cut along its cursor: about what the cuts' pages bring. */
const KEYS_OF_A_LEAF = 3_000;

/** Whether a bound cuts the range into two that may both hold keys, and can be sent. */
function isWithin(range: OpenRange, bound: string): boolean {
  if (range.cursor !== null && compareKeys(bound, range.cursor) <= 0) return false;
  if (range.end !== null && compareKeys(bound, range.end) >= 0) return false;
  return isSendable(bound);
}

/** Ends the range at the bound; what lies behind is the new range. */
function cutOff(range: OpenRange, bound: string, estimate: number, firstPage: number): OpenRange {
  const upper = openRange(range.slice, bound, range.end, { keys: firstPage, estimate, parent: range });
  range.end = bound;
  range.estimate = Math.max(0, range.estimate - estimate);
  return upper;
}

/** Units of the cursor behind which a cut may stand: the common beginning and one letter more, and so on down to where the last page parted. */
function depthsOf(range: OpenRange, cursor: string): readonly number[] {
  const least = commonUnits(range);
  const most = Math.max(least, pageUnits(range)) + LETTERS_BEHIND_PAGE;
  const depths: number[] = [];
  for (let at = least; at < most && at < cursor.length; ) {
    at += unitsOf(cursor.codePointAt(at) as number);
    if (at < cursor.length) depths.push(at);
  }
  return depths;
}

/** At most `most` of the depths: the deepest, and others at even distances. */
function spread(depths: readonly number[], most: number): readonly number[] {
  if (depths.length <= most) return depths;
  return Array.from({ length: most }, (_, index) => depths[depths.length - 1 - Math.floor((index * depths.length) / most)] as number).reverse();
}

/** Cuts behind each beginning of the cursor, shallow ones first, to learn at which depth there is anything else. */
function cutAlongCursor(range: OpenRange, idle: number): readonly OpenRange[] {
  const { cursor } = range;
  if (cursor === null || range.pages === 0) return [];
  const upper: OpenRange[] = [];
  for (const depth of spread(depthsOf(range, cursor), Math.max(1, Math.min(MOST_PROBES, idle)))) {
    const bound = boundBehindPrefix(cursor.slice(0, depth));
    if (isWithin(range, bound)) upper.push(cutOff(range, bound, UNKNOWN_KEYS / 2, PROBE));
  }
  range.misses = 0;
  range.estimate = Math.max(range.estimate, KEYS_OF_A_LEAF);
  return upper;
}

/** Cuts in the middle of what is left behind the page under way, as the alphabet measures it. */
function halve(alphabet: KeyAlphabet, range: OpenRange): readonly OpenRange[] {
  const { base, from, to } = restShares(alphabet, range);
  const span = to - from;
  const skipped = Math.min(0.5, range.underWay / range.estimate);
  const share = from + span * ((1 + skipped) / 2);
  const levels = range.pages === 0 ? LEVELS_BEFORE_FIRST_PAGE : ANY_LEVEL;
  const bound = alphabet.boundAt(base, share, span * (1 - skipped) * TOLERANCE, levels);
  if (bound === null || !isWithin(range, bound)) return [];
  const at = Math.min(to, Math.max(from, alphabet.shareBelow(bound, base.length)));
  return [cutOff(range, bound, span > 0 ? range.estimate * ((to - at) / span) : range.estimate / 2, SPECULATIVE_PAGE)];
}

function restOf(range: OpenRange): number {
  return range.estimate - range.underWay;
}

/** The range that is taken to hold the most; null where none holds enough. */
function largest(open: Iterable<OpenRange>): OpenRange | null {
  let most: OpenRange | null = null;
  for (const range of open) {
    if (range.indivisible || range.token !== null || restOf(range) < LEAST_TO_SPLIT) continue;
    if (most === null || restOf(range) > restOf(most)) most = range;
  }
  return most;
}

/**
 * Splits the largest of the open ranges that can be split.
 *
 * @param idle - requests that could be under way at once beside those that are
 * @returns what was cut off; nothing where no range is worth it
 */
export function splitLargest(alphabet: KeyAlphabet, open: Iterable<OpenRange>, idle: number): readonly OpenRange[] {
  for (let range = largest(open); range !== null; range = largest(open)) {
    const missed = range.misses > 0 && pageUnits(range) > commonUnits(range);
    const along = missed || isUncharted(alphabet, range) ? cutAlongCursor(range, idle) : [];
    const halves = along.length > 0 ? along : halve(alphabet, range);
    const cut = halves.length > 0 ? halves : cutAlongCursor(range, idle);
    if (cut.length > 0) return cut;
    range.indivisible = true;
  }
  return [];
}
