/** Takes in the body of a request: decodes it, hashes it on the way, and refuses it when anything that was promised about it is wrong. */
import { createHash, type Hash } from 'node:crypto';
import type { ChecksumAlgorithm } from '../bucket.ts';
import type { BodySink, Content } from '../content.ts';
import { memorySink } from '../memory-content.ts';
import type { S3Request } from '../request.ts';
import { ServiceError } from '../service-error.ts';
import type { Authenticated } from '../signatures/authenticate.ts';
import { decodeAwsChunked, STREAMING_SCHEMES, type Trailers } from './aws-chunked.ts';
import { algorithmNamed, CHECKSUM_ALGORITHMS, checksumHeader, isChecksum, type RunningChecksum, runningChecksum } from './checksums.ts';

/** S3's limit for one PutObject or UploadPart. */
const MOST_BODY_BYTES = 5 * 1024 ** 3;

/** A body that arrived whole and right. */
export interface ReceivedBody {
  readonly content: Content;
  /** 32 hexadecimal digits. */
  readonly md5: string;
  /** The checksum that was sent, or that the caller asked for; null where there is neither. */
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string } | null;
}

/** How a body is taken in. */
export interface Reception {
  readonly request: S3Request;
  readonly auth: Authenticated;
  readonly sink: BodySink;
  /** Computed even if none was sent (the upload's algorithm). */
  readonly algorithm?: ChecksumAlgorithm | null;
  /** Bytes. @default 5 GiB */
  readonly mostBytes?: number;
}

function declaredSize({ headers }: S3Request, isChunked: boolean): number {
  const declared = isChunked ? headers['x-amz-decoded-content-length'] : headers['content-length'];
  if (declared === undefined && !isChunked && headers['transfer-encoding'] === undefined) return 0;
  const size = Number(declared);
  if (declared === undefined || !Number.isSafeInteger(size) || size < 0) throw new ServiceError('MissingContentLength');
  return size;
}

/** The algorithm that the request names by a checksum header, by its trailer, or by `x-amz-sdk-checksum-algorithm`. */
function namedAlgorithm({ headers }: S3Request): ChecksumAlgorithm | null {
  const sent = CHECKSUM_ALGORITHMS.filter((algorithm) => headers[checksumHeader(algorithm)] !== undefined);
  if (sent.length > 1)
    throw new ServiceError('InvalidRequest', { message: 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.' });
  const trailer = /^x-amz-checksum-(\w+)$/.exec((headers['x-amz-trailer'] ?? '').trim().toLowerCase())?.[1];
  const named = trailer ?? headers['x-amz-sdk-checksum-algorithm'];
  return sent[0] ?? (named === undefined ? null : algorithmNamed(named));
}

function md5Header({ headers }: S3Request): string | null {
  const header = headers['content-md5'];
  if (header === undefined) return null;
  const bytes = Buffer.from(header, 'base64');
  if (bytes.length !== 16 || !/^[A-Za-z0-9+/]{22}==$/.test(header)) throw new ServiceError('InvalidDigest');
  return bytes.toString('hex');
}

function checkChecksum(request: S3Request, checksum: RunningChecksum, trailers: Trailers): string {
  const { algorithm } = checksum;
  const name = checksumHeader(algorithm);
  const sent = request.headers[name] ?? trailers.get(name);
  if (sent !== undefined && !isChecksum(algorithm, sent)) throw new ServiceError('InvalidRequest', { message: `Value for ${name} header is invalid.` });
  if (sent === undefined && (request.headers['x-amz-trailer'] ?? '').toLowerCase().includes(name)) throw new ServiceError('MalformedTrailerError');
  const value = checksum.value();
  if (sent !== undefined && sent !== value)
    throw new ServiceError('BadDigest', { message: `The ${algorithm} you specified did not match the calculated checksum.` });
  return value;
}

/** Everything that is computed while the bytes go by. */
class BodyHashes {
  readonly #md5 = createHash('md5');
  readonly #payload: Hash | null;
  readonly checksum: RunningChecksum | null;
  size = 0;

  constructor(payloadHash: string, algorithm: ChecksumAlgorithm | null) {
    this.#payload = /^[0-9a-f]{64}$/.test(payloadHash) ? createHash('sha256') : null;
    this.checksum = algorithm === null ? null : runningChecksum(algorithm);
  }

  update(chunk: Uint8Array): void {
    this.size += chunk.length;
    this.#md5.update(chunk);
    this.#payload?.update(chunk);
    this.checksum?.update(chunk);
  }

  md5(): string {
    return this.#md5.digest('hex');
  }

  /** Null where the request signed no hash of its body. */
  payload(): string | null {
    return this.#payload?.digest('hex') ?? null;
  }
}

async function pour(source: AsyncIterable<Uint8Array>, hashes: BodyHashes, sink: BodySink, size: number): Promise<void> {
  for await (const chunk of source) {
    hashes.update(chunk);
    if (hashes.size > size) throw new ServiceError('IncompleteBody');
    const wait = sink.write(chunk);
    if (wait !== undefined) await wait;
  }
  if (hashes.size < size) throw new ServiceError('IncompleteBody');
}

async function receive({ request, auth, sink, algorithm = null, mostBytes = MOST_BODY_BYTES }: Reception): Promise<ReceivedBody> {
  const scheme = request.headers['x-amz-content-sha256'] ?? '';
  const isChunked = STREAMING_SCHEMES.includes(scheme);
  const size = declaredSize(request, isChunked);
  if (size > mostBytes) throw new ServiceError('EntityTooLarge', { elements: { ProposedSize: size, MaxSizeAllowed: mostBytes } });
  const md5Sent = md5Header(request);
  const hashes = new BodyHashes(scheme, namedAlgorithm(request) ?? algorithm);
  const trailers: Trailers = new Map();
  await pour(isChunked ? decodeAwsChunked(request.message, scheme, auth, trailers) : request.message, hashes, sink, size);
  const payload = hashes.payload();
  if (payload !== null && payload !== scheme) throw new ServiceError('XAmzContentSHA256Mismatch');
  const md5 = hashes.md5();
  if (md5Sent !== null && md5Sent !== md5) throw new ServiceError('BadDigest', { message: 'The Content-MD5 you specified did not match what we received.' });
  const { checksum } = hashes;
  const checked = checksum === null ? null : { algorithm: checksum.algorithm, value: checkChecksum(request, checksum, trailers) };
  return { content: await sink.finish(md5), md5, checksum: checked };
}

/** Takes in a body; what is refused leaves nothing behind in the sink. */
export async function receiveBody(reception: Reception): Promise<ReceivedBody> {
  try {
    return await receive(reception);
  } catch (error) {
    await reception.sink.discard();
    throw error;
  }
}

/** S3 takes XML bodies of about this size: a thousand keys of a thousand bytes, escaped. */
const MOST_DOCUMENT_BYTES = 8 * 1024 * 1024;

/** A small body as text (bytes): XML and policies. */
export async function receiveText(request: S3Request, auth: Authenticated): Promise<string> {
  const { content } = await receiveBody({ request, auth, sink: memorySink(), mostBytes: MOST_DOCUMENT_BYTES });
  let text = '';
  for await (const chunk of content.read(0, content.size)) text += Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1');
  return text;
}
