/** The files that hold bodies: each written once, shared by every object and part that refers to it, and deleted with the last of them. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BodySink, Content } from '../content.ts';
import { FileContent, type Segment, segmentsOf } from './file-content.ts';
import { fileSink } from './file-sink.ts';

/** How long a file outlives its last object, so that answers and copies that are under way can be read to their end. */
const LINGER_MILLISECONDS = 300_000;

/** How long a new file waits for an object or part to refer to it; a refused write leaves one to which none ever will. */
const WAIT_MILLISECONDS = 3_600_000;

/** One file in 256 directories by the first byte of its name. */
export class BodyFiles {
  readonly #directory: string;
  readonly #references = new Map<string, number>();
  readonly #garbage = new Map<string, number>();
  readonly #sweeper: NodeJS.Timeout;

  /** @param directory - made when it is not there. */
  constructor(directory: string) {
    this.#directory = directory;
    for (let byte = 0; byte < 256; byte++) mkdirSync(join(directory, byte.toString(16).padStart(2, '0')), { recursive: true });
    this.#sweeper = setInterval(() => this.#sweep(Date.now() - LINGER_MILLISECONDS), LINGER_MILLISECONDS);
    this.#sweeper.unref();
  }

  /** Where the file of this id lies. */
  path(id: string): string {
    return join(this.#directory, id.slice(0, 2), id);
  }

  /** Opens a new file. */
  openBody(): BodySink {
    return fileSink(this, randomBytes(16).toString('hex'));
  }

  /** The content itself where it lies in these files already, else a copy. */
  async adopt(content: Content): Promise<Content> {
    const segments = segmentsOf(content);
    if (segments?.every((segment) => segment.files === this)) return content;
    const sink = this.openBody();
    try {
      for await (const chunk of content.read(0, content.size)) await sink.write(chunk);
      return await sink.finish(await content.md5());
    } catch (error) {
      await sink.discard();
      throw error;
    }
  }

  /** A file is there that nothing refers to yet. */
  began(id: string): void {
    this.#garbage.set(id, Date.now() + WAIT_MILLISECONDS);
  }

  /** An object or part refers to this content from now on. */
  retain(content: Content): void {
    for (const { id } of segmentsOf(content) ?? []) {
      this.#references.set(id, (this.#references.get(id) ?? 0) + 1);
      this.#garbage.delete(id);
    }
  }

  /** It does so no longer. */
  release(content: Content): void {
    for (const { id } of segmentsOf(content) ?? []) {
      const left = (this.#references.get(id) ?? 1) - 1;
      if (left > 0) this.#references.set(id, left);
      else {
        this.#references.delete(id);
        this.#garbage.set(id, Date.now());
      }
    }
  }

  /** A content that was written down as its segments. */
  contentOf({ id, start, end, md5 }: Segment): FileContent {
    return new FileContent(this, id, start, end, md5);
  }

  /** To be called when all journals were read: deletes files that nothing refers to, such as what a process left that was killed while a body came in. */
  deleteStrays(): void {
    this.#garbage.clear();
    for (const shard of readdirSync(this.#directory)) {
      for (const id of readdirSync(join(this.#directory, shard))) if (!this.#references.has(id)) rmSync(this.path(id));
    }
  }

  /** Deletes what is garbage by now. */
  close(): void {
    clearInterval(this.#sweeper);
    this.#sweep(Number.POSITIVE_INFINITY);
  }

  #sweep(before: number): void {
    for (const [id, since] of this.#garbage) {
      if (since > before) continue;
      this.#garbage.delete(id);
      rmSync(this.path(id), { force: true });
    }
  }
}
