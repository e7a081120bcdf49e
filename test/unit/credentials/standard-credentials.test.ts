import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CredentialsError } from '../../../emr-steps/credentials/credentials-error.ts';
import { environmentCredentials } from '../../../emr-steps/credentials/environment-credentials.ts';
import { type StandardCredentialsOptions, standardCredentials as standard } from '../../../emr-steps/credentials/standard-credentials.ts';
import { type FakeService, fakeInstance, fakeService, secretOf, sender } from './fake-services.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'carillon-credentials-'));
  await writeFile(
    join(directory, 'credentials'),
    [
      '[default]',
      'aws_access_key_id = AKIADEFAULT',
      'aws_secret_access_key = secret-default',
      '[other]',
      'aws_access_key_id = AKIAOTHER',
      'aws_secret_access_key = secret-other',
      'aws_session_token = token-other',
      '',
    ].join('\n'),
  );
  await writeFile(
    join(directory, 'print.json'),
    JSON.stringify({ Version: 1, AccessKeyId: 'AKIAPROCESS', SecretAccessKey: 's', Expiration: '2099-01-01T00:00:00Z' }),
  );
  await writeFile(join(directory, 'config'), `[profile program]\ncredential_process = cat ${join(directory, 'print.json')}\n`);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(directory, 'credentials'));
  vi.stubEnv('AWS_CONFIG_FILE', join(directory, 'config'));
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(directory, { recursive: true });
});

/** The chain where nothing may be asked over the network. */
function standardCredentials(options: Omit<StandardCredentialsOptions, 'send'>) {
  const send = () => Promise.reject(new Error('nothing is to be asked'));
  return standard({ ...options, send, env: { AWS_EC2_METADATA_DISABLED: 'true', HOME: directory, ...files(), ...options.env } });
}

function files(): Record<string, string> {
  return { AWS_SHARED_CREDENTIALS_FILE: join(directory, 'credentials'), AWS_CONFIG_FILE: join(directory, 'config') };
}

async function failure(promise: Promise<unknown>): Promise<CredentialsError> {
  const outcome = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(outcome instanceof CredentialsError)) throw new Error(`expected a CredentialsError, got ${String(outcome)}`);
  return outcome;
}

describe('environmentCredentials', () => {
  it('reads the variables that every AWS tool reads', () => {
    const env = { AWS_ACCESS_KEY_ID: 'k', AWS_SECRET_ACCESS_KEY: 's', AWS_SESSION_TOKEN: 't', AWS_CREDENTIAL_EXPIRATION: '2026-11-20T10:00:00Z' };
    expect(environmentCredentials(env)).toEqual({ accessKeyId: 'k', secretAccessKey: 's', sessionToken: 't', expiration: new Date('2026-11-20T10:00:00Z') });
    expect(environmentCredentials({ AWS_ACCESS_KEY_ID: 'k', AWS_SECRET_ACCESS_KEY: 's', AWS_SESSION_TOKEN: '' })).toEqual({
      accessKeyId: 'k',
      secretAccessKey: 's',
    });
  });

  it.each([
    {},
    { AWS_ACCESS_KEY_ID: 'k' },
    { AWS_SECRET_ACCESS_KEY: 's' },
    { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: 's' },
  ])('finds none in %j', (env) => {
    expect(environmentCredentials(env)).toBeNull();
  });
});

describe('standardCredentials', () => {
  it('takes the environment first', async () => {
    const env = { AWS_ACCESS_KEY_ID: 'AKIAENV', AWS_SECRET_ACCESS_KEY: 's' };
    expect(await standardCredentials({ env })()).toEqual({ accessKeyId: 'AKIAENV', secretAccessKey: 's' });
  });

  it('takes the shared files next', async () => {
    expect(await standardCredentials({ env: {} })()).toEqual({ accessKeyId: 'AKIADEFAULT', secretAccessKey: 'secret-default' });
  });

  it('takes the profile that AWS_PROFILE names before keys in the environment, and prints nothing', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const env = { AWS_PROFILE: 'other', AWS_ACCESS_KEY_ID: 'AKIAENV', AWS_SECRET_ACCESS_KEY: 's' };
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    expect(await standardCredentials({ env })()).toEqual({ accessKeyId: 'AKIAOTHER', secretAccessKey: 'secret-other', sessionToken: 'token-other' });
    expect(warn).not.toHaveBeenCalled();
  });

  it('takes a profile that was asked for, whatever the environment says', async () => {
    const env = { AWS_PROFILE: 'default', AWS_ACCESS_KEY_ID: 'AKIAENV', AWS_SECRET_ACCESS_KEY: 's' };
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    expect(await standardCredentials({ env, profile: 'other', stsRegion: 'eu-central-1' })()).toMatchObject({ accessKeyId: 'AKIAOTHER' });
  });

  it('runs the program that a profile names, and keeps its expiration', async () => {
    const found = await standardCredentials({ env: {}, profile: 'program' })();
    expect(found).toEqual({ accessKeyId: 'AKIAPROCESS', secretAccessKey: 's', expiration: new Date('2099-01-01T00:00:00Z') });
  });

  it('reads the files again when it is forced to', async () => {
    const provider = standardCredentials({ env: {} });
    await provider();
    await writeFile(join(directory, 'credentials'), '[default]\naws_access_key_id = AKIANEW\naws_secret_access_key = n\n');
    expect((await provider()).accessKeyId).toBe('AKIADEFAULT');
    expect((await provider({ forceRefresh: true })).accessKeyId).toBe('AKIANEW');
  });

  it('fails for an unknown profile, without looking elsewhere', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAENV');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 's');
    const error = await failure(standardCredentials({ env: process.env, profile: 'nobody' })());
    expect(error).toMatchObject({ code: 'CREDENTIALS_UNAVAILABLE', retryable: false });
    expect(error.message).toContain('profile "nobody"');
  });

  it('fails when there are none anywhere and says where it looked', async () => {
    await writeFile(join(directory, 'credentials'), '');
    const error = await failure(standardCredentials({ env: {} })());
    expect(error.message).toContain('AWS_PROFILE or AWS_ACCESS_KEY_ID');
  });

  it('takes the default profile from the configuration file alone', async () => {
    await rm(join(directory, 'credentials'));
    await writeFile(join(directory, 'config'), '[default]\naws_access_key_id = AKIACONFIG\naws_secret_access_key = s\n');
    expect((await standardCredentials({ env: {} })()).accessKeyId).toBe('AKIACONFIG');
  });

  it('does not take another identity where the default profile fails', async () => {
    await writeFile(join(directory, 'credentials'), '');
    const login = ['sso_session = s', 'sso_account_id = 111122223333', 'sso_role_name = r', '[sso-session s]', 'sso_start_url = https://s.example/start'];
    await writeFile(join(directory, 'config'), ['[default]', ...login, 'sso_region = eu-central-1', ''].join('\n'));
    const service = await fakeInstance(3_600_000);
    const error = await failure(withMetadata(service)());
    expect(error.message).toContain('the shared files or the web identity gave none');
    expect(service.asked).toEqual([]);
  });

  it('shows neither the command of a credential_process nor what it printed', async () => {
    const secret = 'hunter2-in-the-command';
    const print = `echo ${secret}-out; echo ${secret}-err >&2; exit 3`;
    await writeFile(join(directory, 'config'), `[profile bad]\ncredential_process = sh -c "${print}"\n[profile odd]\ncredential_process = echo ${secret}\n`);
    for (const profile of ['bad', 'odd']) {
      const error = await failure(standardCredentials({ env: {}, profile })());
      expect(`${error.message}${error.stack}${String(error.cause)}`).not.toContain('hunter2');
    }
  });

  it('takes the role of the node last, and only where there are no files loads nothing for it', async () => {
    const service = await fakeInstance(3_600_000);
    expect(await withMetadata(service, { AWS_SHARED_CREDENTIALS_FILE: join(directory, 'none'), AWS_CONFIG_FILE: join(directory, 'none') })()).toMatchObject(
      secretOf(1),
    );
    await writeFile(join(directory, 'credentials'), '[somebody]\naws_access_key_id = AKIAX\naws_secret_access_key = s\n');
    await writeFile(join(directory, 'config'), '');
    expect(await withMetadata(service)()).toMatchObject(secretOf(1));
  });

  it('says where it looked when the service of the node fails too', async () => {
    await writeFile(join(directory, 'credentials'), '');
    const error = await failure(withMetadata(await fakeService(() => ({ status: 404, body: '' })))());
    expect(error.message).toContain('AWS_PROFILE or AWS_ACCESS_KEY_ID');
    expect(error.message).toContain('answers 404 to PUT /latest/api/token');
  });
});

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** The chain where the instance's metadata service is `service`. */
function withMetadata(service: FakeService, env: Record<string, string> = {}) {
  const transport = sender();
  closing.push(transport.close, service.close);
  const place = { AWS_EC2_METADATA_SERVICE_ENDPOINT: service.url, CARILLON_CREDENTIALS_DIRECTORY: join(directory, 'shared'), HOME: directory };
  return standard({ send: transport, env: { ...files(), ...place, ...env } });
}
