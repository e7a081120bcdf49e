/** Tar archives whose bytes depend on nothing but what is in them: no times, no owners, one order. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/** A file of an archive. */
export interface TarEntry {
  /** Its path within, at most 100 bytes. */
  readonly name: string;
  /** Its path here. */
  readonly path: string;
  readonly mode: number;
}

const BLOCK = 512;

/** The archive's bytes. */
export async function* tar(entries: readonly TarEntry[]): AsyncGenerator<Uint8Array> {
  for (const entry of entries) {
    const { size } = await stat(entry.path);
    yield header(entry, size);
    yield* createReadStream(entry.path, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>;
    yield Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
  }
  yield Buffer.alloc(2 * BLOCK);
}

/** A header of the ustar format (POSIX.1-1988). */
function header({ name, mode }: TarEntry, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  if (Buffer.byteLength(name) > 100) throw new RangeError(`${name} is longer than the 100 bytes of a name in an archive`);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;
  block.write(name, 0);
  block.write(octal(mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  block.write(' '.repeat(8), 148);
  block.write('0ustar\0', 156);
  block.write('00', 263);
  block.write(
    octal(
      [...block].reduce((sum, byte) => sum + byte, 0),
      6,
    ),
    148,
  );
  return block;
}
