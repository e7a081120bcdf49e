/**
 * Reads markup in the bytes of an answer, tag after tag: no tree, no strings. It knows what listings hold and no more: no comments, no CDATA, no
 * `>` in an attribute.
 */

/** `<`. */
export const LESS = 0x3c;
const GREATER = 0x3e;
/** `/`. */
export const SLASH = 0x2f;
const QUESTION = 0x3f;
const EXCLAMATION = 0x21;
/** The last of the bytes that end a name. */
export const SPACE = 0x20;
/** Bytes of a value that are looked at one by one before the rest is searched by native code. */
const SHORT_VALUE = 64;

/** The answer is not the document that it should be. */
export class ListingSyntaxError extends Error {
  override readonly name = 'ListingSyntaxError';
  /** Byte of the answer at which it was found out. */
  readonly offset: number;

  constructor(reason: string, offset: number) {
    super(`${reason} at byte ${offset}`);
    this.offset = offset;
  }
}

/** What a tag does to its element. */
export type TagKind = 'open' | 'close' | 'empty';

/** Goes through one answer after the other. */
export class MarkupReader {
  body: Buffer = Buffer.alloc(0);
  #words: DataView = new DataView(new ArrayBuffer(0));
  /** Where it goes on. */
  protected at = 0;
  /** Where the name of the last tag begins. */
  protected nameStart = 0;
  /** And where it ends. */
  protected nameEnd = 0;

  /** Begins with another answer. */
  protected begin(bytes: Uint8Array): void {
    this.body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = 0;
  }

  /** The text up to the next tag, which must close the element that was just opened. */
  protected text(): string {
    const start = this.at;
    return this.body.toString('latin1', start, this.valueEnd());
  }

  /** Where the value that begins here ends; goes behind the tag that closes it. */
  protected valueEnd(): number {
    const [nameStart, nameEnd] = [this.nameStart, this.nameEnd];
    const end = this.endOfText(this.at);
    this.at = end;
    if (this.nextTag() !== 'close' || !this.isSame(nameStart, this.nameStart, nameEnd - nameStart) || this.nameEnd - this.nameStart !== nameEnd - nameStart) {
      throw this.error('a value is not closed');
    }
    return end;
  }

  /** Goes behind the end of the element that was just opened, whatever it holds; where its content ends. */
  protected skip(): number {
    for (let depth = 1; ; ) {
      const kind = this.nextTag();
      if (kind === 'open') depth += 1;
      else if (kind === 'close') depth -= 1;
      if (depth === 0) return this.nameStart - 2;
    }
  }

  protected endOfText(from: number): number {
    const { body } = this;
    const soon = Math.min(body.length, from + SHORT_VALUE);
    let at = from;
    while (at < soon && body[at] !== LESS) at += 1;
    if (at < soon) return at;
    const found = body.indexOf(LESS, at);
    if (found < 0) throw this.cut();
    return found;
  }

  /** Reads the next tag and goes behind it; its name stands between `nameStart` and `nameEnd`. */
  protected nextTag(): TagKind {
    const { body } = this;
    for (;;) {
      const start = body.indexOf(LESS, this.at);
      const end = start < 0 ? -1 : body.indexOf(GREATER, start + 1);
      if (end < 0) throw this.cut();
      this.at = end + 1;
      const second = body[start + 1] as number;
      if (second === QUESTION) continue;
      if (second === EXCLAMATION) throw this.error('a comment, CDATA or DOCTYPE, which no listing has');
      const isClose = second === SLASH;
      const isEmpty = !isClose && body[end - 1] === SLASH;
      this.nameStart = isClose ? start + 2 : start + 1;
      this.nameEnd = this.nameStart;
      const nameLimit = isEmpty ? end - 1 : end;
      while (this.nameEnd < nameLimit && (body[this.nameEnd] as number) > SPACE) this.nameEnd += 1;
      return isClose ? 'close' : isEmpty ? 'empty' : 'open';
    }
  }

  protected isNamed(name: string): boolean {
    if (this.nameEnd - this.nameStart !== name.length) return false;
    for (let i = 0; i < name.length; i += 1) if (this.body[this.nameStart + i] !== name.charCodeAt(i)) return false;
    return true;
  }

  protected error(reason: string): ListingSyntaxError {
    return new ListingSyntaxError(reason, this.at);
  }

  protected cut(): ListingSyntaxError {
    return new ListingSyntaxError('the answer is cut off', this.body.length);
  }

  /** Whether `length` bytes are the same at two places; four at a time. */
  protected isSame(a: number, b: number, length: number): boolean {
    if (b + length > this.body.length) return false;
    const words = this.#words;
    const last = length - 4;
    for (let i = 0; i < last; i += 4) if (words.getInt32(a + i, true) !== words.getInt32(b + i, true)) return false;
    if (last >= 0) return words.getInt32(a + last, true) === words.getInt32(b + last, true);
    for (let i = 0; i < length; i += 1) if (this.body[a + i] !== this.body[b + i]) return false;
    return true;
  }
}
