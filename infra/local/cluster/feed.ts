/** Standard input of a program. */
import type { Writable } from 'node:stream';

/** Hadoop holds back so much of a task's input; what the program leaves of the last of it goes unnoticed. */
const HELD_BACK = 128 * 1024;

/**
 * Writes `input` to `stdin` and ends it. True where the program closed its input early and Hadoop would fail the task for it
 * (`Broken pipe`); up to 128 KiB in all may be left.
 *
 * @param stir - called whenever the program took some
 */
export async function feed(stdin: Writable, input: AsyncIterable<Buffer>, stir: () => void): Promise<boolean> {
  const feeder = new Feeder(stdin);
  let offered = 0;
  for await (const chunk of input) {
    offered += chunk.length;
    await feeder.write(chunk);
    if (feeder.closed && offered > HELD_BACK) break;
    stir();
  }
  await feeder.end();
  stir();
  return feeder.accepted < offered && offered > HELD_BACK;
}

class Feeder {
  readonly #stdin: Writable;
  /** Bytes that the kernel took. */
  accepted = 0;
  closed = false;
  #wake: (() => void) | null = null;

  constructor(stdin: Writable) {
    this.#stdin = stdin;
    const onClosed = (): void => {
      this.closed = true;
      this.#wake?.();
    };
    stdin.on('error', onClosed);
    stdin.on('close', onClosed);
    stdin.on('drain', () => this.#wake?.());
  }

  async write(chunk: Buffer): Promise<void> {
    if (this.closed) return;
    const room = this.#stdin.write(chunk, (error) => {
      if (!error) this.accepted += chunk.length;
    });
    if (room) return;
    while (!this.closed && this.#stdin.writableNeedDrain) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async end(): Promise<void> {
    if (this.closed) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.#stdin.end(() => resolve());
    });
  }
}
