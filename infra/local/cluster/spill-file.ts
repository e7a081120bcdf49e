/** A sorted run on disk: frames of `key length, line length, line` (two 32-bit numbers, little endian), partition after partition. */
import { type FileHandle, open } from 'node:fs/promises';
import type { SortedRecord } from './sort-run.ts';

/** Where a partition's frames are. */
export interface RunPart {
  readonly path: string;
  readonly from: number;
  readonly to: number;
}

/** A run: for each partition its part, null where it has no record. */
export type SpilledRun = readonly (RunPart | null)[];

/** Bytes of the two numbers before each line. */
export const FRAME_HEAD = 8;
const BLOCK = 1024 * 1024;

/** Writes a run to a new file. Records come by partition and key. */
export class RunWriter {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #ends: Float64Array;
  #block = Buffer.allocUnsafeSlow(BLOCK);
  #used = 0;
  #total = 0;

  private constructor(path: string, file: FileHandle, reduces: number) {
    this.#path = path;
    this.#file = file;
    this.#ends = new Float64Array(reduces).fill(-1);
  }

  static async create(path: string, reduces: number): Promise<RunWriter> {
    return new RunWriter(path, await open(path, 'wx'), reduces);
  }

  /** True when {@link flush} is due. */
  add(record: SortedRecord): boolean {
    const bytes = FRAME_HEAD + record.length;
    if (this.#used + bytes > this.#block.length) this.#grow(this.#used + bytes);
    writeNumber(this.#block, this.#used, record.keyLength);
    writeNumber(this.#block, this.#used + 4, record.length);
    record.bytes.copy(this.#block, this.#used + FRAME_HEAD, record.start, record.start + record.length);
    this.#used += bytes;
    this.#total += bytes;
    this.#ends[record.partition] = this.#total;
    return this.#used > BLOCK / 2;
  }

  async flush(): Promise<void> {
    for (let at = 0; at < this.#used; ) at += (await this.#file.write(this.#block, at, this.#used - at)).bytesWritten;
    this.#used = 0;
  }

  /** Writes what is left and closes the file, which is closed where that fails too. */
  async finish(): Promise<SpilledRun> {
    try {
      await this.flush();
    } finally {
      await this.#file.close();
    }
    let from = 0;
    return Array.from(this.#ends, (to) => {
      if (to < 0) return null;
      const part = { path: this.#path, from, to };
      from = to;
      return part;
    });
  }

  #grow(bytes: number): void {
    const larger = Buffer.allocUnsafeSlow(bytes);
    this.#block.copy(larger, 0, 0, this.#used);
    this.#block = larger;
  }
}

function writeNumber(bytes: Buffer, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}
