/** Bodies in memory. */
import { hash } from 'node:crypto';
import type { BodySink, Content, ContentBytes } from './content.ts';
import { md5Of } from './joined-content.ts';

const HASHED_DIRECTLY = 1024 * 1024;

/** Bytes in memory; slices share them. */
export class MemoryContent implements Content {
  readonly size: number;
  readonly #bytes: Uint8Array;
  #md5: Promise<string> | null;

  /** @param md5 - when it is known already, 32 hexadecimal digits. */
  constructor(bytes: Uint8Array, md5: string | null = null) {
    this.#bytes = bytes;
    this.size = bytes.length;
    this.#md5 = md5 === null ? null : Promise.resolve(md5);
  }

  md5(): Promise<string> {
    this.#md5 ??= this.size <= HASHED_DIRECTLY ? Promise.resolve(hash('md5', this.#bytes)) : md5Of(this);
    return this.#md5;
  }

  read(start: number, end: number): ContentBytes {
    return [start === 0 && end === this.size ? this.#bytes : this.#bytes.subarray(start, end)];
  }

  slice(start: number, end: number): Content {
    return start === 0 && end === this.size ? this : new MemoryContent(this.#bytes.subarray(start, end));
  }
}

/** Collects a body in memory. */
export function memorySink(): BodySink {
  const chunks: Uint8Array[] = [];
  return {
    write(chunk) {
      chunks.push(chunk);
      return undefined;
    },
    // copied in any case: a chunk is a view of the connection's much larger buffer
    finish: async (md5) => new MemoryContent(Buffer.concat(chunks), md5),
    discard: async () => {
      chunks.length = 0;
    },
  };
}
