/**
 * The closed list of reasons why an object was not copied, and what each allows next.
 * The report, the rounds and everything downstream depend on it: a code is added, never renamed.
 */

/** Version of the list; it grows by one whenever a code is added. */
export const REASONS_VERSION = 1;

/** `retryable`: a later round may settle it. `final`: the same request would end the same way. */
export type ReasonClass = 'retryable' | 'final';

interface ReasonFacts {
  readonly class: ReasonClass;
  /** One sentence for the report: what happened. */
  readonly meaning: string;
}

/** Every reason code with its class and meaning. */
export const REASONS = {
  archived: { class: 'final', meaning: 'the object lies in an archive class and is not restored' },
  throttled: { class: 'retryable', meaning: 'the service asked to slow down until the retries were used up' },
  'service-error': { class: 'retryable', meaning: 'the service answered with an error of its own until the retries were used up' },
  'connection-lost': { class: 'retryable', meaning: 'the connection was refused, reset or cut short until the retries were used up' },
  'timed-out': { class: 'retryable', meaning: 'the request took longer than its limit until the retries were used up' },
  'credentials-expired': { class: 'retryable', meaning: 'the credentials ran out before the request and no fresh ones came' },
  'digest-mismatch': { class: 'retryable', meaning: 'the bytes that arrived are not those that were sent' },
  'upload-vanished': { class: 'retryable', meaning: 'the multipart upload was aborted by somebody else between plan and complete' },
  'part-missing': { class: 'retryable', meaning: 'not every part of the upload has a result' },
  'part-map-mismatch': { class: 'retryable', meaning: 'the computed part map gives another ETag; the next round reads every part' },
  'not-recorded': { class: 'retryable', meaning: 'the object was to be copied and no result of it was found' },
  unexpected: { class: 'retryable', meaning: 'the program met an error that it does not know' },
  'source-changed': { class: 'final', meaning: 'the source object changed after it was listed' },
  'source-vanished': { class: 'final', meaning: 'the source object was deleted after it was listed' },
  'access-denied': { class: 'final', meaning: 'the credentials may not do this' },
  'invalid-request': { class: 'final', meaning: 'the service refused the request' },
  'etag-mismatch': { class: 'final', meaning: 'the copy has another ETag than the source' },
  'part-map-unknown': { class: 'final', meaning: 'the sizes of the parts of the source cannot be found out' },
  'too-large': { class: 'final', meaning: 'the object is larger than one copy request may be and has no part map' },
} as const satisfies Record<string, ReasonFacts>;

/** A code of {@link REASONS}. */
export type ReasonCode = keyof typeof REASONS;

/** Whether `text` is a code of the list. */
export function isReasonCode(text: string): text is ReasonCode {
  return Object.hasOwn(REASONS, text);
}

/** What the code allows next. */
export function reasonClass(code: ReasonCode): ReasonClass {
  return REASONS[code].class;
}
