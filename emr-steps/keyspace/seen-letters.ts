/** What is known of the letters at one place of keys: which were seen, and where it was proven that there are none. */
import { CodePointSpans } from './code-point-spans.ts';

/** Letters kept at most: of a larger alphabet these are a sample, between which positions are interpolated. */
const MOST_LETTERS = 200;

const DIGITS = codePointsOf('0123456789');
const HEXADECIMAL = codePointsOf('0123456789abcdef');
const UPPER = codePointsOf('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
const LOWER = codePointsOf('abcdefghijklmnopqrstuvwxyz');

function codePointsOf(text: string): readonly number[] {
  return Array.from(text, (character) => character.codePointAt(0) as number);
}

/** Index of the first element that is not below `value`, in an ascending list. */
export function lowerBound(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether an ascending list holds `value`. */
export function holds(ascending: readonly number[], value: number): boolean {
  return ascending[lowerBound(ascending, value)] === value;
}

/** Letters that probably go with those seen: the whole class, for two digits or two capitals; ASCII letters and digits for a mixture. */
function relativesOf(seen: readonly number[]): readonly number[] {
  if (seen.length < 2) return [];
  const areAll = (kind: readonly number[]): boolean => seen.every((letter) => kind.includes(letter));
  const isSome = (kind: readonly number[]): boolean => seen.some((letter) => kind.includes(letter));
  const whole = [DIGITS, UPPER, LOWER].find(areAll);
  if (whole !== undefined) return whole;
  if (areAll(HEXADECIMAL)) return HEXADECIMAL;
  return [DIGITS, UPPER, LOWER].some(isSome) ? [...DIGITS, ...UPPER, ...LOWER] : [];
}

/** Letters of one place. */
export class SeenLetters {
  /** Ascending code points. */
  readonly seen: number[] = [];
  /** Code points that no key has here, proven by two neighbours, under at least one of the texts that lead here. */
  readonly absent = new CodePointSpans();
  /** Grows with every change. */
  version = 0;
  #relatives: readonly number[] | null = null;

  see(letter: number): void {
    const at = lowerBound(this.seen, letter);
    if (this.seen[at] === letter || this.seen.length >= MOST_LETTERS) return;
    this.seen.splice(at, 0, letter);
    this.#relatives = null;
    this.version += 1;
  }

  /** No letter stands between the two, ends exclusive. */
  miss(low: number, high: number): void {
    if (this.absent.add(low, high)) this.version += 1;
  }

  /** Letters that probably go with those seen; ascending. */
  get relatives(): readonly number[] {
    this.#relatives ??= relativesOf(this.seen);
    return this.#relatives;
  }
}
