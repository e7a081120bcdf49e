/** Blocks on their way from the pages to the reader of the output: the reader's pace sets the pages'. */

/** Bytes that wait for the reader before no further page is asked for. */
const HIGH_WATER_BYTES = 8_388_608;

/** A queue with one reader. */
export class BlockQueue {
  readonly #blocks: Uint8Array[] = [];
  readonly #onRoom: () => void;
  #bytes = 0;
  #wake: (() => void) | null = null;
  #end: { readonly error: unknown } | null = null;

  /** @param onRoom - told when the queue was full and is no longer */
  constructor(onRoom: () => void) {
    this.#onRoom = onRoom;
  }

  /** Whether so much waits that no further page should be asked for. */
  get isFull(): boolean {
    return this.#bytes >= HIGH_WATER_BYTES;
  }

  /** Whether the reader has nothing to do. */
  get isHungry(): boolean {
    return this.#wake !== null && this.#blocks.length === 0;
  }

  push(block: Uint8Array): void {
    this.#blocks.push(block);
    this.#bytes += block.length;
    this.#notify();
  }

  /** No further block comes. */
  finish(): void {
    this.#end ??= { error: null };
    this.#notify();
  }

  /** No further block comes, and what waits is not handed out: the reader gets the error. */
  fail(error: unknown): void {
    if (this.#end !== null) return;
    this.#end = { error };
    this.#blocks.length = 0;
    this.#notify();
  }

  /** The next block; null behind the last. Rejects with what `fail` was given. */
  async take(): Promise<Uint8Array | null> {
    for (;;) {
      const block = this.#blocks.shift();
      if (block !== undefined) return this.#release(block);
      if (this.#end !== null) {
        if (this.#end.error !== null) throw this.#end.error;
        return null;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #release(block: Uint8Array): Uint8Array {
    const wasFull = this.isFull;
    this.#bytes -= block.length;
    if (wasFull && !this.isFull) this.#onRoom();
    return block;
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }
}
