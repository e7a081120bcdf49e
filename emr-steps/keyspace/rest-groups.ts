/**
 * How many keys a cell still holds behind its page. They are told apart by how much of the page's last key they begin with: each beginning of
 * it is a folder of a tree, in which the page passed over some keys on some way, and the rest of the way is taken to be like it. So a page
 * that ended early in a giant folder says much of the giant, and the page's other keys much of the giant's neighbours.
 */
import type { KeyAlphabet, LetterShare } from './key-alphabet.ts';
import { commonUnits, type PageLevel, type SeenCell } from './sample-cell.ts';
import { boundBehindPrefix } from './successor.ts';

/** The keys behind the page that have exactly this much in common with its last key. */
export interface RestGroup {
  /** Units in common. */
  readonly at: number;
  /** Unit behind the letter in which they part from the last key. */
  readonly behind: number;
  /** Keys of the page that have as much in common with its last key. */
  readonly seen: number;
  /** Keys, guessed. */
  readonly keys: number;
  /** Where they lie, as shares of all that begins alike. */
  readonly from: number;
  readonly to: number;
  /** Nothing is known of whether there are any, and what the page shows of the folder lies below one letter. */
  readonly isUncharted: boolean;
  /** The page shows more than one letter's keys. */
  readonly isPassed: boolean;
  /** In other folders there were none. */
  readonly isDoubtful: boolean;
}

/** Letters behind the last level that still place the last key. */
const FURTHER_LETTERS = 8;
/** Way below which nothing is extrapolated from it. */
const LEAST_WAY = 1e-12;
/** Where a letter lies of whose place nothing is known. */
const UNKNOWN_SHARE = 0.5;
/** A folder that has shown so many times what was expected of it is not believed to end where others do. */
const SURPRISE = 8;
/** Keys that it must have shown. */
const LEAST_CROWD = 100;
/** A folder with fewer than one in so many keys of the page says nothing of what is not there. */
const LEAST_PART = 16;
/** No group is taken to hold more. */
const MOST_KEYS = 1e13;

/** Share of the last key's folders that lies below it, by place in `letters`: deep ones first worked out. */
function sharesBelow(letters: readonly LetterShare[]): readonly number[] {
  const shares = new Array<number>(letters.length + 1).fill(UNKNOWN_SHARE);
  for (let index = letters.length - 1; index >= 0; index -= 1) {
    const { span } = letters[index] as LetterShare;
    shares[index] = span === null ? UNKNOWN_SHARE : span.from + (span.to - span.from) * (shares[index + 1] as number);
  }
  return shares;
}

/** The groups of a cell's rest, shallow ones first. */
export function restGroups(alphabet: KeyAlphabet, cell: SeenCell): readonly RestGroup[] {
  const { page } = cell;
  const base = commonUnits(cell);
  const levels = page.levels.filter(({ at }) => at >= base);
  const deepest = levels.at(-1);
  if (deepest === undefined) return [];
  const letters = alphabet.sharesAlong(page.last, base, deepest.at + FURTHER_LETTERS);
  const below = sharesBelow(letters);
  return levels.map((level, index) => {
    const letter = letters[index] as LetterShare;
    const behind = letters[index + 1]?.at ?? page.last.length;
    const limit = level.at === base && cell.end !== null ? alphabet.shareBelow(cell.end, base) : 1;
    const from = letter.span?.to ?? 1;
    const begins = page.first.startsWith(page.last.slice(0, level.at)) ? alphabet.shareBelow(page.first, level.at) : 0;
    const way = Math.max(LEAST_WAY, (below[index] as number) - begins);
    const keys = Math.min(MOST_KEYS, (level.seen * Math.max(0, limit - from)) / way);
    return {
      at: level.at,
      behind,
      seen: level.seen,
      keys,
      from,
      to: Math.max(from, limit),
      ...judged(alphabet, cell, level, { behind, base, isEnd: from >= limit, letter }),
    };
  });
}

/** What is not known of a level that shows no further letter. */
function judged(
  alphabet: KeyAlphabet,
  cell: SeenCell,
  { at, seen, seenBelow }: PageLevel,
  { behind, base, isEnd, letter }: { readonly behind: number; readonly base: number; readonly isEnd: boolean; readonly letter: LetterShare },
): Pick<RestGroup, 'isPassed' | 'isUncharted' | 'isDoubtful'> {
  const isUnseen = isEnd && seen === seenBelow && seen * LEAST_PART >= cell.page.count;
  const isStrange = isUnseen && (letter.isUncharted || (at > base && isCrowded(alphabet, cell, cell.page.last.slice(0, behind), seen)));
  return { isPassed: seenBelow < seen, isUncharted: isStrange, isDoubtful: isUnseen && !isStrange };
}

/** Whether a folder shows many more keys than were expected of it. */
function isCrowded(alphabet: KeyAlphabet, { density, prefixUnits }: SeenCell, folder: string, seen: number): boolean {
  if (seen < LEAST_CROWD) return false;
  const measure = alphabet.shareBelow(boundBehindPrefix(folder), prefixUnits) - alphabet.shareBelow(folder, prefixUnits);
  return seen > SURPRISE * density * measure;
}
