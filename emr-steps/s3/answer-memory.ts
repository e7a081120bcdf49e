/**
 * Memory for whole answers that is used again: a page of a listing is read at once and then forgotten, and a million keys are 230 MB of pages.
 */

/** Answers whose memory is kept for the next ones: so many come side by side, at most, in practice. */
const MOST_KEPT = 16;
/** Room beyond what was asked for, since the next page may be longer. */
const GROWTH = 1.25;

/** Lends memory for one answer after the other. */
export class AnswerMemory {
  readonly #idle: ArrayBuffer[] = [];
  readonly #own = new WeakSet<ArrayBufferLike>();
  /** Length of the last answer: the next is often as long. */
  #usual = 0;

  /** Puts an answer together as it comes. */
  gather(): GatheredAnswer {
    return new GatheredAnswer(this);
  }

  /** At least `length` bytes, and room for a usual answer. Lost, not lent twice, where they never come back. */
  take(length: number): Uint8Array {
    const least = Math.max(length, this.#usual);
    const at = this.#idle.findLastIndex((memory) => memory.byteLength >= least);
    const memory = at < 0 ? new ArrayBuffer(Math.ceil(least * GROWTH)) : (this.#idle.splice(at, 1)[0] as ArrayBuffer);
    this.#own.add(memory);
    return new Uint8Array(memory);
  }

  /** The bytes are no longer needed. Those that were not lent here are left alone. */
  giveBack({ buffer, length }: Uint8Array): void {
    if (!this.#own.has(buffer) || this.#idle.includes(buffer as ArrayBuffer)) return;
    this.#usual = length;
    this.#idle.push(buffer as ArrayBuffer);
    if (this.#idle.length > MOST_KEPT) this.#idle.shift();
  }
}

/** An answer on its way into lent memory. */
export class GatheredAnswer {
  readonly #from: AnswerMemory;
  #memory: Uint8Array = new Uint8Array(0);
  #length = 0;

  constructor(from: AnswerMemory) {
    this.#from = from;
  }

  /** Copies what came behind what came before. */
  add(chunk: Uint8Array): void {
    if (this.#length + chunk.length > this.#memory.length) this.#grow(this.#length + chunk.length);
    this.#memory.set(chunk, this.#length);
    this.#length += chunk.length;
  }

  /** All of it: lent, until it is given back. */
  bytes(): Uint8Array {
    return this.#memory.subarray(0, this.#length);
  }

  #grow(least: number): void {
    const smaller = this.#memory;
    this.#memory = this.#from.take(Math.max(least, 2 * smaller.length));
    this.#memory.set(smaller.subarray(0, this.#length));
    this.#from.giveBack(smaller.subarray(0, this.#length));
  }
}
