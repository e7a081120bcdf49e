/** Where a letter of a key stands: in which folder level, how far behind the slash, behind which letter. */

const SLASH = 0x2f;
/** Letters of a folder name that are told apart; longer names share the last place. */
const MOST_OFFSETS = 4096;
/** Code points and "none before it". */
const LETTERS = 0x110001;

/** Length of a code point in UTF-16 units. */
export function unitsOf(codePoint: number): 1 | 2 {
  return codePoint > 0xffff ? 2 : 1;
}

/**
 * Walks along a key, letter by letter. Places are counted behind the last slash, so that names of different length in one level
 * do not shift what stands in the next.
 */
export class LetterPlace {
  #level = 0;
  #offset = 0;
  #before = 0x110000;

  /** The place of the letter at unit `end` of a key: what the text before it leads to. */
  static in(key: string, end: number): LetterPlace {
    const place = new LetterPlace();
    for (let at = 0; at < end; ) {
      const letter = key.codePointAt(at) as number;
      place.step(letter);
      at += unitsOf(letter);
    }
    return place;
  }

  /** Goes behind a letter. */
  step(letter: number): void {
    this.#before = letter;
    if (letter === SLASH) {
      this.#level += 1;
      this.#offset = 0;
    } else if (this.#offset < MOST_OFFSETS - 1) {
      this.#offset += 1;
    }
  }

  /** One number a place. */
  get id(): number {
    return this.#level * MOST_OFFSETS + this.#offset;
  }

  /** One number a place and letter before it. */
  get contextId(): number {
    return this.id * LETTERS + this.#before;
  }
}
