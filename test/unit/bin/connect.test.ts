import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ConnectSettings, s3Connector } from '../../../emr-steps/bin/connect.ts';
import { CONNECTION_OPTIONS } from '../../../emr-steps/records/program-options.ts';
import { decodeOptions } from '../../../emr-steps/records/step-arguments.ts';
import { headBucket } from '../../../emr-steps/s3/head-bucket.ts';
import type { RequestEvent } from '../../../emr-steps/s3/s3-client.ts';
import { fakeSts, secretOf } from '../credentials/fake-services.ts';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

let seen: Seen[];
let region: string | null;
const server = createServer((request, response) => {
  seen.push({ method: request.method, url: request.url, headers: request.headers });
  response.writeHead(200, region === null ? {} : { 'x-amz-bucket-region': region }).end();
});

beforeEach(async () => {
  seen = [];
  region = 'eu-central-1';
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
});

function settings(more: Partial<ConnectSettings> = {}): ConnectSettings & { readonly events: RequestEvent[] } {
  const events: RequestEvent[] = [];
  return {
    env: { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'secret' },
    signal: new AbortController().signal,
    userAgent: 'test/1',
    runId: 'run-1',
    concurrency: 2,
    maxAttempts: 1,
    requestTimeoutMilliseconds: 5_000,
    maxRequestsPerSecond: 0,
    observe: (event) => events.push(event),
    events,
    ...more,
  };
}

function side(...words: string[]) {
  const { port } = server.address() as AddressInfo;
  return decodeOptions(CONNECTION_OPTIONS, ['--bucket', 'b', '--endpoint-url', `http://127.0.0.1:${port}`, ...words]);
}

describe('s3Connector', () => {
  it('finds out the Region of a bucket where none is given', async () => {
    const connector = s3Connector(settings());
    expect((await connector.connect(side())).region).toBe('eu-central-1');
    region = null;
    expect((await connector.connect(side())).region).toBe('us-east-1');
    const elsewhere = s3Connector(settings({ env: { AWS_REGION: 'ap-south-1', AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'secret' } }));
    expect((await elsewhere.connect(side())).region).toBe('ap-south-1');
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual(['HEAD /b/', 'HEAD /b/', 'HEAD /b/']);
    await Promise.all([connector.close(), elsewhere.close()]);
  });

  it('sends nothing where the Region is given, and signs with the credentials of the environment', async () => {
    const own = settings();
    const connector = s3Connector(own);
    const client = await connector.connect(side('--region', 'us-west-2', '--expected-bucket-owner', '1', '--addressing-style', 'path'), { requestPayer: true });
    expect(seen).toEqual([]);
    await headBucket(client);
    expect(seen[0]?.headers).toMatchObject({ 'x-amz-expected-bucket-owner': '1', 'x-amz-request-payer': 'requester' });
    expect(seen[0]?.headers.authorization).toContain('Credential=AKID/');
    expect(seen[0]?.headers.authorization).toContain('/us-west-2/s3/');
    expect(seen[0]?.headers['user-agent']).toBe('test/1');
    expect(own.events).toMatchObject([{ operation: 'HeadBucket', code: null }]);
    await connector.close();
  });

  it('sends anonymous requests where it is told to', async () => {
    const connector = s3Connector(settings());
    await headBucket(await connector.connect(side('--region', 'us-west-2', '--no-sign-request')));
    expect(seen[0]?.headers.authorization).toBeUndefined();
    await connector.close();
  });

  it('closes its clients', async () => {
    const connector = s3Connector(settings());
    const client = await connector.connect(side('--region', 'us-west-2'));
    await connector.close();
    await expect(headBucket(client)).rejects.toMatchObject({ code: 'ClientClosed' });
  });

  it('signs with the session of a role, which it assumes with the credentials of the environment', async () => {
    const sts = await fakeSts();
    const directory = await mkdtemp(join(tmpdir(), 'carillon-connect-'));
    const place = { AWS_ENDPOINT_URL_STS: sts.url, CARILLON_CREDENTIALS_DIRECTORY: join(directory, 'shared') };
    const connector = s3Connector(settings({ env: { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'secret', ...place } }));
    const arn = 'arn:aws:iam::111122223333:role/reader';
    const words = ['--region', 'us-west-2', '--role-arn', arn, '--external-id', 'ours', '--sts-region', 'eu-central-1'];
    await headBucket(await connector.connect(side(...words)));
    await headBucket(await connector.connect(side(...words)));
    expect(seen.map(({ headers }) => headers['x-amz-security-token'])).toEqual([secretOf(1).sessionToken, secretOf(1).sessionToken]);
    expect(sts.asked).toHaveLength(1);
    expect(Object.fromEntries(sts.asked[0]?.form ?? [])).toMatchObject({ RoleArn: arn, ExternalId: 'ours', RoleSessionName: 'run-1' });
    expect(sts.asked[0]?.headers.authorization).toContain('Credential=AKID/');
    expect(sts.asked[0]?.headers.authorization).toContain('/eu-central-1/sts/');
    await Promise.all([connector.close(), sts.close(), rm(directory, { recursive: true })]);
  });

  it('asks STS in the Region of the bucket where no other is named', async () => {
    const sts = await fakeSts();
    const directory = await mkdtemp(join(tmpdir(), 'carillon-connect-'));
    const place = { AWS_ENDPOINT_URL_STS: sts.url, CARILLON_CREDENTIALS_DIRECTORY: join(directory, 'shared') };
    const connector = s3Connector(settings({ env: { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'secret', ...place } }));
    await headBucket(await connector.connect(side('--region', 'us-west-2', '--role-arn', 'arn:aws:iam::111122223333:role/reader')));
    expect(sts.asked[0]?.headers.authorization).toContain('/us-west-2/sts/');
    await Promise.all([connector.close(), sts.close(), rm(directory, { recursive: true })]);
  });
});
