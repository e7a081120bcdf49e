/** A request as the operations see it: bucket, key and query taken from the raw request target, which is never handed to a URL parser that would fold `..` or `//`. */
import type { IncomingMessage } from 'node:http';
import { isValidUtf8, type KeyBytes } from './key-bytes.ts';
import { decodePercent } from './percent.ts';
import { ServiceError } from './service-error.ts';

/** One request. Header names are in lower case; header and query values hold bytes, one character each. */
export interface S3Request {
  readonly method: string;
  /** Null for a request to the service itself. */
  readonly bucket: string | null;
  /** Null for a request to a bucket. */
  readonly key: KeyBytes | null;
  /** The path as sent, without the query. */
  readonly rawPath: string;
  /** Decoded names and values, in the order sent. */
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly message: IncomingMessage;
}

/** The value of a query parameter, '' where it has none, null where it is not there. */
export function queryValue(request: S3Request, name: string): string | null {
  for (const pair of request.query) if (pair[0] === name) return pair[1];
  return null;
}

function decoded(text: string): string {
  const bytes = decodePercent(text);
  if (bytes === null || !isValidUtf8(bytes)) throw new ServiceError('InvalidURI');
  return bytes;
}

function parseQuery(query: string): (readonly [string, string])[] {
  if (query === '') return [];
  const pairs: (readonly [string, string])[] = [];
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    pairs.push(equals < 0 ? [decoded(pair), ''] : [decoded(pair.slice(0, equals)), decoded(pair.slice(equals + 1))]);
  }
  return pairs;
}

const AWS_HOST = /^(.+)\.s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com(?:\.cn)?$/;

/** The bucket that a host names: `<bucket>.localhost` and S3's own virtual hosts; null for path style. */
function bucketOfHost(host: string | undefined): string | null {
  const name = (host ?? '').replace(/:\d+$/, '').toLowerCase();
  if (name.endsWith('.localhost')) return name.slice(0, -'.localhost'.length);
  return AWS_HOST.exec(name)?.[1] ?? null;
}

/** Reads the target and the headers of a request; `InvalidURI` for broken percent-encoding or bytes that are not UTF-8. */
export function parseRequest(message: IncomingMessage): S3Request {
  const target = message.url ?? '/';
  const mark = target.indexOf('?');
  const rawPath = mark < 0 ? target : target.slice(0, mark);
  const hosted = bucketOfHost(message.headers.host);
  const path = rawPath.startsWith('/') ? rawPath.slice(1) : rawPath;
  const slash = path.indexOf('/');
  const bucket = hosted ?? decoded(slash < 0 ? path : path.slice(0, slash));
  const key = hosted === null ? (slash < 0 ? '' : path.slice(slash + 1)) : path;
  return {
    method: message.method ?? 'GET',
    bucket: bucket === '' ? null : bucket,
    key: key === '' ? null : decoded(key),
    rawPath,
    query: mark < 0 ? [] : parseQuery(target.slice(mark + 1)),
    headers: message.headers as Readonly<Record<string, string | undefined>>,
    message,
  };
}
