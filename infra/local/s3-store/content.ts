/** Bodies of objects and parts: bytes that are read by range and shared rather than copied, wherever they lie (memory, files, or nowhere when computed). */

/** The bytes of one object or part. Never changes. */
export interface Content {
  /** Bytes. */
  readonly size: number;
  /** MD5 of the bytes, 32 lower-case hexadecimal digits; computed at most once. */
  md5(): Promise<string>;
  /** The bytes from `start` up to, not including, `end`: an array where they can be had at once, else a stream. */
  read(start: number, end: number): ContentBytes;
  /** The same bytes from `start` up to, not including, `end`, shared. */
  slice(start: number, end: number): Content;
}

/** Chunks at once, or as they come. */
export type ContentBytes = readonly Uint8Array[] | AsyncIterable<Uint8Array>;

/** Takes the bytes of a new body as they arrive. Exactly one of `finish` and `discard` is called. */
export interface BodySink {
  /** Takes one chunk; a promise when the sender should wait. */
  write(chunk: Uint8Array): Promise<void> | undefined;
  /** The whole body is there: `md5` (32 hexadecimal digits) was computed on the way. */
  finish(md5: string): Promise<Content>;
  /** The sender broke off, or the body was refused. */
  discard(): Promise<void>;
}
