/** The lines of a split as one stream of bytes, each line ended by LF: what a mapper gets on standard input. */
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type { InputSplit } from './input-splits.ts';
import { LineEndFinder } from './line-end-finder.ts';
import { LineEnds } from './line-ends.ts';

/** How lines are read. */
export interface SplitReaderOptions {
  /** CR is data (`textinputformat.record.delimiter` is LF). */
  readonly keepReturns: boolean;
  /** What stands between a line's offset in its file and the line; null where offsets are not given. */
  readonly offsetSeparator: Buffer | null;
}

const CHUNK = 256 * 1024;
const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** The lines that belong to the split. A byte order mark at the start of a file is taken away, as Hadoop does. */
export async function* readSplit(split: InputSplit, options: SplitReaderOptions): AsyncGenerator<Buffer, void, void> {
  const end = split.start + split.length;
  const from = split.start === 0 || split.compression !== null ? 0 : await endOfLine(split.path, split.start, options.keepReturns);
  const to = split.compression === null ? await endOfLine(split.path, end, options.keepReturns) : Number.POSITIVE_INFINITY;
  if (from >= to) return;
  const chunks = split.compression === null ? bytesOf(split.path, from, to) : decompressed(split);
  const lines = options.offsetSeparator === null ? plain(chunks, from, options) : withOffsets(chunks, from, options.offsetSeparator, options.keepReturns);
  for await (const chunk of lines) if (chunk.length > 0) yield chunk;
}

/** Offset after the first line end at or after `offset`; the file's length, or `offset` beyond it, where there is none. */
async function endOfLine(path: string, offset: number, keepReturns: boolean): Promise<number> {
  const finder = new LineEndFinder(keepReturns, offset);
  for await (const chunk of createReadStream(path, { start: offset, highWaterMark: 64 * 1024 })) {
    for (const end of finder.push(chunk as Buffer)) return end;
  }
  return finder.end();
}

function bytesOf(path: string, from: number, to: number): AsyncIterable<Buffer> {
  return createReadStream(path, { start: from, end: to - 1, highWaterMark: CHUNK }) as AsyncIterable<Buffer>;
}

function decompressed(split: InputSplit): AsyncIterable<Buffer> {
  const file = createReadStream(split.path, { highWaterMark: CHUNK });
  const through = split.compression?.decompress() as Readable & NodeJS.WritableStream;
  file.on('error', (error) => through.destroy(error));
  through.on('close', () => file.destroy());
  return file.pipe(through) as AsyncIterable<Buffer>;
}

async function* plain(chunks: AsyncIterable<Buffer>, from: number, options: SplitReaderOptions): AsyncGenerator<Buffer, void, void> {
  const ends = new LineEnds(options.keepReturns);
  for await (const chunk of from === 0 ? withoutMark(chunks) : chunks) yield ends.push(chunk);
  yield ends.end();
}

async function* withoutMark(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  let head: Buffer | null = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (head === null) {
      yield chunk;
      continue;
    }
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
    if (head.length < MARK.length) continue;
    yield head.subarray(MARK.compare(head, 0, MARK.length) === 0 ? MARK.length : 0);
    head = null;
  }
  if (head !== null) yield head;
}

/** `offset separator line LF`; the offset is the line's in its (decompressed) file, line ends and byte order mark counted. */
async function* withOffsets(chunks: AsyncIterable<Buffer>, from: number, separator: Buffer, keepReturns: boolean): AsyncGenerator<Buffer, void, void> {
  const finder = new LineEndFinder(keepReturns, from);
  const whole = new RawLines(from);
  for await (const chunk of chunks) {
    whole.add(chunk);
    const pieces: Buffer[] = [];
    for (const end of finder.push(chunk)) pieces.push(...offsetLine(whole.position, whole.take(end), separator, keepReturns));
    yield Buffer.concat(pieces);
  }
  const position = whole.position;
  const last = whole.take(finder.end());
  if (last.length > 0) yield Buffer.concat(offsetLine(position, last, separator, keepReturns));
}

/** Bytes that have come and belong to no line yet. */
class RawLines {
  /** Offset of the first byte held. */
  position: number;
  #held: Buffer = Buffer.alloc(0);

  constructor(position: number) {
    this.position = position;
  }

  add(chunk: Buffer): void {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
  }

  take(end: number): Buffer {
    const line = this.#held.subarray(0, end - this.position);
    this.#held = this.#held.subarray(line.length);
    this.position = end;
    return line;
  }
}

function offsetLine(position: number, raw: Buffer, separator: Buffer, keepReturns: boolean): readonly Buffer[] {
  const marked = position === 0 && raw.length >= MARK.length && MARK.compare(raw, 0, MARK.length) === 0;
  const ends = new LineEnds(keepReturns);
  const line = ends.push(marked ? raw.subarray(MARK.length) : raw);
  return line.length === 0 ? [] : [Buffer.from(String(position)), separator, line, ends.end()];
}
