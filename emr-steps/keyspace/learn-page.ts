/** What an alphabet learns from a page. */
import { commonPrefixLength, compareKeys } from './byte-order.ts';
import { type KeyAlphabet, LETTERS_LEARNED } from './key-alphabet.ts';
import type { KeyPage } from './key-page.ts';
import type { KeyRange } from './key-range.ts';
import { boundBehindPrefix } from './successor.ts';

/** Pairs of neighbours of a page that are learned from. */
const NEIGHBOURS = 6;

/** Takes in a page of what lies behind `startAfter`. @param prefix - what every key begins with */
export function learnPage(alphabet: KeyAlphabet, prefix: string, { startAfter, end }: KeyRange, { count, keyAt, hasMore }: KeyPage): void {
  if (count === 0) {
    if (startAfter !== null) learnGap(alphabet, startAfter, end ?? boundBehindPrefix(prefix));
    return;
  }
  const [first, last] = [keyAt(0), keyAt(count - 1)];
  const parting = commonPrefixLength(first, last);
  const to = parting + LETTERS_LEARNED;
  alphabet.learn(first, prefix.length, to);
  alphabet.learn(last, parting, to);
  for (let index = 0; index < NEIGHBOURS && count > 1; index += 1) {
    const place = Math.floor((index * (count - 1)) / NEIGHBOURS);
    learnNeighbours(alphabet, keyAt(place), keyAt(place + 1), parting, to);
  }
  if (startAfter !== null) learnGap(alphabet, startAfter, first);
  const behind = end ?? boundBehindPrefix(prefix);
  if (!hasMore && compareKeys(last, behind) < 0) learnGap(alphabet, last, behind);
}

function learnNeighbours(alphabet: KeyAlphabet, low: string, high: string, from: number, to: number): void {
  alphabet.learn(low, from, to);
  alphabet.learn(high, from, to);
  const common = commonPrefixLength(low, high);
  if (common < to) alphabet.learnGap(low, high, common);
}

/** Of a bound every letter is chosen, so that every one of them says something. */
function learnGap(alphabet: KeyAlphabet, low: string, high: string): void {
  alphabet.learnGap(low, high, commonPrefixLength(low, high), low.length);
}
