/**
 * What an error means for the object at hand: one table from S3's codes to the reasons of the books. Codes: "List of error codes",
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, and those of `s3/error-table.ts`.
 */
import type { ReasonCode } from '../books/reasons.ts';
import { S3Error } from '../s3/s3-error.ts';

/** How an object ends that an error stopped. */
export interface ErrorReason {
  readonly outcome: 'skipped' | 'failed';
  readonly reason: ReasonCode;
  /** What was asked and what the service said, in one line. */
  readonly detail: string;
}

const REASON_BY_CODE: Readonly<Record<string, ReasonCode>> = {
  InvalidObjectState: 'archived',
  NoSuchKey: 'source-vanished',
  NoSuchVersion: 'source-vanished',
  NotFound: 'source-vanished',
  NoSuchUpload: 'upload-vanished',
  PreconditionFailed: 'source-changed',
  EntityTooLarge: 'too-large',
  AccessDenied: 'access-denied',
  AllAccessDisabled: 'access-denied',
  AccountProblem: 'access-denied',
  InvalidSecurity: 'access-denied',
  'KMS.DisabledException': 'access-denied',
  'KMS.NotFoundException': 'access-denied',
  'KMS.KMSInvalidStateException': 'access-denied',
  'KMS.InvalidKeyUsageException': 'access-denied',
  ExpiredToken: 'credentials-expired',
  ExpiredTokenException: 'credentials-expired',
  TokenRefreshRequired: 'credentials-expired',
  RequestExpired: 'credentials-expired',
  BadDigest: 'digest-mismatch',
  DigestMismatch: 'digest-mismatch',
  IncompleteBody: 'digest-mismatch',
  XAmzContentSHA256Mismatch: 'digest-mismatch',
  XAmzContentChecksumMismatch: 'digest-mismatch',
  Timeout: 'timed-out',
  RequestTimeout: 'timed-out',
  RequestTimeoutException: 'timed-out',
  TruncatedBody: 'connection-lost',
  MalformedAnswer: 'service-error',
  RequestTimeTooSkewed: 'service-error',
};

/** What stops every request alike: the step cannot do its job, and a row an object would only hide that. */
const STEP_FAILURES: ReadonlySet<string> = new Set([
  'NoSuchBucket',
  'InvalidBucketName',
  'InvalidAccessKeyId',
  'InvalidToken',
  'SignatureDoesNotMatch',
  'NotSignedUp',
  'PermanentRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
  'IncorrectEndpoint',
  'TlsFailure',
  'ClientClosed',
]);

/** Names of the errors of credential providers, ours and the SDK's; by name, because this room knows neither. */
const NO_CREDENTIALS: ReadonlySet<string> = new Set(['CredentialsError', 'CredentialsProviderError', 'TokenProviderError', 'ProviderError']);

function reasonOfS3Error(error: S3Error): ReasonCode {
  const known = Object.hasOwn(REASON_BY_CODE, error.code) ? REASON_BY_CODE[error.code] : undefined;
  if (known !== undefined) return known;
  if (error.retryClass === 'throttle') return 'throttled';
  if (error.retryClass === 'transient') return error.status === 0 ? 'connection-lost' : 'service-error';
  if (error.status === 401 || error.status === 403) return 'access-denied';
  if (error.status === 404) return 'source-vanished';
  if (error.status === 412) return 'source-changed';
  return error.status === 0 ? 'unexpected' : 'invalid-request';
}

function detailOf(error: unknown): string {
  if (!(error instanceof S3Error)) return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `${error.operation}: ${error.code}${error.status === 0 ? '' : ` (status ${error.status})`}: ${error.reason}`;
}

/** What an error means for its object. A missing key or a failed precondition is the source's: only what reads the source asks for either. */
export function reasonOfError(error: unknown): ErrorReason {
  const reason = error instanceof S3Error ? reasonOfS3Error(error) : 'unexpected';
  return { outcome: reason === 'archived' ? 'skipped' : 'failed', reason, detail: detailOf(error) };
}

/** Whether an error is no object's: the bucket is missing, there are no valid credentials, or the Region is wrong. */
export function isStepFailure(error: unknown): boolean {
  if (error instanceof S3Error) return STEP_FAILURES.has(error.code);
  return error instanceof Error && NO_CREDENTIALS.has(error.name);
}

/**
 * As {@link reasonOfError}; throws the error where it is no object's, and the signal's reason where the program was told to end.
 */
export function settleError(error: unknown, signal: AbortSignal): ErrorReason {
  signal.throwIfAborted();
  if (isStepFailure(error)) throw error;
  return reasonOfError(error);
}
