/** A set of code points as spans that do not touch, for what was proven to be empty. */

/** Spans kept at most; further ones are forgotten, which costs a guess and nothing else. */
const MOST_SPANS = 64;

/** Grows only. Ends of a span are exclusive: `add(0x30, 0x39)` takes in the digits 1 to 8. */
export class CodePointSpans {
  /** Low and high ends, in turn, ascending. */
  readonly #ends: number[] = [];

  /** Whether anything is new. */
  add(low: number, high: number): boolean {
    if (high - low <= 1) return false;
    const ends = this.#ends;
    let from = 0;
    while (from < ends.length && (ends[from + 1] as number) <= low) from += 2;
    if (from < ends.length && (ends[from] as number) <= low && (ends[from + 1] as number) >= high) return false;
    let [least, most, to] = [low, high, from];
    for (; to < ends.length && (ends[to] as number) < high; to += 2) {
      least = Math.min(least, ends[to] as number);
      most = Math.max(most, ends[to + 1] as number);
    }
    if (to === from && ends.length >= 2 * MOST_SPANS) return false;
    ends.splice(from, to - from, least, most);
    return true;
  }

  has(codePoint: number): boolean {
    const ends = this.#ends;
    for (let at = 0; at < ends.length; at += 2) {
      if (codePoint <= (ends[at] as number)) return false;
      if (codePoint < (ends[at + 1] as number)) return true;
    }
    return false;
  }

  /** What is left of `low` to `high` (both in it) without the spans: pairs of first and last code point. */
  without(low: number, high: number): readonly (readonly [number, number])[] {
    const left: [number, number][] = [];
    let first = low;
    for (let at = 0; at < this.#ends.length && first <= high; at += 2) {
      const [from, to] = [this.#ends[at] as number, this.#ends[at + 1] as number];
      if (to <= first) continue;
      if (from >= first) left.push([first, Math.min(from, high)]);
      first = Math.max(first, to);
    }
    if (first <= high) left.push([first, high]);
    return left;
  }
}
