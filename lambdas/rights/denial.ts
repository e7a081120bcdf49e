/** Telling a missing right from everything else that a request may fail by. */
import type { S3Error } from '../../emr-steps/s3/s3-error.ts';
import type { SideName } from '../../workflows/access/access-need.ts';

/** A right that somebody lacks, found by a request that was refused. */
export interface Denial {
  /** Whose credentials were refused. */
  readonly actor: SideName;
  /** Whose bucket or key it is. */
  readonly owner: SideName;
  /** Such as `s3:GetObject`. */
  readonly action: string;
  /** The statement, where several speak of the action; null: the one that does. */
  readonly sid: string | null;
  readonly error: S3Error;
}

/** Answers 403 that speak of the credentials or of the object, not of a right. */
const NO_DENIAL = new Set(['InvalidObjectState', 'RequestTimeTooSkewed']);
const BAD_CREDENTIALS = new Set([
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'InvalidToken',
  'InvalidClientTokenId',
  'AccountProblem',
  'NotSignedUp',
]);

/** Whether the credentials themselves are refused, so that nothing can be said of rights. */
export function refusesCredentials(error: S3Error): boolean {
  return BAD_CREDENTIALS.has(error.code);
}

/** Whether a right is missing. */
export function isDenial(error: S3Error): boolean {
  return error.status === 403 && !NO_DENIAL.has(error.code) && !BAD_CREDENTIALS.has(error.code);
}

/** Whether a key of KMS cannot be used by anybody: it is not there, or switched off. */
export function isKeyProblem(error: S3Error): boolean {
  return /^KMS\.(?:NotFound|Disabled|KMSInvalidState|InvalidKeyUsage)/.test(error.code);
}

/** The action that the service itself names; null where it names none, as between accounts. */
export function namedAction({ reason }: S3Error): string | null {
  return /not authorized to perform: ([a-z0-9]+:[A-Za-z]+)/.exec(reason)?.[1] ?? null;
}

/** Who was refused, as the service says; null where it does not. */
export function namedPrincipal({ reason }: S3Error): string | null {
  return /User: (arn:\S+) is not authorized/.exec(reason)?.[1] ?? null;
}
