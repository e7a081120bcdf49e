/**
 * Globs on whole keys, as the AWS command line has them: `*` is any text, slashes too, because a key knows no folders. `?` is one character,
 * `[a-z]` one of a set, `[!a-z]` one outside, `{a,b}` either, `\` takes the meaning from what follows.
 */
import { checkLength, PatternError } from './pattern-error.ts';
import { ANY, type CharacterSet, literal, type Syntax } from './syntax.ts';

/** Reads a glob. @throws PatternError */
export function parseGlob(text: string): Syntax {
  checkLength(text);
  const body = new GlobReader(text).read();
  return { kind: 'sequence', parts: [{ kind: 'start' }, body, { kind: 'end' }] };
}

type Range = readonly [first: number, last: number];

class GlobReader {
  readonly #text: string;
  readonly #signs: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#signs = [...text];
  }

  read(): Syntax {
    const body = this.#sequence('');
    return body;
  }

  /** Up to one of the signs that end it, or to the end of the glob where there are none. */
  #sequence(ends: string): Syntax {
    const parts: Syntax[] = [];
    while (this.#at < this.#signs.length && !ends.includes(this.#signs[this.#at] as string)) parts.push(this.#part());
    return { kind: 'sequence', parts };
  }

  #part(): Syntax {
    const sign = this.#signs[this.#at++] as string;
    if (sign === '*') return { kind: 'repeat', part: ANY, least: 0, most: null };
    if (sign === '?') return ANY;
    if (sign === '[') return { kind: 'one', of: this.#set() };
    if (sign === '{') return this.#alternatives();
    return literal(codePointOf(sign === '\\' ? this.#escaped() : sign));
  }

  #alternatives(): Syntax {
    const parts: Syntax[] = [];
    for (;;) {
      parts.push(this.#sequence(',}'));
      const sign = this.#signs[this.#at++];
      if (sign === undefined) throw new PatternError(this.#text, 'has a { without its }; write \\{ for the character');
      if (sign === '}') return { kind: 'choice', parts };
    }
  }

  /** A `]` right at the beginning is a member. */
  #set(): CharacterSet {
    const isNegated = this.#signs[this.#at] === '!' || this.#signs[this.#at] === '^';
    if (isNegated) this.#at += 1;
    const ranges: Range[] = [this.#range()];
    while (this.#signs[this.#at] !== ']') ranges.push(this.#range());
    this.#at += 1;
    return (codePoint) => ranges.some(([first, last]) => first <= codePoint && codePoint <= last) !== isNegated;
  }

  #range(): Range {
    const first = this.#member();
    const isRange = this.#signs[this.#at] === '-' && this.#signs[this.#at + 1] !== ']' && this.#at + 1 < this.#signs.length;
    if (!isRange) return [first, first];
    this.#at += 1;
    const last = this.#member();
    if (last < first) throw new PatternError(this.#text, `has the range ${String.fromCodePoint(first)}-${String.fromCodePoint(last)}, which is empty`);
    return [first, last];
  }

  #member(): number {
    const sign = this.#signs[this.#at++];
    if (sign === undefined) throw new PatternError(this.#text, 'has a [ without its ]; write \\[ for the character');
    return codePointOf(sign === '\\' ? this.#escaped() : sign);
  }

  #escaped(): string {
    const sign = this.#signs[this.#at++];
    if (sign === undefined) throw new PatternError(this.#text, 'ends in a \\, which takes the meaning from what follows; write \\\\ for the character');
    return sign;
  }
}

function codePointOf(sign: string): number {
  return sign.codePointAt(0) as number;
}
