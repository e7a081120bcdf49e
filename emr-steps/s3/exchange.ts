/** One request and its answer on an undici dispatcher: no closures a request, back pressure on the body, an end by signal. */
import type { Dispatcher } from 'undici';
import type { AbortSource } from './abort-source.ts';
import type { GatheredAnswer } from './answer-memory.ts';
import type { AnswerBody, HttpAnswer, SignedRequest } from './transport.ts';

/** Bytes that wait for a reader before the connection is paused. */
const HIGH_WATER_BYTES = 262_144;

/** Bytes of a whole answer that is read into memory; a page of 1,000 keys of 1,024 encoded bytes has 4 MB. */
const MOST_WHOLE_BYTES = 64 * 1024 * 1024;

/** An answer that should be a document and does not end. */
export class EndlessAnswerError extends Error {
  override readonly name = 'EndlessAnswerError';
  readonly code = 'ANSWER_ENDLESS';
  readonly retryable = true;

  constructor() {
    super(`the answer is longer than ${MOST_WHOLE_BYTES} bytes`);
  }
}

const EMPTY = new Uint8Array(0);

type Headers = Record<string, string | string[] | undefined>;

/** The connection that carries an exchange. */
export interface Carrier {
  /** The exchange is done with it. */
  release(): void;
}

/** An exchange as those see it who choose its connection. */
export interface Carried {
  /** Whether it has ended already, so that there is nothing to send. */
  readonly isOver: boolean;
  /** Sends the request on a client; the carrier is released when the answer has come, or failed. */
  start(client: Dispatcher, carrier: Carrier): void;
}

/** Finds a connection for an exchange and starts it there. */
export interface Carriage {
  carry(exchange: Carried): void;
}

interface Waiting<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

function oneStringEach(headers: Headers): Record<string, string> {
  for (const name in headers) {
    const value = headers[name];
    if (typeof value !== 'string') headers[name] = (value ?? []).join(', ');
  }
  return headers as Record<string, string>;
}

/** The handler that undici calls, the answer, and its body, in one object. */
export class Exchange implements Carried, Dispatcher.DispatchHandler, HttpAnswer, AnswerBody, AsyncIterator<Uint8Array, undefined> {
  status = 0;
  headers: Readonly<Record<string, string>> = {};
  private readonly signal: AbortSource;
  private options: Dispatcher.DispatchOptions | null = null;
  private carrier: Carrier | null = null;
  private controller: Dispatcher.DispatchController | null = null;
  private head: Waiting<HttpAnswer> | null = null;
  private reader: Waiting<IteratorResult<Uint8Array, undefined>> | null = null;
  private whole: Waiting<Uint8Array> | null = null;
  private gathered: GatheredAnswer | null = null;
  private chunks: Uint8Array[] = [];
  private waitingBytes = 0;
  private ended = false;
  private failure: { readonly error: unknown } | null = null;

  constructor(signal: AbortSource) {
    this.signal = signal;
  }

  get body(): AnswerBody {
    return this;
  }

  get isOver(): boolean {
    return this.failure !== null;
  }

  /** Sends the request; resolves with the head of the answer. */
  send(carriage: Carriage, request: SignedRequest): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      if (this.signal.aborted) {
        reject(this.signal.reason);
        return;
      }
      this.options = {
        path: request.path,
        method: request.method as Dispatcher.HttpMethod,
        headers: request.headers as Record<string, string>,
        body: request.body as Uint8Array | null,
        reset: false,
      };
      this.gathered = request.memory?.gather() ?? null;
      this.head = { resolve, reject };
      this.signal.addEventListener('abort', this);
      carriage.carry(this);
    });
  }

  start(client: Dispatcher, carrier: Carrier): void {
    this.carrier = carrier;
    client.dispatch(this.options as Dispatcher.DispatchOptions, this);
    this.options = null;
  }

  /** The signal was aborted. */
  handleEvent(): void {
    this.giveUp(this.signal.reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.failure !== null) this.abort(this.failure.error);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status < 200) return;
    this.status = status;
    this.headers = oneStringEach(headers);
    this.head?.resolve(this);
    this.head = null;
  }

  /** The chunk lies in memory that the next read writes over: what stays is copied. */
  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.reader !== null) {
      this.reader.resolve({ done: false, value: Buffer.from(chunk) });
      this.reader = null;
      return;
    }
    if (this.gathered === null) this.chunks.push(Buffer.from(chunk));
    else this.gathered.add(chunk);
    this.waitingBytes += chunk.length;
    if (this.whole === null) {
      if (this.waitingBytes >= HIGH_WATER_BYTES) controller.pause();
    } else if (this.waitingBytes > MOST_WHOLE_BYTES) {
      this.giveUp(new EndlessAnswerError());
    }
  }

  onResponseEnd(): void {
    this.finish();
    this.reader?.resolve({ done: true, value: undefined });
    this.whole?.resolve(this.takeAll());
    this.reader = null;
    this.whole = null;
    this.release();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
    // undici is in the middle of failing what the connection carries, and asserts afterwards that it carries nothing.
    queueMicrotask(() => this.release());
  }

  bytes(): Promise<Uint8Array> {
    if (this.failure !== null) return Promise.reject(this.failure.error);
    if (this.ended) return Promise.resolve(this.takeAll());
    return new Promise((resolve, reject) => {
      this.whole = { resolve, reject };
      this.controller?.resume();
    });
  }

  discard(): Promise<void> {
    this.chunks = [];
    if (!this.ended && this.failure === null) this.giveUp(new Error('the body was given up'));
    return Promise.resolve();
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.gathered !== null && this.waitingBytes > 0) this.chunks = [this.takeAll()];
    const chunk = this.chunks.shift();
    if (chunk !== undefined) return this.handOut(chunk);
    if (this.failure !== null) return Promise.reject(this.failure.error);
    if (this.ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      this.reader = { resolve, reject };
    });
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    await this.discard();
    return { done: true, value: undefined };
  }

  private handOut(chunk: Uint8Array): Promise<IteratorResult<Uint8Array, undefined>> {
    const before = this.waitingBytes;
    this.waitingBytes -= chunk.length;
    if (before >= HIGH_WATER_BYTES && this.waitingBytes < HIGH_WATER_BYTES) this.controller?.resume();
    return Promise.resolve({ done: false, value: chunk });
  }

  private takeAll(): Uint8Array {
    const { chunks, gathered } = this;
    this.chunks = [];
    this.gathered = null;
    if (gathered !== null) return gathered.bytes();
    return chunks.length === 1 ? (chunks[0] ?? EMPTY) : Buffer.concat(chunks);
  }

  private finish(): void {
    this.ended = true;
    this.signal.removeEventListener('abort', this);
  }

  private fail(error: unknown): void {
    if (this.ended || this.failure !== null) return;
    this.failure = { error };
    this.signal.removeEventListener('abort', this);
    this.head?.reject(error);
    this.reader?.reject(error);
    this.whole?.reject(error);
    this.head = null;
    this.reader = null;
    this.whole = null;
  }

  private release(): void {
    const carrier = this.carrier;
    this.carrier = null;
    carrier?.release();
  }

  private giveUp(reason: unknown): void {
    this.fail(reason);
    this.chunks = [];
    this.abort(reason);
  }

  private abort(reason: unknown): void {
    this.controller?.abort(reason instanceof Error ? reason : new Error(String(reason)));
  }
}
