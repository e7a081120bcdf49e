/** A client against a scripted server: waits are written down, not waited for. */
import { afterEach } from 'vitest';
import { createS3Client, type RequestEvent, type S3Client, type S3ClientOptions } from '../../../emr-steps/s3/s3-client.ts';
import { undiciTransport } from '../../../emr-steps/s3/transport.ts';
import { type ScriptedAnswer, type ScriptedServer, scriptedServer } from './scripted-server.ts';

/** A client, its server, and what was seen. */
export interface Setup {
  readonly client: S3Client;
  readonly server: ScriptedServer;
  /** Milliseconds of every wait, in order. */
  readonly waits: number[];
  readonly events: RequestEvent[];
}

const opened: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()));
});

/** Keys of a made-up identity. */
export const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

/** Options of a client whose waits take no time. */
export function clientOptions(endpointUrl: string, transport: S3ClientOptions['transport']): S3ClientOptions {
  return {
    bucket: 'books',
    region: 'eu-central-1',
    endpointUrl,
    addressingStyle: 'auto',
    credentials: async () => KEYS,
    userAgent: 'carillon/test run/r1',
    maxAttempts: 4,
    requestTimeoutMilliseconds: 20_000,
    maxRequestsPerSecond: 0,
    transport,
    random: () => 0.5,
  };
}

/** Starts a server with these answers and a client for it; both end with the test. */
export async function setUp(answers: readonly ScriptedAnswer[], options: Partial<S3ClientOptions> = {}): Promise<Setup> {
  const server = await scriptedServer(...answers);
  const transport = undiciTransport({ connections: 8 });
  opened.push(async () => {
    await transport.close();
    await server.close();
  });
  const waits: number[] = [];
  const events: RequestEvent[] = [];
  const sleep = async (milliseconds: number): Promise<void> => {
    waits.push(milliseconds);
  };
  const client = createS3Client({ ...clientOptions(server.url, transport), sleep, observe: (event) => events.push(event), ...options });
  return { client, server, waits, events };
}

/** An answer that is an error document. */
export function errorAnswer(status: number, code: string, extra = '', headers: Readonly<Record<string, string>> = {}): ScriptedAnswer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>the message of ${code}</Message>${extra}<RequestId>REQ1</RequestId></Error>`;
  return { status, headers: { 'content-type': 'application/xml', 'x-amz-request-id': 'REQ1', ...headers }, body };
}

/** The S3Error that a promise is rejected with. */
export async function failureOfPromise<T>(promise: Promise<unknown>, type: new (...args: never[]) => T): Promise<T> {
  const outcome = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(outcome instanceof type)) throw new Error(`expected ${type.name}, got ${String(outcome)}`, { cause: outcome });
  return outcome;
}
