/** The body of a multipart object: its parts in a row, shared; a slice that is exactly one part is that part, with its MD5 already known. */
import { createHash } from 'node:crypto';
import type { Content, ContentBytes } from './content.ts';

/** Several contents as one. */
export class JoinedContent implements Content {
  readonly size: number;
  /** The pieces in order, none of them empty. */
  readonly pieces: readonly Content[];
  readonly #starts: readonly number[];
  #md5: Promise<string> | null = null;

  constructor(pieces: readonly Content[]) {
    const starts: number[] = [];
    let size = 0;
    this.pieces = pieces.filter((piece) => piece.size > 0);
    for (const piece of this.pieces) {
      starts.push(size);
      size += piece.size;
    }
    this.#starts = starts;
    this.size = size;
  }

  md5(): Promise<string> {
    this.#md5 ??= md5Of(this);
    return this.#md5;
  }

  read(start: number, end: number): ContentBytes {
    return inARow(this.#cut(start, end).map((piece) => piece.read(0, piece.size)));
  }

  slice(start: number, end: number): Content {
    const cut = this.#cut(start, end);
    return cut.length === 1 ? (cut[0] as Content) : new JoinedContent(cut);
  }

  #cut(start: number, end: number): Content[] {
    const cut: Content[] = [];
    for (const [index, piece] of this.pieces.entries()) {
      const offset = this.#starts[index] as number;
      const from = Math.max(start - offset, 0);
      const to = Math.min(end - offset, piece.size);
      if (from < to) cut.push(from === 0 && to === piece.size ? piece : piece.slice(from, to));
    }
    return cut;
  }
}

/** One content for any number of pieces. */
export function joinContents(pieces: readonly Content[]): Content {
  return pieces.length === 1 ? (pieces[0] as Content) : new JoinedContent(pieces);
}

function isAtOnce(bytes: ContentBytes): bytes is readonly Uint8Array[] {
  return Array.isArray(bytes);
}

function inARow(pieces: readonly ContentBytes[]): ContentBytes {
  if (pieces.every(isAtOnce)) return pieces.flat();
  return (async function* () {
    for (const piece of pieces) yield* piece;
  })();
}

/** Bytes that are hashed before other requests get their turn. */
const HASHED_AT_ONCE = 4 * 1024 * 1024;

/** The MD5 of a content, computed by reading it; large ones in turns, so that other requests are answered meanwhile. */
export async function md5Of(content: Content): Promise<string> {
  const hash = createHash('md5');
  for (let start = 0; start < content.size; start += HASHED_AT_ONCE) {
    for await (const chunk of content.read(start, Math.min(start + HASHED_AT_ONCE, content.size))) hash.update(chunk);
    if (start + HASHED_AT_ONCE < content.size) await new Promise((resolve) => setImmediate(resolve));
  }
  return hash.digest('hex');
}
