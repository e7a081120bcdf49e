/** A cell of the key space: a range of which the first keys were looked at. */
import { commonPrefixLength, compareKeys } from './byte-order.ts';
import type { KeyPage } from './key-page.ts';
import { unitsOf } from './letter-place.ts';

/** How many keys of a cell's page begin with the first units of its last key. */
export interface PageLevel {
  /** Units of the last key. */
  readonly at: number;
  readonly seen: number;
  /** Of these, how many begin with one letter more. */
  readonly seenBelow: number;
}

/** What is remembered of a page. */
export interface CellPage {
  readonly first: string;
  readonly last: string;
  /** Keys that lie in the cell. */
  readonly count: number;
  /** Shallow ones first, from where the cell's keys may part down to a little below where only one key of the page is left. */
  readonly levels: readonly PageLevel[];
}

/** What a cell was taken for before anybody looked. */
export interface Expected {
  /** Keys. */
  readonly predicted: number;
  /** The same as keys of the whole key space, if it were like that everywhere. */
  readonly density: number;
  /** Units of what every key of the key space begins with. */
  readonly prefixUnits: number;
}

/** A range and what was seen of it. */
export interface Cell extends Expected {
  readonly startAfter: string | null;
  end: string | null;
  /** Null while it is awaited, and where the cell is empty. */
  page: CellPage | null;
  /** The page holds all keys of the cell. */
  isExact: boolean;
  /** What it is taken to hold: not much more than was expected, until it is seen. */
  mass: number;
  /** What may be behind its page, however unlikely. */
  hidden: number;
  /** Its rest as a share of the whole key space, as the alphabet measures it. */
  measure: number;
  /** Nobody has asked whether the folder in which its page ended goes on where others do not. */
  isUndoubted: boolean;
  /** A cut of it is under way, or there is no bound to cut it at. */
  isClosed: boolean;
}

/** A cell with a page. */
export type SeenCell = Cell & { readonly page: CellPage };

/** A cell that nobody has looked into. */
export function newCell(startAfter: string | null, end: string | null, expected: Expected): Cell {
  return { startAfter, end, page: null, isExact: false, ...expected, mass: expected.predicted, hidden: 0, measure: 0, isUndoubted: true, isClosed: true };
}

/** Units that all of the cell's keys behind the page must begin with. */
export function commonUnits({ end, page }: Pick<Cell, 'end' | 'page'>): number {
  return end === null || page === null ? 0 : commonPrefixLength(page.last, end);
}

/** First place of the page, from `from` on, at which `holds`; it holds for all later ones. */
function firstPlace(from: number, count: number, holds: (index: number) => boolean): number {
  let [low, high] = [from, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Number of keys of the page up to and including `end`. */
export function countUpTo({ count, keyAt }: KeyPage, end: string | null): number {
  return end === null ? count : firstPlace(0, count, (index) => compareKeys(keyAt(index), end) > 0);
}

/** Levels noted of a single key. */
const LEVELS_OF_ONE = 3;

/** Notes a page in which every key lies in the cell, at least one. */
export function readPage({ count, keyAt }: KeyPage, end: string | null): CellPage {
  const last = keyAt(count - 1);
  const levels: PageLevel[] = [];
  let [place, single] = [0, 0];
  for (let at = end === null ? 0 : commonPrefixLength(last, end); at < last.length && single < LEVELS_OF_ONE; ) {
    const next = at + unitsOf(last.codePointAt(at) as number);
    const head = last.slice(0, next);
    const below = firstPlace(place, count, (index) => keyAt(index).startsWith(head));
    levels.push({ at, seen: count - place, seenBelow: count - below });
    if (count - place === 1) single += 1;
    place = below;
    at = next;
  }
  return { first: keyAt(0), last, count, levels };
}
