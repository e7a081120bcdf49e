/** Takes a body into a file of its own. */
import { type FileHandle, open, unlink, writeFile } from 'node:fs/promises';
import type { BodySink, Content } from '../content.ts';
import { MemoryContent } from '../memory-content.ts';
import type { BodyFiles } from './body-files.ts';
import { FileContent } from './file-content.ts';

/** Bytes that are gathered before they are written. */
const GATHERED_BYTES = 1024 * 1024;

class FileSink implements BodySink {
  readonly #files: BodyFiles;
  readonly #id: string;
  #chunks: Uint8Array[] = [];
  #gathered = 0;
  #size = 0;
  #file: FileHandle | null = null;

  constructor(files: BodyFiles, id: string) {
    this.#files = files;
    this.#id = id;
  }

  write(chunk: Uint8Array): Promise<void> | undefined {
    this.#chunks.push(chunk);
    this.#gathered += chunk.length;
    this.#size += chunk.length;
    return this.#gathered < GATHERED_BYTES ? undefined : this.#flush();
  }

  async finish(md5: string): Promise<Content> {
    if (this.#size === 0) return new MemoryContent(new Uint8Array(), md5);
    if (this.#file === null) await writeFile(this.#files.path(this.#id), Buffer.concat(this.#chunks), { flag: 'wx' });
    else {
      await this.#flush();
      await this.#file.close();
    }
    this.#files.began(this.#id);
    return new FileContent(this.#files, this.#id, 0, this.#size, md5);
  }

  async discard(): Promise<void> {
    this.#chunks = [];
    if (this.#file === null) return;
    await this.#file.close().catch(() => {});
    await unlink(this.#files.path(this.#id)).catch(() => {});
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#gathered = 0;
    this.#file ??= await open(this.#files.path(this.#id), 'wx');
    await this.#file.writeFile(bytes);
  }
}

/** A sink into the file of this id; an empty body needs none. */
export function fileSink(files: BodyFiles, id: string): BodySink {
  return new FileSink(files, id);
}
