/** The part file of one attempt. */
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Compression } from './compression.ts';
import { LineEnds } from './line-ends.ts';
import { formatLines, type RecordForm } from './record-form.ts';
import { WholeLines } from './whole-lines.ts';

/** How lines become the file. */
export interface PartFileOptions {
  readonly directory: string;
  /** With the compression's suffix. */
  readonly name: string;
  readonly form: RecordForm;
  readonly separator: Buffer;
  readonly compression: Compression | null;
  /** No file where no line comes. */
  readonly lazy: boolean;
  /** Sees the bytes that go into the file, before they are compressed. */
  readonly onLines: (bytes: Buffer) => void;
}

/** Takes a program's standard output and writes the part. */
export class PartFile {
  readonly #options: PartFileOptions;
  readonly #ends = new LineEnds();
  readonly #whole = new WholeLines();
  #file: WriteStream | null = null;
  #target: Writable | null = null;

  constructor(options: PartFileOptions) {
    this.#options = options;
  }

  /** The lines as they are written: each ends in LF, the last one too. */
  async write(chunk: Buffer): Promise<void> {
    const bytes = this.#ends.push(chunk);
    const { form, separator } = this.#options;
    await this.#put(form.keyOnly ? bytes : formatLines(form, separator, this.#whole.push(bytes)));
  }

  /** Ends the file. Whether there is one. */
  async finish(): Promise<boolean> {
    const last = this.#ends.end();
    const { form, separator, lazy } = this.#options;
    await this.#put(form.keyOnly ? last : formatLines(form, separator, this.#whole.push(last)));
    if (!lazy) await this.#open();
    if (this.#target === null || this.#file === null) return false;
    this.#target.end();
    await finished(this.#file);
    return true;
  }

  /** Lets go of the file; it is not committed. */
  destroy(): void {
    this.#target?.destroy();
    this.#file?.destroy();
  }

  async #put(bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return;
    this.#options.onLines(bytes);
    const target = this.#target ?? (await this.#open());
    await new Promise<void>((resolve, reject) => {
      target.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }

  async #open(): Promise<Writable> {
    if (this.#target !== null) return this.#target;
    const { directory, name, compression } = this.#options;
    await mkdir(directory, { recursive: true });
    this.#file = createWriteStream(join(directory, name), { flags: 'wx' });
    this.#target = this.#file;
    if (compression !== null) {
      const compressor = compression.compress();
      compressor.pipe(this.#file);
      this.#file.on('error', (error) => compressor.destroy(error));
      this.#target = compressor;
    }
    return this.#target;
  }
}
