/**
 * Regular expressions as JavaScript has them under the flags `u` and `s` (a dot is any character, line ends too), found anywhere in the key.
 * What cannot be matched in time that grows with the key alone is refused: references back, looking around, word borders.
 */
import { checkLength, PatternError } from './pattern-error.ts';
import { ANY, literal, type Syntax } from './syntax.ts';

const FLAGS = 'us';

/** Reads an expression. @throws PatternError */
export function parseExpression(text: string): Syntax {
  checkLength(text);
  try {
    new RegExp(text, FLAGS);
  } catch (error) {
    throw new PatternError(text, `is no regular expression: ${(error as Error).message.replace(/^.*: /s, '')}`);
  }
  return new ExpressionReader(text).read();
}

/** The forms of an escape; the syntax has been checked before. */
const ESCAPE = /^\\(?:[pP]\{[^}]*\}|u\{[0-9A-Fa-f]+\}|u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|c[A-Za-z]|.)/su;
const QUANTIFIER = /^(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})\??/;

class ExpressionReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Syntax {
    return this.#choice();
  }

  #choice(): Syntax {
    const parts = [this.#sequence()];
    while (this.#text[this.#at] === '|') {
      this.#at += 1;
      parts.push(this.#sequence());
    }
    return { kind: 'choice', parts };
  }

  #sequence(): Syntax {
    const parts: Syntax[] = [];
    while (this.#at < this.#text.length && this.#text[this.#at] !== '|' && this.#text[this.#at] !== ')') parts.push(this.#quantified(this.#atom()));
    return { kind: 'sequence', parts };
  }

  #atom(): Syntax {
    const sign = String.fromCodePoint(this.#text.codePointAt(this.#at) as number);
    if (sign === '(') return this.#group();
    if (sign === '[') return this.#native(this.#classLength());
    if (sign === '\\') return this.#escape();
    this.#at += sign.length;
    if (sign === '^') return { kind: 'start' };
    if (sign === '$') return { kind: 'end' };
    return sign === '.' ? ANY : literal(sign.codePointAt(0) as number);
  }

  #group(): Syntax {
    const opening = /^\((?:\?(?::|<(?![=!])[^>]*>))?/.exec(this.#text.slice(this.#at))?.[0] as string;
    if (opening === '(' && this.#text[this.#at + 1] === '?') throw new PatternError(this.#text, 'looks around or changes flags with (?; neither is done here');
    this.#at += opening.length;
    const inner = this.#choice();
    this.#at += 1;
    return inner;
  }

  #escape(): Syntax {
    const form = ESCAPE.exec(this.#text.slice(this.#at))?.[0] as string;
    if (/^\\[1-9k]/.test(form)) throw new PatternError(this.#text, `refers back with ${form}, which is not done here`);
    if (/^\\[bB]$/.test(form)) throw new PatternError(this.#text, `asks for a word border with ${form}, which is not done here`);
    return this.#native(form.length);
  }

  /** What stands for one character is left to JavaScript itself. */
  #native(length: number): Syntax {
    const one = new RegExp(`^(?:${this.#text.slice(this.#at, this.#at + length)})$`, FLAGS);
    this.#at += length;
    return { kind: 'one', of: (codePoint) => one.test(String.fromCodePoint(codePoint)) };
  }

  #classLength(): number {
    let end = this.#at + 1;
    while (this.#text[end] !== ']') end += this.#text[end] === '\\' ? 2 : 1;
    return end + 1 - this.#at;
  }

  #quantified(part: Syntax): Syntax {
    const [quantifier, least, comma, most] = QUANTIFIER.exec(this.#text.slice(this.#at)) ?? [];
    if (quantifier === undefined) return part;
    this.#at += quantifier.length;
    if (least === undefined) return { kind: 'repeat', part, least: quantifier[0] === '+' ? 1 : 0, most: quantifier[0] === '?' ? 1 : null };
    return { kind: 'repeat', part, least: Number(least), most: comma === undefined ? Number(least) : most === '' ? null : Number(most) };
  }
}
