/** GetObject: the bytes of an object, of a range or of a part, as they come. */
import { type ByteRange, rangeHeader, rangeLength } from './copy-source.ts';
import { type ObjectHead, objectHead, quoted } from './object-headers.ts';
import type { S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';
import type { S3OpenAnswer } from './s3-request.ts';
import { queryString } from './uri.ts';

/** What to read. */
export interface GetObjectInput {
  readonly key: string;
  readonly range?: ByteRange | undefined;
  /** 1 first; never together with a range. */
  readonly partNumber?: number | undefined;
  /** 412 unless the object has this ETag. */
  readonly ifMatch?: string | undefined;
  /** Also the stored checksums. */
  readonly checksumMode?: boolean | undefined;
  /** Bytes that are expected, for the time limit: the range's, or 5 GiB, unless given. */
  readonly size?: number | undefined;
}

/** An object that is being read. Its body must be read to the end or discarded. */
export interface ObjectBody {
  readonly head: ObjectHead;
  /** Throws S3Error `TruncatedBody` when fewer bytes come than the head says. */
  readonly body: AsyncIterable<Uint8Array>;
  discard(): Promise<void>;
}

/** The largest body of one request, which sets the time limit where the size is not told. */
const LARGEST_BYTES = 5 * 1024 ** 3;

/** A server without ranges sends the whole object: its first bytes are not those that were asked for. */
async function rangeIgnored(client: S3Client, key: string, answer: S3OpenAnswer): Promise<S3Error> {
  await answer.body.discard();
  const { attempts, status } = answer;
  const reason = 'the server ignored the range';
  return new S3Error({ operation: 'GetObject', bucket: client.bucket, key, code: 'RangeIgnored', status, reason, attempts });
}

/** Reads an object. Until the head has come the request is tried again; a body that breaks off is the caller's to ask for again. */
export async function getObject(client: S3Client, input: GetObjectInput, signal?: AbortSignal): Promise<ObjectBody> {
  const headers: Record<string, string> = {};
  if (input.range !== undefined) headers.range = rangeHeader(input.range);
  if (input.ifMatch !== undefined) headers['if-match'] = quoted(input.ifMatch);
  if (input.checksumMode === true) headers['x-amz-checksum-mode'] = 'ENABLED';
  const query = input.partNumber === undefined ? '' : queryString({ partNumber: input.partNumber });
  const payloadBytes = input.size ?? (input.range === undefined ? LARGEST_BYTES : rangeLength(input.range));
  const request = { operation: 'GetObject', method: 'GET', key: input.key, query, headers, payloadBytes } as const;
  const answer = await client.open(request, signal);
  if (input.range !== undefined && answer.status !== 206) throw await rangeIgnored(client, input.key, answer);
  return { head: objectHead(answer.headers), body: answer.body, discard: () => answer.body.discard() };
}
