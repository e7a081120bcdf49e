/** Offsets of line ends in a stream of chunks; CRLF counts once, also where a chunk ends between the two. */

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Finds where lines end. */
export class LineEndFinder {
  readonly #keepReturns: boolean;
  /** Offset of the next chunk's first byte. */
  #offset: number;
  #afterReturn = false;

  /**
   * @param keepReturns - CR is data
   * @param offset - of the first byte that comes
   */
  constructor(keepReturns: boolean, offset = 0) {
    this.#keepReturns = keepReturns;
    this.#offset = offset;
  }

  /** Offsets just after the line ends that the chunk shows to be complete; a CR at its very end waits for the next chunk. */
  *push(chunk: Buffer): Generator<number, void, void> {
    const base = this.#offset;
    this.#offset += chunk.length;
    let at = 0;
    if (this.#afterReturn && chunk.length > 0) {
      this.#afterReturn = false;
      if (chunk[0] === LINE_FEED) at = 1;
      yield base + at;
    }
    const hasReturns = !this.#keepReturns && chunk.includes(CARRIAGE_RETURN, at);
    if (!hasReturns) yield* lineFeeds(chunk, at, base);
    else yield* this.#anyEnds(chunk, at, base);
  }

  /** The end of the stream: the offset after its last byte. */
  end(): number {
    return this.#offset;
  }

  *#anyEnds(chunk: Buffer, from: number, base: number): Generator<number, void, void> {
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (byte === LINE_FEED) yield base + at + 1;
      if (byte !== CARRIAGE_RETURN) continue;
      if (at + 1 === chunk.length) {
        this.#afterReturn = true;
        return;
      }
      if (chunk[at + 1] === LINE_FEED) at += 1;
      yield base + at + 1;
    }
  }
}

function* lineFeeds(chunk: Buffer, from: number, base: number): Generator<number, void, void> {
  for (let at = chunk.indexOf(LINE_FEED, from); at >= 0; at = chunk.indexOf(LINE_FEED, at + 1)) yield base + at + 1;
}
