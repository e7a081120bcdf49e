/** Reads the error in an answer: by its document, or by status and headers where there is none (HEAD has no body). */
import { retryAfterMilliseconds } from './backoff.ts';
import { REGION_CODES } from './error-table.ts';
import { S3Error, type S3ErrorFacts } from './s3-error.ts';
import type { S3Request } from './s3-request.ts';
import { nextElement, textOf } from './xml.ts';

/** Who asked, for the error's facts. */
export interface Asked {
  readonly request: S3Request;
  readonly bucket: string;
  readonly region: string;
  readonly attempt: number;
  /** The clock when the answer came, in milliseconds. */
  readonly now: number;
}

/** An answer that is an error, as far as it is needed here. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
}

/** Codes for answers that name none. `NotFound`: a HEAD does not say whether key or bucket is missing. */
const CODE_BY_STATUS: Readonly<Record<number, string>> = {
  301: 'PermanentRedirect',
  304: 'NotModified',
  307: 'TemporaryRedirect',
  400: 'BadRequest',
  403: 'AccessDenied',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  408: 'RequestTimeout',
  409: 'Conflict',
  412: 'PreconditionFailed',
  416: 'InvalidRange',
  429: 'TooManyRequests',
  500: 'InternalError',
  501: 'NotImplemented',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
  504: 'GatewayTimeout',
};

/** S3 refuses a signature from a clock that is off by more than 15 minutes. */
const TOLERATED_SKEW_MILLISECONDS = 14 * 60_000;

/** Session tokens and access key ids, which a server may repeat in its message. */
const SECRETS = /[A-Za-z0-9+/=]{100,}|\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g;

function messageOf(xml: string | null): string {
  const message = xml === null ? null : textOf(xml, 'Message');
  return message?.replace(SECRETS, '(removed)') ?? 'the answer says no more';
}

function serverTimeOf(headers: Readonly<Record<string, string>>): number | null {
  const time = Date.parse(headers.date ?? '');
  return Number.isNaN(time) ? null : time;
}

/** What a status without a document means, once Region and clock are looked at. */
function codeWithoutDocument(answer: ErrorAnswer, asked: Asked, serverTime: number | null): string {
  const region = answer.headers['x-amz-bucket-region'];
  if (answer.status === 400 && region !== undefined && region !== asked.region) return 'AuthorizationHeaderMalformed';
  if (answer.status === 403 && serverTime !== null && Math.abs(serverTime - asked.now) > TOLERATED_SKEW_MILLISECONDS) return 'RequestTimeTooSkewed';
  return CODE_BY_STATUS[answer.status] ?? `Status${answer.status}`;
}

function regionAdvice(code: string, region: string | null, asked: Asked): string {
  if (!REGION_CODES.has(code) && region === null) return '';
  if (region === null || region === asked.region) return '';
  return `; the bucket is in ${region} and the request was signed for ${asked.region}: set the region to ${region}`;
}

/** The error that an answer is. */
export function errorOfAnswer(answer: ErrorAnswer, asked: Asked): S3Error {
  const { headers, status } = answer;
  const xml = nextElement(Buffer.from(answer.bytes).toString('utf8'), 'Error')?.content ?? null;
  const serverTime = serverTimeOf(headers);
  const code = (xml === null ? null : textOf(xml, 'Code')) ?? codeWithoutDocument(answer, asked, serverTime);
  const region = headers['x-amz-bucket-region'] ?? (xml === null ? null : textOf(xml, 'Region'));
  const facts: S3ErrorFacts = {
    operation: asked.request.operation,
    bucket: asked.bucket,
    key: asked.request.key,
    code,
    status,
    reason: `${messageOf(xml)}${regionAdvice(code, region, asked)}`,
    requestId: headers['x-amz-request-id'] ?? (xml === null ? null : textOf(xml, 'RequestId')),
    hostId: headers['x-amz-id-2'] ?? (xml === null ? null : textOf(xml, 'HostId')),
    region,
    attempts: asked.attempt,
    retryAfterMilliseconds: retryAfterMilliseconds(headers['retry-after'], asked.now),
    serverTime,
  };
  return new S3Error(facts);
}

const BLANKS = new Set([0x20, 0x09, 0x0a, 0x0d]);
const HEAD_BYTES = 512;
const TAIL_BYTES = 64;
/** On latin1: a byte order mark is three signs. */
const ROOT = /^(?:\u00ef\u00bb\u00bf)?\s*(?:<\?[^>]*\?>\s*|<!--[^>]*-->\s*)*<([A-Za-z_][\w.:-]*)([^>]*)>/;

/** Name of the root element and whether its end is there; null where the bytes are no XML. Blanks before it keep connections alive. */
export function rootOf(bytes: Uint8Array): { readonly name: string; readonly closed: boolean } | null {
  let start = 0;
  while (start < bytes.length && BLANKS.has(bytes[start] ?? 0)) start += 1;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = view.toString('latin1', start, Math.min(bytes.length, start + HEAD_BYTES));
  const match = ROOT.exec(head);
  const name = match?.[1];
  if (name === undefined) return null;
  const isWhole = bytes.length <= start + HEAD_BYTES;
  const tail = (isWhole ? head : view.toString('latin1', Math.max(start, bytes.length - TAIL_BYTES))).trimEnd();
  return { name, closed: tail.endsWith(`</${name}>`) || (match?.[2]?.endsWith('/') === true && tail.endsWith('/>')) };
}
