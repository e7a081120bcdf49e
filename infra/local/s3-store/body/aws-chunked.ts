/** The `aws-chunked` encoding: chunks with their sizes, each signed or not, and trailing headers after the last. */
import { hash } from 'node:crypto';
import { ServiceError } from '../service-error.ts';
import type { Authenticated } from '../signatures/authenticate.ts';

/** What follows a chunked body: names in lower case. */
export type Trailers = Map<string, string>;

const MOST_HEADER_BYTES = 8 * 1024;
const EMPTY_HASH = hash('sha256', '');

/** Reads a stream by lines and by counts. */
class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #buffer: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Whether another chunk came. */
  async #more(): Promise<boolean> {
    const { done, value } = await this.#source.next();
    if (done) return false;
    this.#buffer = this.#buffer.length === 0 ? Buffer.from(value.buffer, value.byteOffset, value.length) : Buffer.concat([this.#buffer, value]);
    return true;
  }

  /** A line without its CR LF; null at the end of the stream. */
  async line(): Promise<string | null> {
    let end = this.#buffer.indexOf('\r\n');
    while (end < 0) {
      if (this.#buffer.length > MOST_HEADER_BYTES) throw new ServiceError('InvalidRequest', { message: 'a chunk header is too long' });
      if (!(await this.#more())) return this.#rest();
      end = this.#buffer.indexOf('\r\n');
    }
    const line = this.#buffer.toString('latin1', 0, end);
    this.#buffer = this.#buffer.subarray(end + 2);
    return line;
  }

  #rest(): string | null {
    const rest = this.#buffer.toString('latin1');
    this.#buffer = Buffer.alloc(0);
    return rest === '' ? null : rest;
  }

  /** The next `size` bytes as they come. */
  async *bytes(size: number): AsyncGenerator<Uint8Array, void, undefined> {
    for (let left = size; left > 0; ) {
      if (this.#buffer.length === 0 && !(await this.#more())) throw new ServiceError('IncompleteBody');
      const piece = this.#buffer.subarray(0, left);
      this.#buffer = this.#buffer.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }
}

/** Checks the chain of chunk signatures that begins with the request's own. */
class ChunkSignatures {
  readonly #auth: Authenticated;
  #previous: string;

  constructor(auth: Authenticated) {
    this.#auth = auth;
    this.#previous = auth.claim?.signature ?? '';
  }

  async check(kind: 'PAYLOAD' | 'TRAILER', data: string, signature: string | undefined): Promise<void> {
    const { claim, signer, secretAccessKey } = this.#auth;
    if (claim === null || signer === null) return;
    const scope = `${claim.shortDate}/${claim.region}/${claim.service}/aws4_request`;
    const hashes = kind === 'PAYLOAD' ? `${EMPTY_HASH}\n${data}` : data;
    const text = `AWS4-HMAC-SHA256-${kind}\n${claim.longDate}\n${scope}\n${this.#previous}\n${hashes}`;
    const expected = await signer.signText(text, claim, secretAccessKey);
    if (expected !== signature) throw new ServiceError('SignatureDoesNotMatch');
    this.#previous = expected;
  }
}

const CHUNK_HEADER = /^([0-9a-fA-F]{1,16})(?:;chunk-signature=([0-9a-f]{64}))?$/;

async function chunkHeader(reader: ByteReader): Promise<{ readonly size: number; readonly signature: string | undefined }> {
  const line = await reader.line();
  if (line === null) throw new ServiceError('IncompleteBody');
  const [, size, signature] = CHUNK_HEADER.exec(line) ?? [];
  if (size === undefined) throw new ServiceError('InvalidRequest', { message: `${JSON.stringify(line.slice(0, 80))} is not the header of a chunk` });
  return { size: Number.parseInt(size, 16), signature };
}

/** A signed chunk must be whole before it is believed. */
async function* signedChunk(reader: ByteReader, size: number, signature: string | undefined, signatures: ChunkSignatures): AsyncGenerator<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of reader.bytes(size)) pieces.push(piece);
  const chunk = Buffer.concat(pieces);
  await signatures.check('PAYLOAD', hash('sha256', chunk), signature);
  if (size > 0) yield chunk;
}

async function readTrailers(reader: ByteReader, trailers: Trailers, signatures: ChunkSignatures | null): Promise<void> {
  let canonical = '';
  for (let line = await reader.line(); line !== null && line !== ''; line = await reader.line()) {
    const colon = line.indexOf(':');
    if (colon < 1) throw new ServiceError('MalformedTrailerError');
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name !== 'x-amz-trailer-signature') canonical += `${name}:${value}\n`;
    trailers.set(name, value);
  }
  if (signatures !== null) await signatures.check('TRAILER', hash('sha256', canonical), trailers.get('x-amz-trailer-signature'));
}

/** The streaming schemes that `x-amz-content-sha256` may name. */
export const STREAMING_SCHEMES: readonly string[] = [
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
];

/** The body inside the chunks; fills `trailers` once the last chunk was read. */
export async function* decodeAwsChunked(
  source: AsyncIterable<Uint8Array>,
  scheme: string,
  auth: Authenticated,
  trailers: Trailers,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = new ByteReader(source);
  const signatures = scheme === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' ? null : new ChunkSignatures(auth);
  for (;;) {
    const { size, signature } = await chunkHeader(reader);
    if (signatures === null) yield* reader.bytes(size);
    else yield* signedChunk(reader, size, signature, signatures);
    if (size === 0) break;
    if ((await reader.line()) !== '') throw new ServiceError('InvalidRequest', { message: 'a chunk is not followed by CR LF' });
  }
  await readTrailers(reader, trailers, scheme.endsWith('-TRAILER') ? signatures : null);
}
