/** Chunks of bytes, cut anew so that each piece ends at a line feed. A long line is joined once, when it ends. */

const LINE_FEED = 0x0a;
const NOTHING = Buffer.alloc(0);

/** Collects the beginnings of lines until they end. */
export class WholeLines {
  #open: Buffer[] = [];

  /** The whole lines that the chunk completes; may be empty. */
  push(chunk: Buffer): Buffer {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (end === 0) {
      if (chunk.length > 0) this.#open.push(chunk);
      return NOTHING;
    }
    const complete = this.#open.length === 0 ? chunk.subarray(0, end) : Buffer.concat([...this.#open, chunk.subarray(0, end)]);
    this.#open = end < chunk.length ? [chunk.subarray(end)] : [];
    return complete;
  }
}
