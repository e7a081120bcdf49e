/** Memory for lines on their way out: blocks that are filled by one writer and handed over whole. */
import { isUtf8 } from 'node:buffer';

/** Bytes of a block: some two pages. Large writes are what standard output likes. */
const BLOCK_BYTES = 262_144;

/** Takes finished blocks; each is the taker's own. */
export type BlockSink = (block: Uint8Array) => void;

/** A listing holds bytes that are no UTF-8, which no later step could read. Final. */
export class ListingEncodingError extends Error {
  override readonly name = 'ListingEncodingError';
  readonly code = 'LISTING_NOT_UTF8';
  readonly retryable = false;

  constructor() {
    super('the listing holds a key that is no UTF-8; S3 allows none, so the server is at fault');
  }
}

/** The block that is being filled. */
export class LineBlocks {
  /** Where to write. */
  bytes: Buffer = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  /** The same, by words. */
  words = new DataView(this.bytes.buffer);
  /** Where the next byte goes. */
  at = 0;
  readonly #sink: BlockSink;

  constructor(sink: BlockSink) {
    this.#sink = sink;
  }

  /** Makes sure that `length` bytes fit behind `at`. Only between lines. */
  reserve(length: number): void {
    if (this.at + length <= this.bytes.length) return;
    this.flush();
    if (length > this.bytes.length) this.#replace(length);
  }

  /**
   * Hands over what was written.
   *
   * @throws ListingEncodingError where it is no UTF-8
   */
  flush(): void {
    if (this.at === 0) return;
    const block = this.bytes.subarray(0, this.at);
    if (!isUtf8(block)) throw new ListingEncodingError();
    this.#sink(block);
    this.#replace(BLOCK_BYTES);
  }

  #replace(length: number): void {
    this.bytes = Buffer.allocUnsafeSlow(Math.max(length, BLOCK_BYTES));
    this.words = new DataView(this.bytes.buffer);
    this.at = 0;
  }
}
