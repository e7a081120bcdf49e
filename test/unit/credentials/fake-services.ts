/** STS, the instance's and the container's metadata service on 127.0.0.1: they answer as AWS does, count, and remember what they were asked. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { undiciTransport } from '../../../emr-steps/s3/undici-transport.ts';

/** A request as it came. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly form: URLSearchParams;
}

/** What is answered; null: nothing, and the connection is broken. */
export type FakeAnswer = { readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> } | null;

/** A running service. */
export interface FakeService {
  readonly url: string;
  readonly asked: Asked[];
  close(): Promise<void>;
}

/** Starts a service that answers by a function of the request and its number, 1 first. */
export async function fakeService(answer: (asked: Asked, number: number) => FakeAnswer | Promise<FakeAnswer>): Promise<FakeService> {
  const seen: Asked[] = [];
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    const asked = { method: request.method ?? '', path: request.url ?? '', headers: request.headers as Asked['headers'], form };
    seen.push(asked);
    const given = await answer(asked, seen.length);
    if (given === null) response.destroy();
    else response.writeHead(given.status, given.headers).end(given.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: seen, close };
}

/** Secrets that must be found nowhere; the number tells answers apart. */
export function secretOf(number: number): { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken: string } {
  const digits = String(number).padStart(4, '0');
  return {
    accessKeyId: `ASIAEXAMPLE${digits}ZZZZZ`,
    secretAccessKey: `secretEXAMPLE/K7MDENG+bPxRfiCYEXAM${digits}`,
    sessionToken: `IQoJb3JpZ2luX2VjEOb${'Aa9+/'.repeat(60)}${digits}==`,
  };
}

/** What STS says of a session that ends at `expiration`. */
export function sessionDocument(number: number, expiration: Date): string {
  const { accessKeyId, secretAccessKey, sessionToken } = secretOf(number);
  return `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><AssumedRoleUser><Arn>arn:aws:sts::111122223333:assumed-role/reader/run-1</Arn></AssumedRoleUser><Credentials>
    <AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${secretAccessKey}</SecretAccessKey><SessionToken>${sessionToken}</SessionToken><Expiration>${expiration.toISOString()}</Expiration>
  </Credentials></AssumeRoleResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></AssumeRoleResponse>`;
}

/** What STS says when it refuses. */
export function refusalDocument(code: string, message = `the message of ${code}`): string {
  return `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`;
}

/** What a metadata service says of keys that end at `expiration`. */
export function keysJson(number: number, expiration: Date): string {
  const { accessKeyId, secretAccessKey, sessionToken } = secretOf(number);
  return JSON.stringify({
    Code: 'Success',
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    Token: sessionToken,
    Expiration: expiration.toISOString(),
  });
}

/** An instance's metadata service whose role is `node`; the n-th keys are of {@link secretOf} n. */
export function fakeInstance(lifetime: number): Promise<FakeService> {
  let given = 0;
  return fakeService(({ method, path, headers }) => {
    if (method === 'PUT' && path === '/latest/api/token') return { status: 200, body: 'imds-token' };
    if (headers['x-aws-ec2-metadata-token'] !== 'imds-token') return { status: 401, body: '' };
    if (path === '/latest/meta-data/iam/security-credentials/') return { status: 200, body: 'node' };
    given += 1;
    return { status: 200, body: keysJson(given, new Date(Date.now() + lifetime)) };
  });
}

/** STS that gives sessions of `lifetime` milliseconds after `delay` milliseconds. */
export function fakeSts(lifetime = 3_600_000, delay = 0): Promise<FakeService> {
  return fakeService(async (_asked, number) => {
    await new Promise((resolve) => setTimeout(resolve, delay));
    return { status: 200, body: sessionDocument(number, new Date(Date.now() + lifetime)) };
  });
}

/** A transport for these services. */
export function sender() {
  return undiciTransport({ connections: 4, connectMilliseconds: 1_000 });
}
