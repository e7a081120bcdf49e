/** ListObjectsV2: one page of a listing, as the offsets of its fields in the answer's bytes. */
import type { ListingScanner, ScannedListing } from './listing-scanner.ts';
import { ListingSyntaxError } from './markup-reader.ts';
import type { S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';
import type { S3Answer, S3Request } from './s3-request.ts';
import { queryString } from './uri.ts';
import { decodeEntities } from './xml.ts';

/** Which page. */
export interface ListObjectsV2Input {
  /** Empty: every key. */
  readonly prefix: string;
  /** Keys with it behind the prefix come as common prefixes; empty: none do. */
  readonly delimiter: string;
  /** Only keys behind it; null: from the first. */
  readonly startAfter: string | null;
  /** Where an earlier page said that it goes on, in place of `startAfter`. */
  readonly continuationToken: string | null;
  /** 1 to 1,000. */
  readonly maxKeys: number;
  /** Whether to ask for the restore status of archived objects. */
  readonly restoreStatus: boolean;
}

const OPERATION = 'ListObjectsV2';
const RESTORE_STATUS = { 'x-amz-optional-object-attributes': 'RestoreStatus' };

function requestOf(input: ListObjectsV2Input): S3Request {
  const { prefix, delimiter, startAfter, continuationToken, maxKeys, restoreStatus } = input;
  const query = queryString({
    'continuation-token': continuationToken,
    delimiter: delimiter || null,
    'encoding-type': 'url',
    'list-type': 2,
    'max-keys': maxKeys === 1000 ? null : maxKeys,
    prefix: prefix || null,
    'start-after': startAfter,
  });
  return {
    operation: OPERATION,
    method: 'GET',
    key: null,
    query,
    root: 'ListBucketResult',
    pacedBy: prefix,
    ...(restoreStatus && { headers: RESTORE_STATUS }),
  };
}

function malformed(client: S3Client, answer: S3Answer, cause: ListingSyntaxError): S3Error {
  const { attempts, status, headers } = answer;
  const requestId = headers['x-amz-request-id'] ?? null;
  return new S3Error({
    operation: OPERATION,
    bucket: client.bucket,
    key: null,
    code: 'MalformedAnswer',
    status,
    reason: cause.message,
    requestId,
    attempts,
    cause,
  });
}

/**
 * Asks for a page.
 *
 * @param scanner - its memory is used again for the next page, so all that is needed is read at once
 * @param read - reads the page; what it returns is returned
 * @throws {S3Error} `MalformedAnswer` where the answer is no whole listing; as `client.send` throws
 */
export async function listObjectsV2<T>(
  client: S3Client,
  input: ListObjectsV2Input,
  scanner: ListingScanner,
  read: (page: ScannedListing) => T,
  signal?: AbortSignal,
): Promise<T> {
  const { memory } = scanner;
  const answer = await client.send({ ...requestOf(input), memory }, signal);
  try {
    return read(scanner.scan(answer.bytes));
  } catch (error) {
    throw error instanceof ListingSyntaxError ? malformed(client, answer, error) : error;
  } finally {
    memory.giveBack(answer.bytes);
  }
}

/**
 * The text between two offsets of a page: entities, then percent-encoding where the page says so. `+` is a space there, as MinIO writes it.
 *
 * @throws {ListingSyntaxError} where it is no UTF-8 or no percent-encoding
 */
export function listedText(page: Pick<ScannedListing, 'body' | 'isUrlEncoded'>, start: number, end: number): string {
  try {
    const text = decodeEntities(UTF8.decode(page.body.subarray(start, end)));
    return page.isUrlEncoded && ENCODED.test(text) ? decodeURIComponent(text.replaceAll('+', ' ')) : text;
  } catch (cause) {
    throw new ListingSyntaxError(`a key that is no ${page.isUrlEncoded ? 'percent-encoded ' : ''}UTF-8 (${(cause as Error).message})`, start);
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const ENCODED = /[%+]/;
