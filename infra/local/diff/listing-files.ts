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
const [LINE_FEED, TAB] = [10, 9];

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

/** Line ends and tabs of a stream of bytes. */
class LineCount {
  lines = 0;
  tabs = 0;
  last = LINE_FEED;

  add(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (byte === LINE_FEED) this.lines += 1;
      else if (byte === TAB) this.tabs += 1;
    }
    this.last = chunk.at(-1) ?? this.last;
  }
}

async function count(file: string, signal: AbortSignal): Promise<LineCount> {
  const counted = new LineCount();
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
 * @throws ListingDamagedError where it is no whole gzip, ends within a line, or has lines of another width
 */
export async function countLines(file: string, columns: number, signal: AbortSignal): Promise<number> {
  let counted: LineCount;
  try {
    counted = await count(file, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw new ListingDamagedError(file, `it cannot be read to its end: ${(error as Error).message}`, { cause: error });
  }
  if (counted.last !== LINE_FEED) throw new ListingDamagedError(file, 'its last line has no end; it was cut short');
  if (counted.tabs !== counted.lines * (columns - 1))
    throw new ListingDamagedError(
      file,
      `its ${counted.lines} lines hold ${counted.tabs} tabs, ${columns} columns in each make ${counted.lines * (columns - 1)}`,
    );
  return counted.lines;
}

/** The lines of several files together, each read as {@link countLines} does. */
export async function countAllLines(files: readonly string[], columns: number, signal: AbortSignal): Promise<number> {
  let lines = 0;
  for (const file of files) lines += await countLines(file, columns, signal);
  return lines;
}
