/** Reads the frames of one part of a sorted run, one after the other, with one buffer. */
import { type FileHandle, open } from 'node:fs/promises';
import type { SortedRecord } from './sort-run.ts';
import { FRAME_HEAD, type RunPart } from './spill-file.ts';

const BLOCK = 256 * 1024;

/** A cursor on the records of a run's part; it is itself the record that it stands at. */
export class RunReader implements SortedRecord {
  readonly #part: RunPart;
  /** Of the run, for a stable order. */
  readonly number: number;
  readonly partition = 0;
  #file: FileHandle | null = null;
  #position: number;
  #filled = 0;
  #next = 0;
  /** Holds the record at the cursor. */
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  keyLength = 0;
  length = 0;

  constructor(part: RunPart, number: number) {
    this.#part = part;
    this.number = number;
    this.#position = part.from;
  }

  /** Opens the file and goes to the first record, which every part has. */
  async open(): Promise<void> {
    this.bytes = Buffer.allocUnsafeSlow(Math.min(BLOCK, this.#part.to - this.#part.from));
    this.#file = await open(this.#part.path, 'r');
    await this.advance();
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
  }

  /** Goes to the next record if the buffer holds it: no await for most of them. False: call {@link advance}. */
  step(): boolean {
    const at = this.#next;
    if (this.#filled - at < FRAME_HEAD) return false;
    const length = readNumber(this.bytes, at + 4);
    if (this.#filled - at < FRAME_HEAD + length) return false;
    this.start = at + FRAME_HEAD;
    this.keyLength = readNumber(this.bytes, at);
    this.length = length;
    this.#next = this.start + length;
    return true;
  }

  /** Goes to the next record; false after the last. */
  async advance(): Promise<boolean> {
    while (!this.step()) {
      if (this.#position === this.#part.to) return false;
      await this.#fill();
    }
    return true;
  }

  async #fill(): Promise<void> {
    const kept = this.#filled - this.#next;
    const wanted = kept >= FRAME_HEAD ? FRAME_HEAD + readNumber(this.bytes, this.#next + 4) : FRAME_HEAD;
    const target = wanted > this.bytes.length ? Buffer.allocUnsafeSlow(Math.max(wanted, this.bytes.length * 2)) : this.bytes;
    this.bytes.copy(target, 0, this.#next, this.#filled);
    this.bytes = target;
    const most = Math.min(target.length - kept, this.#part.to - this.#position);
    const read = (await this.#file?.read(target, kept, most, this.#position))?.bytesRead ?? 0;
    if (read === 0) throw new Error(`${this.#part.path} ends at ${this.#position}, before ${this.#part.to}: a sorted run was cut off`);
    this.#position += read;
    this.#filled = kept + read;
    this.#next = 0;
  }
}

function readNumber(bytes: Buffer, at: number): number {
  return ((bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24)) >>> 0;
}
