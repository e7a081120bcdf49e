/**
 * Which page to ask for next, so that every connection has work until the end: the open ranges of all partitions, split while they are
 * listed. Pure: it sends nothing and knows no clock. A range leaves the plan only by its last page.
 */
import { commonPrefixLength, compareKeys } from '../keyspace/byte-order.ts';
import { KeyAlphabet, LETTERS_LEARNED } from '../keyspace/key-alphabet.ts';
import { boundBehindPrefix } from '../keyspace/successor.ts';
import { ListingStuckError } from './listing-stuck-error.ts';
import { type OpenRange, openRange, requestPrefix, type Slice, UNKNOWN_KEYS } from './open-range.ts';
import { estimateRest } from './range-measure.ts';
import { SPECULATIVE_PAGE, splitLargest } from './range-splitting.ts';

/** S3's limit on the keys of a page. */
export const WHOLE_PAGE = 1_000;
/** How many times the keys that are expected a last page asks for; and a few more. */
const LAST_PAGE_FACTOR = 1.5;
const LAST_PAGE_RESERVE = 20;
const LARGEST_SHORT_PAGE = 900;

/** A page to ask for. */
export interface PageRequest {
  readonly range: OpenRange;
  readonly prefix: string;
  readonly delimiter: string;
  readonly startAfter: string | null;
  /** In place of `startAfter`. */
  readonly token: string | null;
  readonly maxKeys: number;
}

/** What came. */
export interface PageResult {
  /** Keys that lie in the range, as its end stood when they were written. */
  readonly kept: number;
  /** Whether the service has more behind this page. */
  readonly truncated: boolean;
  /** First key of the page, or null; kept or not. */
  readonly first: string | null;
  /** What the page reaches up to: its last key, or a bound behind its last common prefix; null where it has neither. */
  readonly last: string | null;
  readonly token: string | null;
  /** Some neighbours among the page's keys, for the alphabet. */
  readonly neighbours: readonly (readonly [string, string])[];
}

/** The ranges of a task. */
export class RangePlan {
  readonly #slots: number;
  readonly #alphabet = new KeyAlphabet();
  readonly #open = new Set<OpenRange>();
  readonly #waiting: OpenRange[] = [];
  #underWay = 0;
  #listed = 0;

  /** @param slots - requests that may be under way at once */
  constructor(slots: number) {
    this.#slots = slots;
  }

  /** Ranges that are not closed. */
  get open(): number {
    return this.#open.size;
  }

  /** Ranges that wait for a connection. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Opens a range of a partition. */
  add(slice: Slice, startAfter: string | null, end: string | null): void {
    this.#wait(openRange(slice, startAfter, end, { keys: WHOLE_PAGE, estimate: UNKNOWN_KEYS / 2, parent: null }));
  }

  /** The page to ask for next; null where there is none at present. */
  next(): PageRequest | null {
    if (this.#waiting.length === 0) for (const range of splitLargest(this.#alphabet, this.#open, this.#slots - this.#underWay)) this.#wait(range);
    const range = this.#takeLargest();
    if (range === undefined) return null;
    const maxKeys = keysToAskFor(range);
    range.underWay = maxKeys;
    this.#underWay += 1;
    const { cursor, token } = range;
    return { range, prefix: requestPrefix(range), delimiter: range.slice.delimiter, startAfter: token === null ? cursor : null, token, maxKeys };
  }

  /**
   * Takes a page in. The range is closed when it was its last.
   *
   * @throws ListingStuckError
   */
  settle(request: PageRequest, page: PageResult): void {
    const { range } = request;
    this.#underWay -= 1;
    this.#listed += page.kept;
    range.underWay = 0;
    range.pages += 1;
    range.listed += page.kept;
    this.#learn(request, page);
    if (!page.truncated || (range.end !== null && page.last !== null && compareKeys(page.last, range.end) >= 0)) this.#close(range);
    else this.#goOn(request, page);
  }

  #wait(range: OpenRange): void {
    this.#open.add(range);
    this.#waiting.push(range);
  }

  #takeLargest(): OpenRange | undefined {
    const waiting = this.#waiting;
    let most = 0;
    for (let at = 1; at < waiting.length; at += 1) if ((waiting[at] as OpenRange).estimate > (waiting[most] as OpenRange).estimate) most = at;
    const range = waiting[most];
    const last = waiting.pop();
    if (range !== last) waiting[most] = last as OpenRange;
    return range;
  }

  #close(range: OpenRange): void {
    this.#open.delete(range);
    if (range.listed === 0 && range.parent !== null) {
      range.parent.misses += 1;
      range.parent.indivisible = false;
    }
  }

  #goOn({ range, prefix, token }: PageRequest, page: PageResult): void {
    const before = range.cursor;
    if (page.last === null || (before !== null && compareKeys(page.last, before) <= 0)) {
      if (page.token === null || page.token === token) throw new ListingStuckError(prefix, before);
      range.token = page.token;
    } else {
      range.token = null;
      range.cursor = page.last;
      range.pageFirst = page.first;
      range.indivisible = false;
      estimateRest(this.#alphabet, range, before, page.kept, this.#listed);
    }
    this.#waiting.push(range);
  }

  #learn({ range, prefix, startAfter }: PageRequest, page: PageResult): void {
    const { first, last } = page;
    const from = range.slice.prefix.length;
    if (first !== null && last !== null) {
      const parting = commonPrefixLength(first, last);
      const to = parting + LETTERS_LEARNED;
      this.#alphabet.learn(first, from, to);
      this.#alphabet.learn(last, parting, to);
      for (const [low, high] of page.neighbours) this.#learnNeighbours(low, high, parting, to);
    }
    if (startAfter?.startsWith(prefix)) this.#learnGap(startAfter, first ?? boundBehindPrefix(prefix));
    if (!page.truncated && last !== null) this.#learnGap(last, boundBehindPrefix(prefix));
  }

  #learnNeighbours(low: string, high: string, from: number, to: number): void {
    this.#alphabet.learn(low, from, to);
    this.#alphabet.learn(high, from, to);
    if (commonPrefixLength(low, high) < to) this.#learnGap(low, high);
  }

  #learnGap(low: string, high: string): void {
    this.#alphabet.learnGap(low, high, commonPrefixLength(low, high));
  }
}

/** A whole page, fewer for a guess, and not many more than are expected before the end of the range. */
function keysToAskFor(range: OpenRange): number {
  if (range.pages === 0) return range.firstPage;
  const expected = range.estimate * LAST_PAGE_FACTOR;
  if (range.end === null || expected >= LARGEST_SHORT_PAGE) return WHOLE_PAGE;
  return Math.max(SPECULATIVE_PAGE, Math.ceil(expected) + LAST_PAGE_RESERVE);
}
