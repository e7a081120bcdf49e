/** A bucket whose answers a test makes up, and a step's context that records. */
import type { StepContext } from '../../../emr-steps/hadoop/step-context.ts';
import type { S3Client } from '../../../emr-steps/s3/s3-client.ts';
import { S3Error } from '../../../emr-steps/s3/s3-error.ts';
import type { RequestBody, S3Request } from '../../../emr-steps/s3/s3-request.ts';

/** An answer; status 200 without headers and bytes unless given. */
export interface FakeAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
}

/** A request with its query as an object. */
export type FakeRequest = S3Request & { readonly parameters: Readonly<Record<string, string>> };

/** Answers a request, or throws its error. */
export type Handler = (request: FakeRequest, client: S3Client) => FakeAnswer | Promise<FakeAnswer>;

/** A client that asks a handler, and remembers what was asked. */
export type FakeClient = S3Client & { readonly requests: FakeRequest[]; readonly operations: () => string[] };

function bytesOf(body: FakeAnswer['body']): Uint8Array {
  if (body === undefined) return new Uint8Array(0);
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return body;
  throw new TypeError('this answer is read as a whole');
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}

/** Makes a client of a bucket. */
export function fakeClient(bucket: string, handler: Handler): FakeClient {
  const requests: FakeRequest[] = [];
  const ask = async (request: S3Request, signal: AbortSignal | undefined): Promise<FakeAnswer> => {
    signal?.throwIfAborted();
    const asked = { ...request, parameters: Object.fromEntries(new URLSearchParams(request.query ?? '')) };
    requests.push(asked);
    return handler(asked, client);
  };
  const client: FakeClient = {
    bucket,
    region: 'us-east-1',
    requests,
    operations: () => requests.map((request) => request.operation),
    async send(request, signal) {
      const { status = 200, headers = {}, body } = await ask(request, signal);
      return { status, headers, bytes: bytesOf(body), attempts: 1 };
    },
    async open(request, signal) {
      const { status = 200, headers = {}, body } = await ask(request, signal);
      const iterable = body === undefined || typeof body === 'string' || body instanceof Uint8Array ? once(bytesOf(body)) : body;
      const iterator = iterable[Symbol.asyncIterator]();
      return {
        status,
        headers,
        attempts: 1,
        body: {
          [Symbol.asyncIterator]: () => iterator,
          bytes: async () => Buffer.concat(await Array.fromAsync({ [Symbol.asyncIterator]: () => iterator })),
          discard: async () => {
            await iterator.return?.();
          },
        },
      };
    },
    close: async () => undefined,
  };
  return client;
}

/** The error that the client throws for a code. */
export function s3Error(code: string, status: number, operation = 'HeadObject', reason = 'said the service'): S3Error {
  return new S3Error({ operation, bucket: 'bucket', key: 'key', code, status, reason });
}

/** The bytes of a request's body. */
export async function bodyBytes(body: RequestBody | null | undefined): Promise<Buffer> {
  if (body === null || body === undefined) return Buffer.alloc(0);
  if (body instanceof Uint8Array) return Buffer.from(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of typeof body.stream === 'function' ? body.stream() : body.stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A context that counts, and what it counted. */
export function recordingContext(over: Partial<StepContext> = {}): StepContext & { readonly counts: Record<string, number>; readonly said: string[] } {
  const counts: Record<string, number> = {};
  const said: string[] = [];
  const add = (name: string, amount = 1): void => {
    counts[name] = (counts[name] ?? 0) + amount;
  };
  return {
    signal: new AbortController().signal,
    taskAttempt: { id: 'attempt_1_0001_m_000002_0', number: 0, partition: 2 },
    round: 1,
    lookBeforeWriting: false,
    reporter: { counter: (_group, name, amount) => add(name, amount), status: (text) => said.push(text) },
    statistics: {
      request: (operation) => add(`request ${operation}`),
      error: (code) => add(`error ${code}`),
      bytes: (amount) => add('bytes', amount),
      count: add,
      recordsIn: () => undefined,
      recordsOut: () => undefined,
    },
    now: () => new Date('2026-11-21T08:09:10.999Z'),
    dryRun: false,
    counts,
    said,
    ...over,
  };
}

/** One batch of everything. */
export async function* oneBatch<T>(records: readonly T[]): AsyncGenerator<readonly T[]> {
  yield records;
}

/** All that a program gives for some records. */
export async function runAll<In, Out>(
  program: (input: AsyncIterable<readonly In[]>, context: StepContext) => AsyncIterable<readonly Out[]>,
  records: readonly In[],
  context: StepContext,
): Promise<Out[]> {
  const all: Out[] = [];
  for await (const batch of program(oneBatch(records), context)) all.push(...batch);
  return all;
}
