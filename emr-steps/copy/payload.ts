/**
 * Bytes on their way through the node. Every write carries a Content-MD5, and that stands before the bytes: it is the source's ETag where
 * that is an MD5; else small bytes are held in memory, and large ones lie on a disk meanwhile, or are read twice (docs/adr/0005).
 */
import { createHash } from 'node:crypto';
import { md5Hex } from '../multipart/multipart-etag.ts';
import type { ChecksumForm, PartChecksum } from '../records/checksum-column.ts';
import type { ObjectBody } from '../s3/get-object.ts';
import { S3Error } from '../s3/s3-error.ts';
import type { RequestBody } from '../s3/s3-request.ts';
import { bytesChecksum, partChecksum } from './part-checksum.ts';
import type { SpillRoom } from './spill-space.ts';

/** Asks for the bytes, each time anew; pinned, so that they are the same. */
export type Open = () => Promise<ObjectBody>;

/** What is read, and how to name it in an error. */
export interface Piece {
  readonly bucket: string;
  /** The whole key. */
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** The checksum that the upload of a part was begun with. */
  readonly checksum: ChecksumForm | null;
}

/** What is written. */
export interface Payload {
  readonly body: RequestBody;
  /** Hexadecimal. */
  readonly md5: string;
  /** Of a part that must bring its own; else null. */
  readonly checksum: PartChecksum | null;
  /** Gives up what was not read. */
  close(): Promise<void>;
}

/** From this size on, bytes in memory go as a stream with their known MD5: it and the signature's hash are not computed once more. */
const LARGE_BYTES = 64 * 1024;

/** The bytes that came are not those that the ETag names. Final for the request; another reading may be better. */
function damaged(piece: Piece, expected: string, got: string): S3Error {
  const reason = `the bytes have MD5 ${got}, ${expected} was expected`;
  return new S3Error({ operation: 'GetObject', bucket: piece.bucket, key: piece.key, code: 'DigestMismatch', status: 0, reason });
}

function base64(md5: string): string {
  return Buffer.from(md5, 'hex').toString('base64');
}

async function nothing(): Promise<void> {
  // nothing was left open
}

/** Holds the bytes in memory. @throws S3Error DigestMismatch where they have another MD5 than `expected` */
export async function heldPayload(opened: ObjectBody, piece: Piece, expected: string | null): Promise<Payload> {
  const bytes = await readAll(opened, piece.size);
  const md5 = md5Hex(bytes);
  if (expected !== null && md5 !== expected) throw damaged(piece, expected, md5);
  const common = { md5, checksum: bytesChecksum(piece.checksum, bytes), close: nothing };
  if (bytes.length < LARGE_BYTES) return { body: bytes, ...common };
  async function* stream(): AsyncGenerator<Uint8Array, void, void> {
    yield bytes;
  }
  return { body: { stream, size: piece.size, md5Base64: base64(md5) }, ...common };
}

/** Lets the bytes through, of which the MD5 is known; they are asked for again where the write is sent again. */
export function passingPayload(opened: ObjectBody, open: Open, piece: Piece, known: Pick<Payload, 'md5' | 'checksum'>): Payload {
  let waiting: ObjectBody | null = opened;
  const stream = (): AsyncIterable<Uint8Array> => {
    const body = waiting;
    waiting = null;
    return checked(body === null ? open : () => Promise.resolve(body), piece, known.md5);
  };
  return {
    body: { stream, size: piece.size, md5Base64: base64(known.md5) },
    ...known,
    async close() {
      await waiting?.discard();
    },
  };
}

/** Puts the bytes on a disk as they come; they are read there as often as the write is sent. @throws SpillFailedError */
export async function spilledPayload(opened: ObjectBody, piece: Piece, { file }: SpillRoom): Promise<Payload> {
  file.restart();
  const known = await digested(opened, piece, (chunk) => file.add(chunk));
  await file.end();
  return { body: { stream: () => file.read(), size: piece.size, md5Base64: base64(known.md5) }, ...known, close: nothing };
}

/** Reads the bytes once for their digests and lets them through in a second reading. */
export async function twiceReadPayload(opened: ObjectBody, open: Open, piece: Piece): Promise<Payload> {
  const known = await digested(opened, piece, nothing);
  return passingPayload(await open(), open, piece, known);
}

async function digested(opened: ObjectBody, piece: Piece, take: (chunk: Uint8Array) => Promise<void>): Promise<Pick<Payload, 'md5' | 'checksum'>> {
  const [hash, running] = [createHash('md5'), partChecksum(piece.checksum)];
  for await (const chunk of opened.body) {
    hash.update(chunk);
    running?.update(chunk);
    await take(chunk);
  }
  const checksum = running === null ? null : ({ algorithm: running.algorithm, type: 'COMPOSITE', value: running.value() } as const);
  return { md5: hash.digest('hex'), checksum };
}

async function readAll(opened: ObjectBody, size: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for await (const chunk of opened.body) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** The last bytes are let through only when all of them are right: damaged ones never make a whole body. */
async function* checked(open: Open, piece: Piece, expected: string): AsyncGenerator<Uint8Array, void, void> {
  const opened = await open();
  const hash = createHash('md5');
  let passed = 0;
  for await (const chunk of opened.body) {
    hash.update(chunk);
    passed += chunk.length;
    if (passed === piece.size) {
      const md5 = hash.digest('hex');
      if (md5 !== expected) throw damaged(piece, expected, md5);
    }
    yield chunk;
  }
}
