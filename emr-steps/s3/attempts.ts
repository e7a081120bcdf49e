/** One attempt of a request: credentials, signature, exchange under a wall-clock limit, and the verdict on the answer. */
import { failureOf } from './connection-failure.ts';
import type { CredentialProvider, Credentials } from './credential-provider.ts';
import { CredentialsInUse } from './credentials-in-use.ts';
import { type Asked, type ErrorAnswer, errorOfAnswer, rootOf } from './error-answer.ts';
import { RequestBuilder, type RequestBuilderOptions } from './request-builder.ts';
import { S3Error } from './s3-error.ts';
import type { RequestEvent, S3Answer, S3OpenAnswer, S3Request } from './s3-request.ts';
import { StreamedBody } from './streamed-body.ts';
import { limitMilliseconds, TimeLimit } from './time-limit.ts';
import type { HttpAnswer, Transport } from './transport.ts';

/** What attempts need beside the request. */
export interface AttemptsOptions extends RequestBuilderOptions {
  readonly credentials: CredentialProvider | null;
  readonly requestTimeoutMilliseconds: number;
  readonly transport: Transport;
  readonly observe?: ((event: RequestEvent) => void) | undefined;
}

/** A request on its way through its attempts. */
export interface Trial {
  readonly request: S3Request;
  /** 1 first. */
  attempt: number;
  /** When the last attempt began, in milliseconds. */
  sentAt: number;
  /** What signed the last attempt. */
  credentials: Credentials | null;
  /** Whether the body's stream was handed to the transport. */
  streamTaken: boolean;
  /** Whether the clock, or the credentials, were corrected for this request already. */
  clockMended: boolean;
  credentialsMended: boolean;
}

/** A request before its first attempt. */
export function newTrial(request: S3Request): Trial {
  return { request, attempt: 1, sentAt: 0, credentials: null, streamTaken: false, clockMended: false, credentialsMended: false };
}

/** Sends attempts for one bucket. */
export class Attempts {
  private readonly options: AttemptsOptions;
  private readonly builder: RequestBuilder;
  private readonly credentials: CredentialsInUse | null;
  private readonly now: () => number;
  private clockOffset = 0;

  constructor(options: AttemptsOptions, now: () => number) {
    this.options = options;
    this.now = now;
    this.builder = new RequestBuilder(options);
    this.credentials = options.credentials === null ? null : new CredentialsInUse(options.credentials);
  }

  /** Asks for fresh credentials in place of those that the trial's last attempt was signed with; false when none come. */
  async replaceCredentials(trial: Trial, certain: boolean): Promise<boolean> {
    if (this.credentials === null || trial.credentials === null) return false;
    return certain ? this.credentials.replace(trial.credentials) : this.credentials.replaceSuspected(trial.credentials, this.now());
  }

  /** Signs with the service's clock from now on. */
  setClock(serverTime: number): void {
    this.clockOffset = serverTime - this.now();
  }

  /** One attempt, with the whole answer. */
  async whole(trial: Trial, signal: AbortSignal | undefined): Promise<S3Answer> {
    const asked = this.authenticate(trial);
    if (asked !== null) await asked;
    const limit = this.startLimit(trial, signal);
    let status = 0;
    try {
      const answer = await this.exchange(trial, limit);
      status = answer.status;
      const bytes = await answer.body.bytes();
      this.judge(trial, answer, bytes);
      this.report(trial, status, null);
      return { status, headers: answer.headers, bytes, attempts: trial.attempt };
    } catch (error) {
      throw this.failed(error, trial, status, signal);
    } finally {
      limit.end();
    }
  }

  /** One attempt, whose body is read by the caller. The limit runs until that is done. */
  async opened(trial: Trial, signal: AbortSignal | undefined): Promise<S3OpenAnswer> {
    const asked = this.authenticate(trial);
    if (asked !== null) await asked;
    const limit = this.startLimit(trial, signal);
    let status = 0;
    try {
      const answer = await this.exchange(trial, limit);
      status = answer.status;
      if (status >= 300) this.judge(trial, answer, await answer.body.bytes());
      this.report(trial, status, null);
      const body = new StreamedBody(answer, limit, (error) => this.translated(error, trial, status, signal));
      return { status, headers: answer.headers, body, attempts: trial.attempt };
    } catch (error) {
      limit.end();
      throw this.failed(error, trial, status, signal);
    }
  }

  /** Gives the trial its credentials; null where they are there, which they are but for one attempt in many thousands. */
  private authenticate(trial: Trial): Promise<void> | null {
    if (this.credentials === null) return null;
    const credentials = this.credentials.get(this.now());
    if (credentials instanceof Promise) {
      return credentials.then((fresh) => {
        trial.credentials = fresh;
      });
    }
    trial.credentials = credentials;
    return null;
  }

  private startLimit(trial: Trial, signal: AbortSignal | undefined): TimeLimit {
    trial.sentAt = this.now();
    return new TimeLimit(limitMilliseconds(this.options.requestTimeoutMilliseconds, trial.request.payloadBytes ?? 0), signal);
  }

  private exchange(trial: Trial, limit: TimeLimit): Promise<HttpAnswer> {
    const signed = this.builder.build(trial.request, trial.credentials, trial.sentAt + this.clockOffset);
    trial.streamTaken = signed.body !== null;
    return this.options.transport(signed, limit);
  }

  /** Throws when the answer is no success. */
  private judge(trial: Trial, answer: HttpAnswer, bytes: Uint8Array): void {
    const { request } = trial;
    if (answer.status >= 300) throw errorOfAnswer(errorAnswer(answer, bytes), this.asked(trial));
    const length = answer.headers['content-length'];
    if (request.method !== 'HEAD' && length !== undefined && Number(length) !== bytes.length) {
      throw this.error(trial, 'TruncatedBody', answer, `${bytes.length} of ${length} bytes came`);
    }
    if (request.root === undefined) return;
    const root = rootOf(bytes);
    if (root?.name === 'Error') throw errorOfAnswer(errorAnswer(answer, bytes), this.asked(trial));
    if (root === null || (request.root !== '*' && root.name !== request.root))
      throw this.error(trial, 'MalformedAnswer', answer, `the answer is no ${request.root === '*' ? 'XML' : request.root} document`);
    if (!root.closed) throw this.error(trial, 'TruncatedBody', answer, `the ${root.name} document has no end`);
  }

  private asked(trial: Trial): Asked {
    return { request: trial.request, bucket: this.options.bucket, region: this.options.region, attempt: trial.attempt, now: this.now() };
  }

  private error(trial: Trial, code: string, answer: HttpAnswer, reason: string): S3Error {
    const { operation, key } = trial.request;
    const requestId = answer.headers['x-amz-request-id'] ?? null;
    return new S3Error({ operation, bucket: this.options.bucket, key, code, status: answer.status, reason, requestId, attempts: trial.attempt });
  }

  private translated(error: unknown, trial: Trial, status: number, signal: AbortSignal | undefined): unknown {
    if (signal?.aborted === true && error === signal.reason) return error;
    return failureOf(error, trial.request, this.options.bucket, trial.attempt, status);
  }

  private failed(error: unknown, trial: Trial, status: number, signal: AbortSignal | undefined): unknown {
    const failure = this.translated(error, trial, status, signal);
    if (failure instanceof S3Error) this.report(trial, failure.status, failure.code);
    return failure;
  }

  private report(trial: Trial, status: number, code: string | null): void {
    const { observe } = this.options;
    if (observe === undefined) return;
    const { operation } = trial.request;
    observe({ operation, bucket: this.options.bucket, attempt: trial.attempt, status, code, milliseconds: this.now() - trial.sentAt });
  }
}

function errorAnswer(answer: HttpAnswer, bytes: Uint8Array): ErrorAnswer {
  return { status: answer.status, headers: answer.headers, bytes };
}
