/** A stretch of a body file as a content. */
import { closeSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Content, ContentBytes } from '../content.ts';
import { JoinedContent, md5Of } from '../joined-content.ts';
import type { BodyFiles } from './body-files.ts';

/** Which bytes of which file; plain data, as the journal keeps it. */
export interface Segment {
  readonly id: string;
  readonly start: number;
  readonly end: number;
  /** 32 hexadecimal digits; null while nobody computed it. */
  readonly md5: string | null;
}

/** Stretches up to this many bytes are read at once: quicker than any stream. */
const READ_AT_ONCE = 256 * 1024;
const CHUNK_BYTES = 1024 * 1024;

function readAll(path: string, position: number, size: number): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.allocUnsafe(size);
    if (readSync(file, bytes, 0, size, position) < size) throw new Error(`${path} ends before byte ${position + size}`);
    return bytes;
  } finally {
    closeSync(file);
  }
}

async function* readInChunks(path: string, start: number, end: number): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await open(path, 'r');
  try {
    for (let at = start; at < end; ) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(Math.min(CHUNK_BYTES, end - at)), 0, undefined, at);
      if (bytesRead === 0) throw new Error(`${path} ends before byte ${end}`);
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** Bytes of a file; slices share it. */
export class FileContent implements Content {
  readonly size: number;
  readonly files: BodyFiles;
  readonly id: string;
  readonly start: number;
  readonly end: number;
  #md5: string | null;

  constructor(files: BodyFiles, id: string, start: number, end: number, md5: string | null) {
    this.files = files;
    this.id = id;
    this.start = start;
    this.end = end;
    this.size = end - start;
    this.#md5 = md5;
  }

  /** The MD5 if it is known. */
  get knownMd5(): string | null {
    return this.#md5;
  }

  async md5(): Promise<string> {
    this.#md5 ??= await md5Of(this);
    return this.#md5;
  }

  read(start: number, end: number): ContentBytes {
    const path = this.files.path(this.id);
    if (end - start <= READ_AT_ONCE) return [readAll(path, this.start + start, end - start)];
    return readInChunks(path, this.start + start, this.start + end);
  }

  slice(start: number, end: number): Content {
    return start === 0 && end === this.size ? this : new FileContent(this.files, this.id, this.start + start, this.start + end, null);
  }
}

/** The stretches of files that a content consists of; null where some of it lies elsewhere. Empty for no bytes at all. */
export function segmentsOf(content: Content): readonly FileContent[] | null {
  if (content.size === 0) return [];
  if (content instanceof FileContent) return [content];
  if (!(content instanceof JoinedContent)) return null;
  const pieces = content.pieces.map(segmentsOf);
  return pieces.some((piece) => piece === null) ? null : pieces.flatMap((piece) => piece ?? []);
}
