/**
 * What an error code of S3 allows next, once. Source: "List of error codes",
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (codes, statuses, and which of them ask to try again);
 * the names without a status are ours, for what happens without an answer.
 */

/**
 * `throttle`: the service asks for fewer requests; back off and lower the rate. `transient`: the same request may succeed a moment later.
 * `final`: the same request fails the same way.
 */
export type RetryClass = 'throttle' | 'transient' | 'final';

/** The code that says that our clock is wrong. */
export const SKEW_CODE = 'RequestTimeTooSkewed';

/** Asked to slow down (503 unless noted). */
const THROTTLE = [
  'SlowDown',
  'ServiceUnavailable',
  'BandwidthLimitExceeded',
  'Busy',
  'RequestLimitExceeded', // 429 and 503, of compatible servers and of KMS behind S3
  'Throttling',
  'ThrottlingException',
  'RequestThrottled',
  'RequestThrottledException',
  'TooManyRequests',
  'TooManyRequestsException',
  'SlowDownRead', // MinIO
  'SlowDownWrite', // MinIO
  'KMS.ThrottlingException',
] as const;

/** May succeed a moment later. */
const TRANSIENT = [
  'InternalError', // 500
  'InternalServerError',
  'InternalFailure',
  'RequestTimeout', // 400: the socket was not written to or read from in time
  'RequestTimeoutException',
  'OperationAborted', // 409: a conflicting conditional operation is under way
  'ConditionalRequestConflict', // 409: a concurrent request won
  'IncompleteBody', // 400: fewer bytes than Content-Length came
  'BadDigest', // 400: bytes were damaged on the way
  'XAmzContentSHA256Mismatch', // 400: likewise
  'XAmzContentChecksumMismatch', // 400: likewise
  'ExpiredToken', // 400: fresh credentials may have come by then
  'ExpiredTokenException',
  'TokenRefreshRequired',
  SKEW_CODE, // 403: our clock's offset is corrected before the next attempt
  // without an answer
  'ConnectionReset',
  'ConnectionRefused',
  'ConnectionFailed',
  'NameNotResolved',
  'Timeout',
  'TruncatedBody',
  'MalformedAnswer',
] as const;

/** Statuses that no code explains. */
const FINAL_SERVER_STATUSES = new Set([501, 505]);

const TABLE: ReadonlyMap<string, RetryClass> = new Map<string, RetryClass>([
  ...THROTTLE.map((code) => [code, 'throttle'] as const),
  ...TRANSIENT.map((code) => [code, 'transient'] as const),
]);

/** Codes that say that the credentials ran out. */
export const EXPIRED_CODES: ReadonlySet<string> = new Set(['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired']);

/** Codes that say that the bucket is in another Region than the one signed for. */
export const REGION_CODES: ReadonlySet<string> = new Set([
  'PermanentRedirect',
  'TemporaryRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
  'IncorrectEndpoint',
]);

function classOfStatus(status: number): RetryClass {
  if (status === 429 || status === 503) return 'throttle';
  if (status === 408) return 'transient';
  if (status >= 500) return FINAL_SERVER_STATUSES.has(status) ? 'final' : 'transient';
  // An unknown error inside an answer 200: S3 began the work and broke off.
  return status >= 200 && status < 300 ? 'transient' : 'final';
}

/** Codes that are final wherever they stand, an answer 200 too. */
const FINAL_INSIDE_SUCCESS = new Set([
  'AccessDenied',
  'InvalidPart',
  'InvalidPartOrder',
  'InvalidRequest',
  'InvalidArgument',
  'EntityTooSmall',
  'EntityTooLarge',
  'MalformedXML',
  'NoSuchBucket',
  'NoSuchKey',
  'NoSuchUpload',
  'PreconditionFailed',
  'InvalidObjectState',
  'NotImplemented',
  'RangeIgnored', // ours
  'KMS.DisabledException',
  'KMS.NotFoundException',
  'KMS.KMSInvalidStateException',
  'KMS.InvalidKeyUsageException',
]);

/** The class of an error by its code, and by its status where the code is not in the table. */
export function retryClassOf(code: string, status: number): RetryClass {
  return TABLE.get(code) ?? (FINAL_INSIDE_SUCCESS.has(code) ? 'final' : classOfStatus(status));
}
