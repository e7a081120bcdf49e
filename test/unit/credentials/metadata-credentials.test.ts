import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, NoAnswerError } from '../../../emr-steps/credentials/ask.ts';
import { containerMetadataUrl } from '../../../emr-steps/credentials/container-credentials.ts';
import { CredentialsError } from '../../../emr-steps/credentials/credentials-error.ts';
import { instanceMetadataOrigin } from '../../../emr-steps/credentials/instance-credentials.ts';
import { metadataCredentials } from '../../../emr-steps/credentials/metadata-credentials.ts';
import { type FakeAnswer, type FakeService, fakeInstance, fakeService, keysJson, secretOf, sender } from './fake-services.ts';

const HOUR = 3_600_000;
const closing: (() => Promise<void>)[] = [];
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'carillon-metadata-'));
});
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
  await rm(directory, { recursive: true });
});

function open(service: FakeService, env: Record<string, string> = {}) {
  const transport = sender();
  closing.push(transport.close, service.close);
  const place = { AWS_EC2_METADATA_SERVICE_ENDPOINT: service.url, CARILLON_CREDENTIALS_DIRECTORY: join(directory, 'shared') };
  return metadataCredentials({ env: { ...place, ...env }, send: transport, isOnNode: false, now: Date.now });
}

async function refusal(promise: Promise<unknown>): Promise<string> {
  const outcome = await promise.catch((error: unknown) => error);
  if (!(outcome instanceof CredentialsError)) throw new Error(`expected a CredentialsError, got ${String(outcome)}`);
  return outcome.message;
}

/** An instance whose role answers with `answer`. */
function instanceWith(answer: FakeAnswer): Promise<FakeService> {
  return fakeService(({ path }) => (path.endsWith('/security-credentials/') || path.endsWith('/token') ? { status: 200, body: 'node' } : answer));
}

describe('the role of an instance', () => {
  it('is asked for in version 2: a token, its name, its keys', async () => {
    const service = await fakeInstance(HOUR);
    expect(await open(service)()).toMatchObject(secretOf(1));
    expect(service.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'PUT /latest/api/token',
      'GET /latest/meta-data/iam/security-credentials/',
      'GET /latest/meta-data/iam/security-credentials/node',
    ]);
    expect(service.asked[0]?.headers['x-aws-ec2-metadata-token-ttl-seconds']).toBe('300');
  });

  it('costs another process on the node no request', async () => {
    const service = await fakeInstance(HOUR);
    await open(service)();
    expect(await open(service)()).toMatchObject(secretOf(1));
    expect(service.asked).toHaveLength(3);
  });

  it('is used a while longer when the service gives none but old keys', async () => {
    const { expiration } = await open(await fakeInstance(-HOUR))();
    const left = (expiration?.getTime() ?? 0) - Date.now();
    expect(left).toBeGreaterThan(240_000);
    expect(left).toBeLessThan(900_001);
  });

  it('is not asked again at once for keys that are near their end', async () => {
    const service = await fakeInstance(120_000);
    await open(service)();
    await open(service)();
    expect(service.asked).toHaveLength(3);
  });

  it.each([
    ['there is no role', { status: 404, body: '' }, 'attach an instance profile'],
    ['the service refuses', { status: 403, body: '' }, 'version 2 of the service must be allowed'],
    [
      'it may not be assumed',
      { status: 200, body: '{"Code":"AssumeRoleUnauthorizedAccess","Message":"EC2 cannot assume it"}' },
      'AssumeRoleUnauthorizedAccess',
    ],
    ['the answer is cut off', { status: 200, body: keysJson(1, new Date()).slice(0, 120) }, 'the answer is malformed'],
  ])('fails where %s, and shows nothing of the answer', async (_name, answer, words) => {
    const message = await refusal(open(await instanceWith(answer))());
    expect(message).toContain(words);
    expect(message).not.toContain('ASIA');
  });

  it.each([
    [{}, 'http://169.254.169.254'],
    [{ AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE: 'IPv6' }, 'http://[fd00:ec2::254]'],
    [{ AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://127.0.0.1:99/x' }, 'http://127.0.0.1:99'],
    [{ AWS_EC2_METADATA_DISABLED: 'true' }, null],
  ])('is where the environment %j says', (env, origin) => {
    expect(instanceMetadataOrigin(env)).toBe(origin);
  });

  it('is not looked for where it is switched off, or the address is none', async () => {
    const service = await fakeInstance(HOUR);
    expect(await refusal(open(service, { AWS_EC2_METADATA_DISABLED: 'true' })())).toContain('AWS_EC2_METADATA_DISABLED');
    expect(await refusal(open(service, { AWS_EC2_METADATA_SERVICE_ENDPOINT: 'nothing' })())).toContain('AWS_EC2_METADATA_SERVICE_ENDPOINT');
    expect(service.asked).toEqual([]);
  });
});

describe('the role of a container', () => {
  it('is asked for at the address of the environment, with the token of the file as it is then', async () => {
    const file = join(directory, 'token');
    await writeFile(file, 'first\n');
    const service = await fakeService((_asked, number) => ({ status: 200, body: keysJson(number, new Date(Date.now() + HOUR)) }));
    const provider = open(service, { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${service.url}/creds?x=1`, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file });
    expect(await provider()).toMatchObject(secretOf(1));
    await writeFile(file, 'second\n');
    expect(await provider({ forceRefresh: true })).toMatchObject(secretOf(2));
    expect(service.asked.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/creds?x=1', 'first'],
      ['/creds?x=1', 'second'],
    ]);
  });

  it.each([
    ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', '/v2/x', 'http://169.254.170.2/v2/x'],
    ['AWS_CONTAINER_CREDENTIALS_FULL_URI', 'http://169.254.170.23/v1/credentials', 'http://169.254.170.23/v1/credentials'],
    ['AWS_CONTAINER_CREDENTIALS_FULL_URI', 'http://[fd00:ec2::23]/v1', 'http://[fd00:ec2::23]/v1'],
    ['AWS_CONTAINER_CREDENTIALS_FULL_URI', 'https://creds.example/x', 'https://creds.example/x'],
  ])('may be at %s=%s', (name, value, url) => {
    expect(containerMetadataUrl({ [name]: value })?.href).toBe(url);
  });

  it.each([
    'http://creds.example/x',
    'http://169.254.170.2.example/x',
    'http://10.0.0.1/x',
    'ftp://127.0.0.1/x',
    'x',
  ])('is never asked for in the clear at %s', (url) => {
    expect(() => containerMetadataUrl({ AWS_CONTAINER_CREDENTIALS_FULL_URI: url })).toThrow(CredentialsError);
  });

  it('fails where the file cannot be read, the token has two lines, or no keys come', async () => {
    const service = await fakeService(() => ({ status: 200, body: '{"AccessKeyId":"ASIAEXAMPLE0001ZZZZZ"}' }));
    const env = { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${service.url}/` };
    const missing = { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: join(directory, 'missing') };
    expect(await refusal(open(service, { ...env, ...missing })())).toContain('(ENOENT)');
    expect(await refusal(open(service, { ...env, AWS_CONTAINER_AUTHORIZATION_TOKEN: 'a\nb' })())).toContain('line break');
    const message = await refusal(open(service, env)());
    expect(message).toContain('gives no keys (status 200)');
    expect(message).not.toContain('ASIA');
  });
});

describe('ask', () => {
  it('waits for a service that is busy, and gives up after its attempts', async () => {
    const busy = await fakeService((_asked, number) => (number < 3 ? null : { status: number < 5 ? 503 : 200, body: 'now' }));
    const transport = sender();
    closing.push(transport.close, busy.close);
    const question = { method: 'GET', origin: busy.url, path: '/', headers: {}, body: null };
    const patience = { attempts: 5, timeoutMilliseconds: 5_000, pauseMilliseconds: 2 };
    expect(await ask(transport, question, patience)).toMatchObject({ status: 200, text: 'now' });
    expect(busy.asked).toHaveLength(5);
  });

  it('ends an attempt that takes too long, head or body', async () => {
    const slow = await fakeService(() => new Promise(() => {}));
    const transport = sender();
    closing.push(transport.close, slow.close);
    const question = { method: 'GET', origin: slow.url, path: '/', headers: {}, body: null };
    const asking = ask(transport, question, { attempts: 2, timeoutMilliseconds: 30, pauseMilliseconds: 2 });
    await expect(asking).rejects.toThrow(NoAnswerError);
    await expect(asking).rejects.toThrow('timed out');
  });
});
