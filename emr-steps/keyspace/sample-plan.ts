/**
 * Finds out where the keys of a bucket are, by a few questions of the kind "which keys come next behind this bound". Pure: it sends nothing
 * and knows no clock. The key space is cut into cells, always the one that may hide the most; whoever asks stops when the cells are small
 * enough, or when enough was asked. What the plan believes costs evenness where it is wrong, never a key: any bounds tile.
 */

import { believedRest, type Cut, cutOf, doubtOf, restOf } from './cut-cell.ts';
import { evenBounds } from './even-bounds.ts';
import { KeyAlphabet } from './key-alphabet.ts';
import type { KeyPage, KeyProbe } from './key-page.ts';
import { learnPage } from './learn-page.ts';
import { restGroups } from './rest-groups.ts';
import { type Cell, countUpTo, type Expected, newCell, readPage, type SeenCell } from './sample-cell.ts';
import { boundBehindPrefix } from './successor.ts';

/** Keys of the first page, S3's limit: what holds no more needs no other. */
const WHOLE_PAGE = 1_000;
/** Keys of a page that is only to show how densely keys stand. */
const SHORT_PAGE = 200;
/** A cell that is taken to hold at most so many keys gets a whole page: it shows a good part of them. */
const SMALL_CELL = 20_000;
/** One question in so many asks whether a folder goes on; all of them, while more than one in so many of these is answered with yes. */
const DOUBTS = 4;
const CONFIRMED = 20;
/** A cell is taken to hold at most so many times what was expected of it, and so many times what was seen of all. */
const BELIEVED = 4;
const MOST_GROWTH = 100;
/** All cells are weighed anew when there are so many times as many. */
const REWEIGHED = 1.25;
const NOTHING_KNOWN = Number.POSITIVE_INFINITY;

/** A question and the cell that it is about. */
export interface CellProbe extends KeyProbe {
  readonly cell: Cell;
  /** The cell that it was cut off; null: the first. */
  readonly parent: Cell | null;
  /** Asked of a doubt: keys that begin with it confirm the doubt. */
  readonly folder: string | null;
}

/** What is known of a key space. */
export class SamplePlan {
  readonly #alphabet = new KeyAlphabet('generous');
  readonly #cells: Cell[] = [];
  /** Cells of which nobody has asked whether their page's last folder goes on. */
  readonly #undoubted: Cell[] = [];
  readonly #prefix: string;
  #first: CellProbe | null;
  #total = 0;
  #seen = 0;
  #weighed = 0;
  #asked = 0;
  #doubts = 0;
  #confirmed = 0;

  /** @param prefix - what every key begins with */
  constructor(prefix: string) {
    this.#prefix = prefix;
    const end = prefix === '' ? null : boundBehindPrefix(prefix);
    const cell = newCell(null, end, { predicted: NOTHING_KNOWN, density: NOTHING_KNOWN, prefixUnits: prefix.length });
    this.#first = { cell, parent: null, folder: null, startAfter: null, end, maxKeys: WHOLE_PAGE };
  }

  /** Keys of the whole, guessed; exact where every key was seen. */
  get total(): number {
    return this.#total;
  }

  /**
   * What to ask next; null where no cell may hide more, or an answer must come first.
   *
   * @param share - cells that may hide less than this share of all keys, and of the key space, are left alone
   * @param least - cells that may hide less than this are left alone too
   */
  next(share: number, least: number): CellProbe | null {
    const first = this.#first;
    this.#first = null;
    if (first !== null) return this.#ask(first);
    return this.#doubt() ?? this.#cut(Math.max(least, share * this.#total));
  }

  /** Takes an answer in. */
  settle({ cell, parent, folder, startAfter, end }: CellProbe, page: KeyPage): void {
    learnPage(this.#alphabet, this.#prefix, { startAfter, end }, page);
    const count = countUpTo(page, end);
    cell.isExact = count < page.count || !page.hasMore;
    if (count > 0) cell.page = readPage({ ...page, count }, end);
    this.#seen += count;
    if (folder !== null && count > 0 && page.keyAt(0).startsWith(folder)) {
      this.#confirmed += 1;
      cell.isUndoubted = true;
    }
    if (parent !== null) this.#weigh(parent);
    this.#weigh(cell);
    if (cell.isUndoubted) this.#undoubted.push(cell);
  }

  /** Rising bounds that cut the key space into at most so many parts of about the same size. */
  bounds(parts: number): readonly string[] {
    this.#weighAll(() => true);
    return evenBounds(this.#cells, parts);
  }

  #ask(probe: CellProbe): CellProbe {
    this.#asked += 1;
    this.#cells.push(probe.cell);
    if (probe.parent !== null) this.#total += probe.cell.mass;
    return probe;
  }

  /** Whether folders go on is asked of some cells all the time, and of all where the answer is often yes. */
  #doubt(): CellProbe | null {
    if (this.#doubts * DOUBTS >= this.#asked && this.#confirmed * CONFIRMED <= this.#doubts) return null;
    for (let cell = this.#undoubted.shift(); cell !== undefined; cell = this.#undoubted.shift()) {
      if (cell.isClosed || !isSeen(cell) || !cell.isUndoubted) continue;
      cell.isUndoubted = false;
      const doubt = doubtOf(this.#alphabet, cell);
      if (doubt === null) continue;
      this.#doubts += 1;
      return this.#split(cell, doubt, doubt.folder);
    }
    return null;
  }

  #cut(least: number): CellProbe | null {
    for (let cell = this.#largest(least); cell !== null; cell = this.#largest(least)) {
      const cut = cutOf(this.#alphabet, cell);
      if (cut !== null) return this.#split(cell, cut, null);
      cell.isClosed = true;
    }
    return null;
  }

  #split(cell: Cell, cut: Cut, folder: string | null): CellProbe {
    const upper = newCell(cut.bound, cell.end, this.#expected(cut, cell.end));
    if (folder !== null) upper.isUndoubted = false;
    cell.isClosed = true;
    cell.end = cut.bound;
    const maxKeys = cut.keysBehind < SMALL_CELL ? WHOLE_PAGE : SHORT_PAGE;
    return this.#ask({ cell: upper, parent: cell, folder, startAfter: cut.bound, end: upper.end, maxKeys });
  }

  #expected({ bound, keysBehind, isBlind }: Cut, end: string | null): Expected {
    const predicted = Math.max(1, Math.min(keysBehind, MOST_GROWTH * this.#seen));
    const measure = Math.max(Number.MIN_VALUE, this.#shareBelow(end) - this.#shareBelow(bound));
    return { predicted, density: isBlind ? NOTHING_KNOWN : predicted / measure, prefixUnits: this.#prefix.length };
  }

  /** Share of the whole key space, as the alphabet measures it. */
  #shareBelow(bound: string | null): number {
    return bound === null ? 1 : this.#alphabet.shareBelow(bound, this.#prefix.length);
  }

  #weigh(cell: Cell): void {
    const before = Number.isFinite(cell.mass) ? cell.mass : 0;
    const isOpen = isSeen(cell) && !cell.isExact;
    const groups = isOpen ? restGroups(this.#alphabet, cell) : [];
    const believed = isOpen ? believedRest(cell.page, groups) : 0;
    const unseen = cell.isExact ? 0 : cell.predicted;
    cell.hidden = restOf(groups);
    cell.mass = isSeen(cell) ? cell.page.count + Math.min(believed, BELIEVED * cell.predicted, MOST_GROWTH * this.#seen) : unseen;
    cell.measure = isOpen ? Math.max(0, this.#shareBelow(cell.end) - this.#shareBelow(cell.page.last)) : 0;
    cell.isClosed = !isOpen;
    this.#total += cell.mass - before;
  }

  /** The open cell that may hide the most; null where none reaches `least`. */
  #largest(least: number): SeenCell | null {
    if (this.#cells.length > this.#weighed * REWEIGHED) this.#weighAll(({ isClosed }) => !isClosed);
    let [most, found]: [number, SeenCell | null] = [least, null];
    for (const cell of this.#cells) {
      const hidden = Math.max(cell.hidden, cell.measure * this.#total);
      if (!cell.isClosed && hidden > most && isSeen(cell)) [most, found] = [hidden, cell];
    }
    return found;
  }

  #weighAll(which: (cell: Cell) => boolean): void {
    for (const cell of this.#cells) if (which(cell)) this.#weigh(cell);
    this.#weighed = this.#cells.length;
  }
}

function isSeen(cell: Cell): cell is SeenCell {
  return cell.page !== null;
}
