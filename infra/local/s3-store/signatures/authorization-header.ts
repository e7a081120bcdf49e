/** The `Authorization` header of Signature Version 4, taken apart. */
import type { S3Request } from '../request.ts';
import { ServiceError } from '../service-error.ts';

/** What a signed request claims. */
export interface Claim {
  readonly accessKeyId: string;
  /** `YYYYMMDD`. */
  readonly shortDate: string;
  readonly region: string;
  readonly service: string;
  /** Names in lower case, in the order given. */
  readonly signedHeaders: readonly string[];
  /** 64 hexadecimal digits. */
  readonly signature: string;
  /** `x-amz-date`: `YYYYMMDDTHHMMSSZ`. */
  readonly longDate: string;
  /** `x-amz-content-sha256`: a hash, `UNSIGNED-PAYLOAD`, or the name of a streaming scheme. */
  readonly payloadHash: string;
}

const HEADER = /^AWS4-HMAC-SHA256 +Credential=([^\s,]+) *, *SignedHeaders=([^\s,]+) *, *Signature=([0-9a-f]{64})$/;
const LONG_DATE = /^(\d{8})T(\d{6})Z$/;

function malformed(message: string): ServiceError {
  return new ServiceError('AuthorizationHeaderMalformed', { message });
}

function dateOf(request: S3Request): string {
  const date = request.headers['x-amz-date'];
  if (date === undefined || !LONG_DATE.test(date)) throw new ServiceError('AccessDenied', { message: 'AWS authentication requires a valid x-amz-date header' });
  return date;
}

function payloadHashOf(request: S3Request): string {
  const hash = request.headers['x-amz-content-sha256'];
  if (hash === undefined) throw new ServiceError('InvalidRequest', { message: 'Missing required header for this request: x-amz-content-sha256' });
  return hash;
}

/** What a request to a service must be signed as. */
export interface Scope {
  readonly service: 's3' | 'sts';
  /** The hash of the body where the service wants no header for it, 64 hexadecimal digits. @default the header's */
  readonly bodyHash?: string;
}

/** Null for a request without a signature; `AuthorizationHeaderMalformed` for anything but header-signed Version 4 for this service. */
export function parseClaim(request: S3Request, wanted: Scope = { service: 's3' }): Claim | null {
  const header = request.headers.authorization;
  if (header === undefined) return null;
  const [, credential = '', signedHeaders = '', signature = ''] = HEADER.exec(header) ?? [];
  const scope = credential.split('/');
  const [accessKeyId = '', shortDate = '', region = '', service = '', terminator = ''] = scope;
  if (scope.length !== 5 || terminator !== 'aws4_request')
    throw malformed(
      'The authorization header is malformed; write AWS4-HMAC-SHA256 Credential=<key>/<date>/<region>/<service>/aws4_request, SignedHeaders=…, Signature=…',
    );
  if (service !== wanted.service)
    throw malformed(`The authorization header is malformed; incorrect service "${service}". This endpoint belongs to "${wanted.service}".`);
  const longDate = dateOf(request);
  if (longDate.slice(0, 8) !== shortDate) throw malformed(`The authorization header is malformed; the date ${shortDate} is not the day of x-amz-date`);
  const payloadHash = wanted.bodyHash ?? payloadHashOf(request);
  return { accessKeyId, shortDate, region, service, signedHeaders: signedHeaders.split(';'), signature, longDate, payloadHash };
}

/** The time of signing, in milliseconds since the epoch. */
export function signingTime(longDate: string): number {
  return Date.parse(
    `${longDate.slice(0, 4)}-${longDate.slice(4, 6)}-${longDate.slice(6, 8)}T${longDate.slice(9, 11)}:${longDate.slice(11, 13)}:${longDate.slice(13, 15)}Z`,
  );
}
