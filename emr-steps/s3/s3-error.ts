/** The one error of this room: a request to S3 that did not succeed. */
import { type RetryClass, retryClassOf } from './error-table.ts';

export type { RetryClass } from './error-table.ts';

/** What was asked and what came back. Never a secret, never a signature. */
export interface S3ErrorFacts {
  readonly operation: string;
  readonly bucket: string;
  readonly key: string | null;
  /** S3's code, or `ConnectionReset`, `ConnectionRefused`, `ConnectionFailed`, `NameNotResolved`, `Timeout`, `TruncatedBody`, `MalformedAnswer`, … */
  readonly code: string;
  /** 0 without an answer. */
  readonly status: number;
  /** S3's message, or ours. */
  readonly reason: string;
  readonly requestId?: string | null;
  /** `x-amz-id-2`, which AWS support asks for. */
  readonly hostId?: string | null;
  /** The Region that the bucket is in, where the answer names it. */
  readonly region?: string | null;
  /** How often the request was sent. */
  readonly attempts?: number;
  /** Milliseconds that the service asks to wait. */
  readonly retryAfterMilliseconds?: number | null;
  /** The service's clock, in milliseconds. */
  readonly serverTime?: number | null;
  readonly cause?: unknown;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a log line
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

function printable(text: string): string {
  return text.replace(UNPRINTABLE, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function describe(facts: S3ErrorFacts): string {
  const target = facts.key === null ? `s3://${facts.bucket}` : `s3://${facts.bucket}/${facts.key}`;
  const status = facts.status === 0 ? '' : ` (status ${facts.status})`;
  const id = facts.requestId ? `, request id ${facts.requestId}` : '';
  return printable(`${facts.operation} ${target}: ${facts.code}${status}: ${facts.reason}${id}`);
}

/** A request to S3 failed; `code` says how, `retryClass` what is allowed next. */
export class S3Error extends Error {
  override readonly name = 'S3Error';
  readonly operation: string;
  readonly bucket: string;
  readonly key: string | null;
  readonly code: string;
  readonly status: number;
  readonly retryClass: RetryClass;
  readonly requestId: string | null;
  readonly hostId: string | null;
  readonly region: string | null;
  readonly attempts: number;
  readonly retryAfterMilliseconds: number | null;
  readonly serverTime: number | null;
  /** S3's message alone, on one line. */
  readonly reason: string;

  constructor(facts: S3ErrorFacts) {
    super(describe(facts), facts.cause === undefined ? undefined : { cause: facts.cause });
    this.operation = facts.operation;
    this.bucket = facts.bucket;
    this.key = facts.key;
    this.code = facts.code;
    this.status = facts.status;
    this.retryClass = retryClassOf(facts.code, facts.status);
    this.requestId = facts.requestId ?? null;
    this.hostId = facts.hostId ?? null;
    this.region = facts.region ?? null;
    this.attempts = facts.attempts ?? 1;
    this.retryAfterMilliseconds = facts.retryAfterMilliseconds ?? null;
    this.serverTime = facts.serverTime ?? null;
    this.reason = printable(facts.reason);
  }

  /** Whether the same request may succeed later. */
  get retryable(): boolean {
    return this.retryClass !== 'final';
  }
}
