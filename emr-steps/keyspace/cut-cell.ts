/** Where a cell is cut in two: in the middle of what it is taken to hold, or, where that is a mere guess, between its levels. */
import { compareKeys } from './byte-order.ts';
import type { KeyAlphabet } from './key-alphabet.ts';
import { isSendable } from './key-range.ts';
import { type RestGroup, restGroups } from './rest-groups.ts';
import type { Cell, CellPage, SeenCell } from './sample-cell.ts';
import { boundBehindPrefix } from './successor.ts';

/** What a cell of which a level is uncharted is taken to hold there: enough to be looked into. */
const UNCHARTED_KEYS = 100_000;
/** A cell that seems to hold so many times what was expected is not believed. */
const SURPRISE = 4;
/** Share of the most likely groups that makes a level worth a question. */
const LEAST_SHARE = 0.02;
/** How far from the middle a cut may lie for a shorter bound. */
const TOLERANCE = 0.1;
/** Below this share of a group a cut stands before it. */
const AT_ITS_START = 0.1;
const ANY_LEVEL = 1_000;

/** A cut. */
export interface Cut {
  readonly bound: string;
  /** Keys behind it, guessed. */
  readonly keysBehind: number;
  /** It follows from nothing but that something may be there. */
  readonly isBlind: boolean;
}

/** What a cell is taken to hold behind its page. */
export function restOf(groups: readonly RestGroup[]): number {
  const unknown = groups.some(({ isUncharted }) => isUncharted) ? UNCHARTED_KEYS : 0;
  return groups.reduce((sum, { keys }) => sum + keys, unknown);
}

/**
 * What of it is believed: where the page passed over whole folders, the one in which it ended is taken to be no larger than all of these
 * together, until somebody has looked.
 */
export function believedRest({ count }: CellPage, groups: readonly RestGroup[]): number {
  // Keys of the page that do not begin as the rest must were passed over too.
  const isAlike = groups.every(({ seen }, index) => index > 0 || seen === count);
  const passed = isAlike ? groups.findIndex(({ isPassed }) => isPassed) : -1;
  if (isAlike && passed < 0) return restOf(groups);
  return restOf(groups.slice(0, passed + 1)) + Math.min(count, restOf(groups.slice(passed + 1)));
}

/** Whether a bound cuts the cell into two that may both hold keys, and can be sent. */
function isWithin({ page, end }: SeenCell, bound: string): boolean {
  if (compareKeys(bound, page.last) <= 0 || (end !== null && compareKeys(bound, end) >= 0)) return false;
  return isSendable(bound);
}

/** Before a group's first key. */
function before({ last }: CellPage, { behind }: RestGroup): string {
  return boundBehindPrefix(last.slice(0, behind));
}

/** Behind the deepest level of which nothing is known, else between the levels that may hold something. */
function betweenLevels(page: CellPage, groups: readonly RestGroup[]): Cut | null {
  const unknown = groups.findLast(({ isUncharted }) => isUncharted);
  if (unknown !== undefined) return { bound: before(page, unknown), keysBehind: UNCHARTED_KEYS, isBlind: true };
  const most = Math.max(...groups.map(({ keys }) => keys));
  const worth = groups.filter(({ keys }) => keys > most * LEAST_SHARE * LEAST_SHARE);
  const group = worth[worth.length >> 1];
  if (group === undefined) return null;
  return { bound: before(page, group), keysBehind: restOf(groups.filter(({ at }) => at <= group.at)), isBlind: false };
}

/** In the middle of all groups. */
function inTheMiddle(alphabet: KeyAlphabet, page: CellPage, groups: readonly RestGroup[]): Cut | null {
  const half = groups.reduce((sum, { keys }) => sum + keys, 0) / 2;
  let passed = 0;
  for (const group of groups.toReversed()) {
    passed += group.keys;
    if (passed < half || group.keys === 0) continue;
    const share = 1 - (passed - half) / group.keys;
    const width = group.to - group.from;
    const bound = share < AT_ITS_START ? null : alphabet.boundAt(page.last.slice(0, group.at), group.from + width * share, width * TOLERANCE, ANY_LEVEL);
    return { bound: bound ?? before(page, group), keysBehind: Math.min(half, believedRest(page, groups)), isBlind: false };
  }
  return null;
}

/** Whether the guess follows from levels about which only other folders are known. */
function isSurprising({ predicted }: Cell, groups: readonly RestGroup[]): boolean {
  if (groups.some(({ isUncharted }) => isUncharted)) return true;
  const keys = restOf(groups);
  const inner = keys - (groups[0]?.keys ?? 0);
  return keys > SURPRISE * predicted && inner > keys * LEAST_SHARE && groups.length > 1;
}

/** A cut of the cell; null where there is none. */
export function cutOf(alphabet: KeyAlphabet, cell: SeenCell): Cut | null {
  const groups = restGroups(alphabet, cell);
  const { page } = cell;
  const cuts = isSurprising(cell, groups)
    ? [betweenLevels(page, groups), inTheMiddle(alphabet, page, groups)]
    : [inTheMiddle(alphabet, page, groups), betweenLevels(page, groups)];
  const starts = groups.map((group) => ({ bound: before(page, group), keysBehind: group.keys, isBlind: false }));
  return [...cuts, ...starts].find((cut) => cut !== null && isWithin(cell, cut.bound)) ?? null;
}

/** A question whether a folder in which the page ended goes on where others do not. */
export interface Doubt extends Cut {
  /** It does, if the next key begins with this. */
  readonly folder: string;
}

/** What is to be doubted of a cell; null: nothing. */
export function doubtOf(alphabet: KeyAlphabet, cell: SeenCell): Doubt | null {
  const groups = restGroups(alphabet, cell);
  const { page } = cell;
  const lowest = groups.findLastIndex(({ isDoubtful }) => isDoubtful);
  const deepest = groups[lowest];
  if (deepest === undefined || !isWithin(cell, before(page, deepest))) return null;
  const above = groups.slice(0, lowest).findLastIndex(({ isDoubtful }) => !isDoubtful);
  const keysBehind = restOf(groups.slice(0, lowest + 1));
  return { bound: before(page, deepest), folder: page.last.slice(0, (groups[above + 1] as RestGroup).at), keysBehind, isBlind: false };
}
