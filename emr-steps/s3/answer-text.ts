/** What an answer must hold; without it the answer is none. */
import { unquoted } from './object-headers.ts';
import type { S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';
import type { S3Answer, S3Request } from './s3-request.ts';
import { textOf } from './xml.ts';

/** The answer's body as text. */
export function answerXml(answer: S3Answer): string {
  return Buffer.from(answer.bytes.buffer, answer.bytes.byteOffset, answer.bytes.byteLength).toString('utf8');
}

function malformed(reason: string, client: S3Client, request: S3Request, answer: S3Answer): S3Error {
  const { operation, key } = request;
  const { attempts, status } = answer;
  const requestId = answer.headers['x-amz-request-id'] ?? null;
  return new S3Error({ operation, bucket: client.bucket, key, code: 'MalformedAnswer', status, reason, requestId, attempts });
}

/** @throws {S3Error} `MalformedAnswer` when `value` is missing or empty */
function present(value: string | null | undefined, what: string, client: S3Client, request: S3Request, answer: S3Answer): string {
  if (value !== null && value !== undefined && value !== '') return value;
  throw malformed(`the answer holds no ${what}`, client, request, answer);
}

/** A page that says that others follow, and not where: what they hold would be left out unsaid. `MalformedAnswer`. */
export function endlessList(client: S3Client, request: S3Request, answer: S3Answer): S3Error {
  return malformed('the list goes on, but the answer does not say where, or says where it is already', client, request, answer);
}

/**
 * The text of the element `name`.
 *
 * @throws {S3Error} `MalformedAnswer` when it is missing or empty
 */
export function requiredText(xml: string, name: string, client: S3Client, request: S3Request, answer: S3Answer): string {
  return present(textOf(xml, name), name, client, request, answer);
}

/**
 * The ETag in the headers, without quotes.
 *
 * @throws {S3Error} `MalformedAnswer` when it is missing
 */
export function requiredETag(client: S3Client, request: S3Request, answer: S3Answer): string {
  return unquoted(present(answer.headers.etag, 'ETag', client, request, answer));
}
