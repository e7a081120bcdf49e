/** GetObject: the bytes of an object, of a range or of a part, as they come. */
import { type ByteRange, rangeHeader, rangeLength } from './copy-source.ts';
import { type ObjectHead, objectHead, quoted } from './object-headers.ts';
import type { S3Client } from './s3-client.ts';
import { queryString } from './uri.ts';

/** What to read. */
export interface GetObjectInput {
  readonly key: string;
  readonly range?: ByteRange | undefined;
  /** 1 first; never together with a range. */
  readonly partNumber?: number | undefined;
  /** 412 unless the object has this ETag. */
  readonly ifMatch?: string | undefined;
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

/** Reads an object. Until the head has come the request is tried again; a body that breaks off is the caller's to ask for again. */
export async function getObject(client: S3Client, input: GetObjectInput, signal?: AbortSignal): Promise<ObjectBody> {
  const headers: Record<string, string> = {};
  if (input.range !== undefined) headers.range = rangeHeader(input.range);
  if (input.ifMatch !== undefined) headers['if-match'] = quoted(input.ifMatch);
  const query = input.partNumber === undefined ? '' : queryString({ partNumber: input.partNumber });
  const payloadBytes = input.size ?? (input.range === undefined ? LARGEST_BYTES : rangeLength(input.range));
  const answer = await client.open({ operation: 'GetObject', method: 'GET', key: input.key, query, headers, payloadBytes }, signal);
  return { head: objectHead(answer.headers), body: answer.body, discard: () => answer.body.discard() };
}
