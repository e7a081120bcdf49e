/** Names what went wrong without an answer, or in the middle of one. */
import { S3Error } from './s3-error.ts';
import type { S3Request } from './s3-request.ts';
import { TimeLimitError } from './time-limit.ts';

/** Codes of Node and undici to ours. What broke off after the head of the answer is `TruncatedBody`. */
const NAMES: Readonly<Record<string, string>> = {
  ECONNRESET: 'ConnectionReset',
  EPIPE: 'ConnectionReset',
  ECONNABORTED: 'ConnectionReset',
  UND_ERR_SOCKET: 'ConnectionReset',
  UND_ERR_ABORTED: 'ConnectionReset',
  UND_ERR_INFO: 'ConnectionReset',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'TruncatedBody',
  ECONNREFUSED: 'ConnectionRefused',
  ENOTFOUND: 'NameNotResolved',
  EAI_AGAIN: 'NameNotResolved',
  EHOSTUNREACH: 'ConnectionFailed',
  ENETUNREACH: 'ConnectionFailed',
  ENETDOWN: 'ConnectionFailed',
  EADDRNOTAVAIL: 'ConnectionFailed',
  EMFILE: 'ConnectionFailed',
  ETIMEDOUT: 'Timeout',
  UND_ERR_CONNECT_TIMEOUT: 'Timeout',
  UND_ERR_HEADERS_TIMEOUT: 'Timeout',
  UND_ERR_BODY_TIMEOUT: 'Timeout',
  UND_ERR_HEADERS_OVERFLOW: 'MalformedAnswer',
  ANSWER_ENDLESS: 'MalformedAnswer',
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: 'WrongBodySize',
  UND_ERR_INVALID_ARG: 'InvalidRequest',
  UND_ERR_DESTROYED: 'ClientClosed',
  UND_ERR_CLOSED: 'ClientClosed',
};

const TLS = /^(?:CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH)/;

function nameOf(error: unknown): string | null {
  if (error instanceof TimeLimitError) return 'Timeout';
  if (error instanceof URIError) return 'InvalidURI';
  if (!(error instanceof Error)) return null;
  if (error.name === 'HTTPParserError') return 'MalformedAnswer';
  const code: unknown = 'code' in error ? error.code : undefined;
  if (typeof code !== 'string') return null;
  return NAMES[code] ?? (TLS.test(code) ? 'TlsFailure' : null);
}

/**
 * The S3Error for what a transport threw; anything that is no failure of the connection (a mistake in the program, the error of a
 * body's own source) is returned as it is.
 *
 * @param status - of the answer whose body broke off; 0 before an answer
 */
export function failureOf(error: unknown, request: S3Request, bucket: string, attempt: number, status: number): unknown {
  if (error instanceof S3Error) return error;
  const name = nameOf(error);
  if (name === null) return error;
  const code = name === 'ConnectionReset' && status !== 0 ? 'TruncatedBody' : name;
  const reason = error instanceof Error ? error.message : String(error);
  return new S3Error({ operation: request.operation, bucket, key: request.key, code, status, reason, attempts: attempt, cause: error });
}
