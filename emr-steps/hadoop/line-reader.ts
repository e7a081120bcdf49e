/**
 * Lines of a byte stream in batches: all lines that a chunk completes come at once, so that no line costs a wake-up of its own.
 * A line ends at 0x0A and nowhere else (a carriage return or U+2028 is part of it); its bytes are strict UTF-8, a byte order mark is kept.
 */
import { isUtf8 } from 'node:buffer';
import { MalformedLineError } from './malformed-line.ts';

/** Ends a line. */
export const LINE_FEED = 0x0a;

/** Bytes of the longest line that is read where no other limit is given: 64 MiB. */
export const LONGEST_LINE = 64 * 1024 * 1024;

/** How {@link readLineBatches} reads. */
export interface LineReaderOptions {
  /** Bytes of the longest line that is allowed; {@link LONGEST_LINE} by default. */
  readonly maxBytes?: number;
}

/**
 * The lines of `stream`, without their line feeds. The last line needs none; an empty stream has no line.
 * One batch is what one chunk completed: nothing is held back for a fuller batch, so a slow pipe stays prompt.
 *
 * @throws MalformedLineError at a line that is no UTF-8 or is longer than `maxBytes`
 */
export async function* readLineBatches(
  stream: AsyncIterable<Uint8Array | string>,
  options: LineReaderOptions = {},
): AsyncGenerator<readonly string[], void, void> {
  const splitter = new LineSplitter(options.maxBytes ?? LONGEST_LINE);
  for await (const chunk of stream) {
    const lines = splitter.push(typeof chunk === 'string' ? Buffer.from(chunk) : asBuffer(chunk));
    if (lines.length > 0) yield lines;
  }
  const last = splitter.end();
  if (last.length > 0) yield last;
}

function asBuffer(chunk: Uint8Array): Buffer {
  return Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

const NO_LINES: readonly string[] = [];

class LineSplitter {
  readonly #maxBytes: number;
  /** Chunks of a line that has not ended; joined once, when it ends. */
  #open: Buffer[] = [];
  #openBytes = 0;
  #lines = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The lines that `chunk` completes. */
  push(chunk: Buffer): readonly string[] {
    const end = chunk.lastIndexOf(LINE_FEED);
    if (end < 0) {
      this.#keep(chunk);
      return NO_LINES;
    }
    const complete = this.#openBytes === 0 ? chunk.subarray(0, end) : this.#join(chunk.subarray(0, end));
    this.#open = [];
    this.#openBytes = 0;
    const lines = this.#decode(complete);
    if (end + 1 < chunk.length) this.#keep(chunk.subarray(end + 1));
    return lines;
  }

  /** The last line, where it had no line feed. */
  end(): readonly string[] {
    return this.#openBytes === 0 ? NO_LINES : this.#decode(this.#join(Buffer.alloc(0)));
  }

  #join(rest: Buffer): Buffer {
    return Buffer.concat([...this.#open, rest]);
  }

  #keep(part: Buffer): void {
    this.#open.push(part);
    this.#openBytes += part.length;
    if (this.#openBytes > this.#maxBytes) this.#refuseLength(this.#lines + 1, this.#openBytes);
  }

  #refuseLength(lineNumber: number, bytes: number): never {
    throw new MalformedLineError(lineNumber, `it has ${bytes} bytes or more; at most ${this.#maxBytes} are allowed`);
  }

  #decode(bytes: Buffer): readonly string[] {
    if (!isUtf8(bytes)) this.#refuseBytes(bytes);
    const lines = bytes.toString('utf8').split('\n');
    if (bytes.length > this.#maxBytes) this.#checkLengths(lines);
    this.#lines += lines.length;
    return lines;
  }

  #checkLengths(lines: readonly string[]): void {
    lines.forEach((line, at) => {
      const bytes = Buffer.byteLength(line);
      if (bytes > this.#maxBytes) this.#refuseLength(this.#lines + at + 1, bytes);
    });
  }

  /** Finds the line that is no UTF-8. */
  #refuseBytes(bytes: Buffer): never {
    let start = 0;
    let lineNumber = this.#lines + 1;
    for (;;) {
      const at = bytes.indexOf(LINE_FEED, start);
      const line = bytes.subarray(start, at < 0 ? bytes.length : at);
      if (!isUtf8(line)) throw new MalformedLineError(lineNumber, `${JSON.stringify(line.toString('latin1').slice(0, 200))} (read as Latin-1) is no UTF-8`);
      start = at + 1;
      lineNumber += 1;
    }
  }
}
