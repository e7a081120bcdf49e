import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CredentialsError } from '../../../emr-steps/credentials/credentials-error.ts';
import { environmentCredentials } from '../../../emr-steps/credentials/environment-credentials.ts';
import { standardCredentials } from '../../../emr-steps/credentials/standard-credentials.ts';

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
});
