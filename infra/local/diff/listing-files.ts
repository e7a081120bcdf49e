/** The files of a listing: what they are, and whether they are whole. DuckDB reads a gzip file that was cut short as if it were not. */
import { createReadStream, type Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

/** A listing that must not be compared: damaged, cut short, or not what a listing is. Final. */
export class ListingDamagedError extends Error {
  override readonly name = 'ListingDamagedError';
  readonly code = 'LISTING_DAMAGED';
  readonly retryable = false;
  readonly file: string;

  constructor(file: string, reason: string, options?: ErrorOptions) {
    super(`${file}: ${reason}`, options);
    this.file = file;
  }
}

const PART = /^part-\d+(\.gz)?$/;
const LINE_FEED = 10;
const TAB = 9;

/**
 * The part files of a listing's folder, in order of their names. Marks (`_SUCCESS`) and hidden files (`.part-00000.crc`) are left out.
 *
 * @throws ListingDamagedError where the folder is missing, or holds anything else: what is not read would be missing in silence
 */
export async function partFiles(folder: string): Promise<readonly string[]> {
  const entries = await readFolder(folder);
  const rows = entries.filter(({ name }) => !name.startsWith('_') && !name.startsWith('.'));
  const other = rows.find((entry) => !entry.isFile() || !PART.test(entry.name));
  if (other !== undefined)
    throw new ListingDamagedError(join(folder, other.name), 'it is no part of a listing; only files part-<number> and part-<number>.gz are');
  return rows.map(({ name }) => join(folder, name)).sort();
}

async function readFolder(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw new ListingDamagedError(folder, `it is no folder that can be read: ${(error as Error).message}`, { cause: error });
  }
}

function countTabs(bytes: Uint8Array, from: number, to: number): number {
  let tabs = 0;
  for (let at = bytes.indexOf(TAB, from); at >= 0 && at < to; at = bytes.indexOf(TAB, at + 1)) tabs += 1;
  return tabs;
}

/**
 * The lines of a stream of bytes. Refuses what DuckDB takes without a word: an empty line, which it skips, and an empty column too many,
 * which it drops. Every other line of a wrong width it refuses itself, so that only line ends are looked for here (0.3 ns a byte).
 */
class LineCount {
  lines = 0;
  /** Bytes of the line that has not ended, the tabs among them, and the last byte. */
  openBytes = 0;
  #openTabs = 0;
  #last = LINE_FEED;
  readonly #columns: number;

  constructor(columns: number) {
    this.#columns = columns;
  }

  add(chunk: Uint8Array): void {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      const before = end > 0 ? chunk[end - 1] : this.#last;
      if (before === LINE_FEED) this.#refuse('is empty');
      if (before === TAB) this.#checkTabs(this.#openTabs + countTabs(chunk, start, end));
      this.lines += 1;
      this.openBytes = 0;
      this.#openTabs = 0;
      start = end + 1;
    }
    this.openBytes += chunk.length - start;
    this.#openTabs += countTabs(chunk, start, chunk.length);
    this.#last = chunk.at(-1) ?? this.#last;
  }

  #checkTabs(tabs: number): void {
    if (tabs !== this.#columns - 1) this.#refuse(`has ${tabs + 1} columns, ${this.#columns} are needed`);
  }

  #refuse(what: string): never {
    throw new LineError(`line ${this.lines + 1} ${what}`);
  }
}

/** What is wrong with a line; its file is named where it is caught. */
class LineError extends Error {}

async function count(file: string, columns: number, signal: AbortSignal): Promise<LineCount> {
  const counted = new LineCount(columns);
  const collect = async (chunks: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const chunk of chunks) counted.add(chunk);
  };
  const bytes = createReadStream(file, { highWaterMark: 1024 * 1024 });
  if (file.endsWith('.gz')) await pipeline(bytes, createGunzip({ chunkSize: 256 * 1024 }), collect, { signal });
  else await pipeline(bytes, collect, { signal });
  return counted;
}

/**
 * Reads a file from end to end.
 *
 * @param columns - columns of every line
 * @returns its lines
 * @throws ListingDamagedError where it is no whole gzip, ends within a line, or has an empty line or column that DuckDB would not see
 */
export async function countLines(file: string, columns: number, signal: AbortSignal): Promise<number> {
  let counted: LineCount;
  try {
    counted = await count(file, columns, signal);
  } catch (error) {
    signal.throwIfAborted();
    const { message } = error as Error;
    throw new ListingDamagedError(file, error instanceof LineError ? message : `it cannot be read to its end: ${message}`, { cause: error });
  }
  if (counted.openBytes > 0) throw new ListingDamagedError(file, 'its last line has no end; it was cut short');
  return counted.lines;
}

/** The lines of several files together, each read as {@link countLines} does. */
export async function countAllLines(files: readonly string[], columns: number, signal: AbortSignal): Promise<number> {
  let lines = 0;
  for (const file of files) lines += await countLines(file, columns, signal);
  return lines;
}
