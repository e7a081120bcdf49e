/** A temporary file without a name: what was opened is unlinked at once, so that no end of the process leaves it behind. */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes that are written to the disk at once, and held for it. */
export const STAGED_BYTES = 1024 * 1024;
/** Bytes that are read at once. */
const READ_BYTES = 256 * 1024;

/** Readable and writable by its owner alone, and new. */
const NEW_FILE = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** The disk took no more bytes, or gave back fewer than it was given. The bytes can still go another way. */
export class SpillFailedError extends Error {
  override readonly name = 'SpillFailedError';
  readonly code = 'SPILL_FAILED';
  readonly retryable = true;

  constructor(directory: string, why: string, options?: ErrorOptions) {
    super(`the temporary file in ${directory} failed: ${why}; free some of its disk, or give other directories`, options);
  }
}

/** Bytes on a disk: written once from their beginning to their end, then read as often as it takes. */
export class SpillFile {
  readonly #directory: string;
  readonly #file: FileHandle;
  #staged: Buffer | null = null;
  #stagedBytes = 0;
  #written = 0;

  private constructor(directory: string, file: FileHandle) {
    this.#directory = directory;
    this.#file = file;
  }

  /** @throws the system's error where the directory is none to write in */
  static async in(directory: string): Promise<SpillFile> {
    const path = join(directory, `carillon-${randomUUID()}`);
    const file = await open(path, NEW_FILE, 0o600);
    try {
      await unlink(path);
    } catch (error) {
      await file.close();
      throw error;
    }
    return new SpillFile(directory, file);
  }

  /** Bytes that the disk has. */
  get writtenBytes(): number {
    return this.#written;
  }

  /** Begins again with no bytes. */
  restart(): void {
    this.#stagedBytes = 0;
    this.#written = 0;
  }

  /** Adds bytes; the chunk is the caller's again when it is done. @throws SpillFailedError */
  async add(chunk: Uint8Array): Promise<void> {
    this.#staged ??= Buffer.allocUnsafeSlow(STAGED_BYTES);
    for (let at = 0; at < chunk.length; ) {
      const taken = Math.min(chunk.length - at, STAGED_BYTES - this.#stagedBytes);
      this.#staged.set(chunk.subarray(at, at + taken), this.#stagedBytes);
      this.#stagedBytes += taken;
      at += taken;
      if (this.#stagedBytes === STAGED_BYTES) await this.#flush();
    }
  }

  /** All bytes are there. @throws SpillFailedError */
  async end(): Promise<void> {
    await this.#flush();
    this.#staged = null;
  }

  /** The bytes from the first to the last. @throws SpillFailedError */
  async *read(): AsyncGenerator<Uint8Array, void, void> {
    for (let at = 0; at < this.#written; ) {
      const chunk = Buffer.allocUnsafeSlow(Math.min(READ_BYTES, this.#written - at));
      const { bytesRead } = await this.#try(() => this.#file.read(chunk, 0, chunk.length, at));
      if (bytesRead === 0) throw new SpillFailedError(this.#directory, `${at} of ${this.#written} bytes can be read`);
      at += bytesRead;
      yield bytesRead === chunk.length ? chunk : chunk.subarray(0, bytesRead);
    }
  }

  /** Gives the disk its bytes back. */
  async close(): Promise<void> {
    this.#staged = null;
    await this.#file.close();
  }

  async #flush(): Promise<void> {
    const bytes = this.#staged?.subarray(0, this.#stagedBytes) ?? new Uint8Array(0);
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await this.#try(() => this.#file.write(bytes, at, bytes.length - at, this.#written));
      if (bytesWritten === 0) throw new SpillFailedError(this.#directory, 'the disk takes no more bytes');
      at += bytesWritten;
      this.#written += bytesWritten;
    }
    this.#stagedBytes = 0;
  }

  async #try<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw new SpillFailedError(this.#directory, error instanceof Error ? error.message : String(error), { cause: error });
    }
  }
}
