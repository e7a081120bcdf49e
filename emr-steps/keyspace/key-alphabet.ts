/**
 * What keys look like, learned letter by letter from keys that were listed, as a measure of the order of keys: the share of a range that
 * lies below a key, and the bound at a given share. Wrong guesses cost a request, never a key: any bound cuts a range into two that tile.
 */
import { LetterPlace, unitsOf } from './letter-place.ts';
import { type Guessing, LetterScale, type ScaleStep } from './letter-scale.ts';
import { SeenLetters } from './seen-letters.ts';
import { boundBehindPrefix, LAST_CODE_POINT } from './successor.ts';

const LAST = LAST_CODE_POINT.codePointAt(0) as number;
const BEHIND_ALL = LAST + 1;
/** Letters behind the one in which two neighbours part that still say something about their folders. */
const DEPTH_OF_PROOF = 4;
/** Letters behind where a page's keys part that are worth learning: what lies deeper is smaller than a page. */
export const LETTERS_LEARNED = 4;
/** Below this share of the range a position is exact enough. */
const FINEST_SHARE = 1e-13;
/** Places learned at most, so that memory stays flat whatever the keys are. */
const MOST_PLACES = 20_000;
/** Units beyond which bounds are not made: a bound is sent as a key, which S3 limits to 1,024 bytes. */
const LONGEST_BOUND = 1000;

/** What is known of one letter of a key, among those that may stand in its place behind the same text. */
export interface LetterShare {
  /** Unit of the key at which it begins. */
  readonly at: number;
  /** Share, of all that begins with the text before it, that lies below it and up to its end; null: nothing is known of its place. */
  readonly span: { readonly from: number; readonly to: number } | null;
  /** No later letter is known at its place, nor was it proven that there is none. */
  readonly isUncharted: boolean;
}

interface CachedScale {
  readonly version: number;
  readonly scale: LetterScale;
}

function letterAt(key: string, at: number): number | undefined {
  return key.codePointAt(at);
}

function isRun(step: ScaleStep): boolean {
  return step.first !== step.last;
}

/** A code point that has UTF-8, at or below the given one. */
function encodable(codePoint: number): number {
  return codePoint >= 0xd800 && codePoint < 0xe000 ? 0xd7ff : codePoint;
}

/** Learns from keys and from gaps between neighbours. */
export class KeyAlphabet {
  readonly #places = new Map<number, SeenLetters>();
  readonly #contexts = new Map<number, SeenLetters>();
  readonly #scales = new Map<number, CachedScale>();

  readonly #guessing: Guessing;

  /** @param guessing - default `careful` */
  constructor(guessing: Guessing = 'careful') {
    this.#guessing = guessing;
  }

  /** Places that something is known of. */
  get size(): number {
    return this.#places.size;
  }

  /** Takes in the letters of a key from unit `from` up to unit `to`. */
  learn(key: string, from: number, to: number): void {
    const place = LetterPlace.in(key, from);
    const end = Math.min(to, key.length);
    for (let at = from; at < end; ) {
      const letter = letterAt(key, at) as number;
      if (letter === LAST) return;
      this.#lettersOf(this.#places, place.id)?.see(letter);
      this.#lettersOf(this.#contexts, place.contextId)?.see(letter);
      at += unitsOf(letter);
      place.step(letter);
    }
  }

  /**
   * Takes in that no key stands between two, which may be bounds; both begin with the same `common` units.
   *
   * @param depth - letters behind the one in which they part that say something too: all of them where the lower one is a short bound
   */
  learnGap(low: string, high: string, common: number, depth = DEPTH_OF_PROOF): void {
    const place = LetterPlace.in(low, common);
    const [above, below] = [letterAt(low, common) ?? -1, letterAt(high, common) ?? BEHIND_ALL];
    this.#miss(place, above, below);
    if (above >= 0 && above !== LAST) this.#missBeside(low, common, depth, true);
    if (below < LAST) this.#missBeside(high, common, DEPTH_OF_PROOF, false);
  }

  /** The share of all that begins with the first `from` units of the key that lies below the key. */
  shareBelow(key: string, from: number): number {
    const place = LetterPlace.in(key, from);
    let [share, width] = [0, 1];
    for (let at = from; at < key.length && width > FINEST_SHARE; ) {
      const letter = letterAt(key, at) as number;
      const scale = this.#scaleAt(place);
      if (scale === undefined) return letter === LAST ? share + width : share;
      const step = scale.stepAt(letter);
      if (step === undefined) return share + width;
      share += width * step.from;
      if (letter < step.first) return share;
      width *= step.to - step.from;
      if (isRun(step)) return share + (width * (letter - step.first)) / (step.last - step.first + 1);
      at += unitsOf(letter);
      place.step(letter);
    }
    return share;
  }

  /**
   * A bound behind a whole folder or beginning of keys, near `share` of all that begins with `prefix`, as short as `tolerance` allows.
   *
   * @param mostLevels - how many letters that vary may be fixed; behind the last the nearest bound is taken
   * @returns null where nothing is known behind `prefix`
   */
  boundAt(prefix: string, share: number, tolerance: number, mostLevels: number): string | null {
    const place = LetterPlace.in(prefix, prefix.length);
    let text = prefix;
    let [from, width, levels] = [0, 1, 0];
    for (;;) {
      const scale = width < FINEST_SHARE || text.length > LONGEST_BOUND ? undefined : this.#scaleAt(place);
      if (scale === undefined) return text === prefix ? null : boundBehindPrefix(text);
      const index = scale.indexOfShare((share - from) / width);
      const step = scale.steps[index] as ScaleStep;
      const [low, high] = [from + width * step.from, from + width * step.to];
      if (isRun(step)) return boundBehindPrefix(text + letterOfRun(step, (share - low) / (high - low)));
      if (scale.steps.length > 1) {
        levels += 1;
        const [toLow, toHigh] = [index > 0 ? share - low : Number.POSITIVE_INFINITY, Math.abs(high - share)];
        if (levels >= mostLevels || Math.min(toLow, toHigh) <= tolerance) {
          return boundBehindPrefix(text + String.fromCodePoint(encodable((toHigh <= toLow ? step : (scale.steps[index - 1] as ScaleStep)).last)));
        }
      }
      text += String.fromCodePoint(step.first);
      place.step(step.first);
      [from, width] = [low, high - low];
    }
  }

  /** What is known of a key's letters from unit `from` up to unit `to`, one after the other. */
  sharesAlong(key: string, from: number, to: number): readonly LetterShare[] {
    const place = LetterPlace.in(key, from);
    const shares: LetterShare[] = [];
    for (let at = from; at < Math.min(to, key.length); ) {
      const letter = letterAt(key, at) as number;
      const scale = this.#scaleAt(place);
      const step = scale?.stepAt(letter);
      const span = scale === undefined ? null : spanOf(step, letter);
      const goesOn = scale?.goesOnBehind(letter) === true;
      shares.push({ at, span, isUncharted: !goesOn && this.#places.get(place.id)?.absent.has(letter + 1) !== true });
      at += unitsOf(letter);
      place.step(letter);
    }
    return shares;
  }

  /** Whether, of a key's letters from unit `from` up to unit `to`, any may have others behind it in the keys that begin alike. */
  mayBranch(key: string, from: number, to: number): boolean {
    const place = LetterPlace.in(key, from);
    for (let at = from; at < to; ) {
      const letter = letterAt(key, at) as number;
      if (this.#scaleAt(place)?.goesOnBehind(letter) === true) return true;
      at += unitsOf(letter);
      place.step(letter);
    }
    return false;
  }

  /** Below the letter in which two neighbours part, the lower one's further letters are the last of theirs, the higher one's the first. */
  #missBeside(key: string, common: number, most: number, isLower: boolean): void {
    const first = letterAt(key, common) as number;
    const place = LetterPlace.in(key, common);
    place.step(first);
    let at = common + unitsOf(first);
    for (let depth = 0; depth < most && at < key.length; depth += 1) {
      const letter = letterAt(key, at) as number;
      this.#miss(place, isLower ? letter : -1, isLower ? BEHIND_ALL : letter);
      if (letter === LAST) return;
      at += unitsOf(letter);
      place.step(letter);
    }
    if (isLower && at >= key.length) this.#miss(place, -1, BEHIND_ALL);
  }

  #miss(place: LetterPlace, low: number, high: number): void {
    this.#lettersOf(this.#places, place.id)?.miss(low, high);
    this.#lettersOf(this.#contexts, place.contextId)?.miss(low, high);
  }

  #lettersOf(map: Map<number, SeenLetters>, id: number): SeenLetters | undefined {
    const known = map.get(id);
    if (known !== undefined || map.size >= MOST_PLACES) return known;
    const made = new SeenLetters();
    map.set(id, made);
    return made;
  }

  #scaleAt(place: LetterPlace): LetterScale | undefined {
    const letters = this.#places.get(place.id);
    if (letters === undefined || letters.seen.length === 0) return undefined;
    const context = this.#contexts.get(place.contextId);
    const version = letters.version + (context?.version ?? 0);
    const cached = this.#scales.get(place.contextId);
    if (cached?.version === version) return cached.scale;
    const scale = LetterScale.of(letters, context, this.#guessing);
    if (this.#scales.size >= MOST_PLACES) this.#scales.clear();
    this.#scales.set(place.contextId, { version, scale });
    return scale;
  }
}

/** Where a letter lies on the scale of its place. */
function spanOf(step: ScaleStep | undefined, letter: number): { readonly from: number; readonly to: number } {
  if (step === undefined) return { from: 1, to: 1 };
  if (letter < step.first) return { from: step.from, to: step.from };
  const width = (step.to - step.from) / (step.last - step.first + 1);
  return { from: step.from + width * (letter - step.first), to: step.from + width * (letter - step.first + 1) };
}

function letterOfRun(step: ScaleStep, share: number): string {
  const part = Math.min(1, Math.max(0, share));
  return String.fromCodePoint(encodable(step.first + Math.floor((step.last - step.first) * part)));
}
