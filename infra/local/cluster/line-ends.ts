/**
 * Line ends as Hadoop's LineReader sees them: LF, CR and CRLF each end a line; what goes on has LF alone, and a last line without one
 * gets it. Most data has no CR, so a chunk without one passes as it is.
 */

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const ONE_LINE_FEED = Buffer.from('\n');

/** Turns every line end of a stream of chunks into LF. */
export class LineEnds {
  readonly #keepReturns: boolean;
  #afterReturn = false;
  #lastByte = LINE_FEED;

  /** @param keepReturns - CR is data (a record delimiter of LF was given) */
  constructor(keepReturns = false) {
    this.#keepReturns = keepReturns;
  }

  /** The chunk with LF alone. The result may be the chunk itself. */
  push(chunk: Buffer): Buffer {
    if (chunk.length === 0) return chunk;
    const plain = this.#keepReturns || (!this.#afterReturn && !chunk.includes(CARRIAGE_RETURN));
    const result = plain ? chunk : this.#rewrite(chunk);
    if (result.length > 0) this.#lastByte = result[result.length - 1] as number;
    return result;
  }

  /** What is missing at the end: a line feed, or nothing. */
  end(): Buffer {
    return this.#lastByte === LINE_FEED ? ONE_LINE_FEED.subarray(1) : ONE_LINE_FEED;
  }

  #rewrite(chunk: Buffer): Buffer {
    const result = Buffer.allocUnsafe(chunk.length);
    let length = 0;
    let afterReturn = this.#afterReturn;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] as number;
      if (!(afterReturn && byte === LINE_FEED)) {
        result[length] = byte === CARRIAGE_RETURN ? LINE_FEED : byte;
        length += 1;
      }
      afterReturn = byte === CARRIAGE_RETURN;
    }
    this.#afterReturn = afterReturn;
    return result.subarray(0, length);
  }
}

/** How many line feeds the bytes hold. */
export function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) lines += 1;
  return lines;
}
