/** A step's output: big chunks, one after the other, never faster than the reader takes them. */
import type { Writable } from 'node:stream';

/** The reader of the output went away (a broken pipe), or the output cannot be written (a full disk). The attempt must fail: rows are lost. */
export class OutputClosedError extends Error {
  override readonly name = 'OutputClosedError';
  readonly code = 'OUTPUT_CLOSED';
  readonly retryable = true;
}

/** Writes to `stdout` and waits where it is full. */
export interface OutputWriter {
  /** Resolves when the text is handed over and more may come. @throws OutputClosedError */
  text(text: string): Promise<void> | void;
  /** Resolves when the bytes are written: the caller may use the buffer again. @throws OutputClosedError */
  bytes(bytes: Uint8Array): Promise<void>;
  /** Resolves when everything is written. @throws OutputClosedError */
  finish(): Promise<void>;
}

/** A writer on `stdout`, which it does not end. */
export function outputWriter(stdout: Writable): OutputWriter {
  const output = new Output(stdout);
  return { text: (text) => output.text(text), bytes: (bytes) => output.bytes(bytes), finish: () => output.finish() };
}

function closed(cause: unknown): OutputClosedError {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  const why = code === 'EPIPE' || code === undefined ? 'its reader ended before the last row' : `it cannot be written (${code})`;
  return new OutputClosedError(`standard output is closed: ${why}; the rows that it did not take are lost, so run this again`, { cause });
}

class Output {
  readonly #stdout: Writable;
  #failure: OutputClosedError | null = null;
  #wake: (() => void) | null = null;

  constructor(stdout: Writable) {
    this.#stdout = stdout;
    stdout.on('error', (error) => this.#fail(error));
    stdout.on('close', () => this.#fail(undefined));
    stdout.on('drain', () => this.#wake?.());
  }

  text(text: string): Promise<void> | void {
    if (this.#failure !== null) throw this.#failure;
    if (this.#stdout.write(text)) return;
    return this.#wait();
  }

  bytes(bytes: Uint8Array): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    return new Promise((resolve, reject) => {
      this.#stdout.write(bytes, (error) => (error ? reject(closed(error)) : resolve()));
    });
  }

  finish(): Promise<void> {
    return this.bytes(new Uint8Array(0));
  }

  #fail(error: unknown): void {
    this.#failure ??= closed(error);
    this.#wake?.();
  }

  async #wait(): Promise<void> {
    while (this.#failure === null && this.#stdout.writableNeedDrain) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = null;
    }
    if (this.#failure !== null) throw this.#failure;
  }
}
