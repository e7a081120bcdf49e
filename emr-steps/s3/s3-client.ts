/** The lean S3 client of one bucket: sign, pace, send, and try again where the error table allows it. */
import { setTimeout as sleepFor } from 'node:timers/promises';
import { Attempts, newTrial, type Trial } from './attempts.ts';
import { backoffMilliseconds } from './backoff.ts';
import type { CredentialProvider } from './credential-provider.ts';
import type { AddressingStyle } from './endpoint.ts';
import { EXPIRED_CODES, SKEW_CODE } from './error-table.ts';
import { Pacer } from './pacing.ts';
import { isStreamBody } from './request-builder.ts';
import { S3Error } from './s3-error.ts';
import type { RequestEvent, S3Answer, S3OpenAnswer, S3Request } from './s3-request.ts';
import type { Transport } from './transport.ts';

export type { CredentialProvider, Credentials } from './credential-provider.ts';
export type { RequestEvent, S3Answer, S3OpenAnswer, S3Request } from './s3-request.ts';

/** How a bucket is reached, and how hard. */
export interface S3ClientOptions {
  readonly bucket: string;
  /** The bucket's Region; it is signed and, without an own endpoint, names the host. */
  readonly region: string;
  /** An endpoint in place of the one of AWS. */
  readonly endpointUrl?: string | undefined;
  readonly addressingStyle: AddressingStyle;
  /** Null: requests are anonymous. */
  readonly credentials: CredentialProvider | null;
  /** The account that must own the bucket. */
  readonly expectedBucketOwner?: string | undefined;
  /** The account that must own the bucket that is copied from. */
  readonly sourceBucketOwner?: string | undefined;
  readonly requestPayer?: boolean | undefined;
  /** Carries the run id. */
  readonly userAgent: string;
  /** Times a request is sent before its error is thrown, at least 1. */
  readonly maxAttempts: number;
  /** Wall-clock limit of one attempt, headers and body; what moves many bytes gets more. */
  readonly requestTimeoutMilliseconds: number;
  /** Ceiling of this client; 0: none but what the service imposes. */
  readonly maxRequestsPerSecond: number;
  readonly transport: Transport;
  /** Called after every attempt. */
  readonly observe?: ((event: RequestEvent) => void) | undefined;
  /** The clock. */
  readonly now?: (() => Date) | undefined;
  /** Waits; for tests. */
  readonly sleep?: ((milliseconds: number, signal: AbortSignal | undefined) => Promise<void>) | undefined;
  /** In [0, 1); for tests. */
  readonly random?: (() => number) | undefined;
}

/** Sends requests to one bucket. */
export interface S3Client {
  readonly bucket: string;
  readonly region: string;
  /**
   * Sends a request and reads the whole answer.
   *
   * @throws {S3Error} after the last attempt; the signal's reason when it is aborted
   */
  send(request: S3Request, signal?: AbortSignal): Promise<S3Answer>;
  /** Sends a request; the answer's body is the caller's to read, its errors are S3Errors too and not tried again. */
  open(request: S3Request, signal?: AbortSignal): Promise<S3OpenAnswer>;
  /** Refuses further requests. The transport is closed by whoever made it. */
  close(): Promise<void>;
}

type Sleep = (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
type Once<T> = (trial: Trial, signal: AbortSignal | undefined) => Promise<T>;

async function sleepOnTimer(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleepFor(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

function canBeSentAgain({ request, streamTaken }: Trial): boolean {
  return !isStreamBody(request.body) || typeof request.body.stream === 'function' || !streamTaken;
}

/** HEAD has no body: S3 answers an expired token there with a bare 400, and other mistakes too. */
function looksExpired(error: S3Error, trial: Trial): boolean {
  return error.code === 'BadRequest' && trial.request.method === 'HEAD' && trial.credentials?.sessionToken !== undefined;
}

class RetryingClient implements S3Client {
  readonly bucket: string;
  readonly region: string;
  private readonly maxAttempts: number;
  private readonly attempts: Attempts;
  private readonly pacer: Pacer;
  private readonly sleep: Sleep;
  private readonly random: () => number;
  private readonly now: () => number;
  private closed = false;

  constructor(options: S3ClientOptions) {
    const clock = options.now;
    this.bucket = options.bucket;
    this.region = options.region;
    this.maxAttempts = options.maxAttempts;
    this.now = clock === undefined ? Date.now : () => clock().getTime();
    this.attempts = new Attempts(options, this.now);
    this.pacer = new Pacer(options.maxRequestsPerSecond);
    this.sleep = options.sleep ?? sleepOnTimer;
    this.random = options.random ?? Math.random;
  }

  send(request: S3Request, signal?: AbortSignal): Promise<S3Answer> {
    return this.retrying(request, signal, (trial) => this.attempts.whole(trial, signal));
  }

  open(request: S3Request, signal?: AbortSignal): Promise<S3OpenAnswer> {
    return this.retrying(request, signal, (trial) => this.attempts.opened(trial, signal));
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  private async retrying<T>(request: S3Request, signal: AbortSignal | undefined, once: Once<T>): Promise<T> {
    const trial = newTrial(request);
    for (;;) {
      const turn = this.turnOf(trial, signal);
      if (turn !== null) await turn;
      try {
        return await once(trial, signal);
      } catch (error) {
        if (!(error instanceof S3Error)) throw error;
        if (error.retryClass === 'throttle') this.pacer.refused(pacedBy(request), this.now());
        if (!canBeSentAgain(trial)) throw error;
        if (!(await this.corrects(error, trial))) await this.backOff(error, trial, signal);
      }
    }
  }

  /** When the trial may be sent; null: now. */
  private turnOf(trial: Trial, signal: AbortSignal | undefined): Promise<void> | null {
    signal?.throwIfAborted();
    if (this.closed) throw this.closedError(trial);
    const wait = this.pacer.reserve(pacedBy(trial.request), this.now());
    return wait > 0 ? this.sleep(wait, signal) : null;
  }

  /** Mends once a request what another attempt without a wait will show: a wrong clock, expired credentials. Throws when it was mended in vain. */
  private async corrects(error: S3Error, trial: Trial): Promise<boolean> {
    if (error.code === SKEW_CODE && error.serverTime !== null) {
      if (trial.clockMended) throw error;
      trial.clockMended = true;
      this.attempts.setClock(error.serverTime);
      return true;
    }
    const certain = EXPIRED_CODES.has(error.code);
    if (!certain && !looksExpired(error, trial)) return false;
    if (trial.credentialsMended || !(await this.attempts.replaceCredentials(trial, certain))) throw error;
    trial.credentialsMended = true;
    return true;
  }

  /** Waits before the next attempt, or throws the error when there is none. */
  private async backOff(error: S3Error, trial: Trial, signal: AbortSignal | undefined): Promise<void> {
    if (error.retryClass === 'final' || trial.attempt >= this.maxAttempts) throw error;
    await this.sleep(backoffMilliseconds(trial.attempt, error.retryClass, this.random(), error.retryAfterMilliseconds), signal);
    trial.attempt += 1;
  }

  private closedError({ request, attempt }: Trial): S3Error {
    const { operation, key } = request;
    return new S3Error({
      operation,
      bucket: this.bucket,
      key,
      code: 'ClientClosed',
      status: 0,
      reason: 'the client was closed before the request',
      attempts: attempt,
    });
  }
}

function pacedBy(request: S3Request): string {
  return request.pacedBy ?? request.key ?? '';
}

/**
 * Makes the client of one bucket.
 *
 * @throws {TypeError} when the endpoint is no URL
 */
export function createS3Client(options: S3ClientOptions): S3Client {
  return new RetryingClient(options);
}
