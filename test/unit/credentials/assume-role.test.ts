import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterEach, describe, expect, it } from 'vitest';
import { type AssumeRoleOptions, assumeRole } from '../../../emr-steps/credentials/assume-role.ts';
import type { Credentials } from '../../../emr-steps/credentials/credential-provider.ts';
import { CredentialsError } from '../../../emr-steps/credentials/credentials-error.ts';
import { stsOrigin } from '../../../emr-steps/credentials/sts-endpoint.ts';
import { signedFormHeaders } from '../../../emr-steps/credentials/sts-signature.ts';
import { dnsSuffix } from '../../../emr-steps/s3/dns-suffix.ts';
import { type FakeAnswer, fakeService, refusalDocument, secretOf, sender, sessionDocument } from './fake-services.ts';

const ARN = 'arn:aws:iam::111122223333:role/reader';
const KEYS: Credentials = { accessKeyId: 'AKIAEXAMPLEEXAMPLE12', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const HOUR = 3_600_000;

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

type Answer = (number: number) => FakeAnswer;

const GRANTED: Answer = (number) => ({ status: 200, body: sessionDocument(number, new Date(Date.now() + HOUR)) });

async function setUp(answer: Answer = GRANTED, options: Partial<AssumeRoleOptions> = {}) {
  const sts = await fakeService((_asked, number) => answer(number));
  const transport = sender();
  closing.push(transport.close, sts.close);
  const forced: boolean[] = [];
  const base = async (asked?: { readonly forceRefresh?: boolean }): Promise<Credentials> => {
    forced.push(asked?.forceRefresh === true);
    return KEYS;
  };
  const common = { arn: ARN, sessionName: 'run-1', region: 'eu-central-1', endpointUrl: sts.url, base, send: transport, now: Date.now };
  return { sts, forced, assume: () => assumeRole({ ...common, ...options }) };
}

async function refused(promise: Promise<unknown>): Promise<CredentialsError> {
  const outcome = await promise.catch((error: unknown) => error);
  if (!(outcome instanceof CredentialsError)) throw new Error(`expected a CredentialsError, got ${String(outcome)}`);
  return outcome;
}

describe('assumeRole', () => {
  it('asks for the role, the external id and the session of the run, for an hour', async () => {
    const { sts, assume } = await setUp(GRANTED, { externalId: 'a b&c' });
    const session = await assume();
    expect(session).toMatchObject(secretOf(1));
    expect(Object.fromEntries(sts.asked[0]?.form ?? [])).toEqual({
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: ARN,
      RoleSessionName: 'run-1',
      DurationSeconds: '3600',
      ExternalId: 'a b&c',
    });
    expect(sts.asked[0]).toMatchObject({ method: 'POST', path: '/' });
    expect(sts.asked[0]?.headers.authorization).toContain(`Credential=${KEYS.accessKeyId}/`);
    expect(sts.asked[0]?.headers.authorization).toContain('/eu-central-1/sts/aws4_request');
  });

  it('sends no external id where there is none, and a session name of allowed signs', async () => {
    const { sts, assume } = await setUp(GRANTED, { sessionName: 'a/b ü' });
    await assume();
    expect(sts.asked[0]?.form.has('ExternalId')).toBe(false);
    expect(sts.asked[0]?.form.get('RoleSessionName')).toBe('a-b--');
  });

  it('tells the end by the clock of this machine', async () => {
    const ahead = 200_000;
    const { assume } = await setUp(() => ({
      status: 200,
      body: sessionDocument(1, new Date(Date.now() + HOUR + ahead)),
      headers: { date: new Date(Date.now() + ahead).toUTCString() },
    }));
    const left = ((await assume()).expiration?.getTime() ?? 0) - Date.now();
    expect(Math.abs(left - HOUR)).toBeLessThan(60_000);
  });

  it.each([
    ['a service that is busy', { status: 503, body: 'busy' }],
    ['a rate that is too high', { status: 400, body: refusalDocument('Throttling', 'Rate exceeded') }],
    ['a connection that breaks', null],
  ])('asks again after %s', async (_name, first: FakeAnswer) => {
    const { sts, assume } = await setUp((number) => (number === 1 ? first : GRANTED(number)));
    expect((await assume()).accessKeyId).toBe(secretOf(2).accessKeyId);
    expect(sts.asked).toHaveLength(2);
  });

  it('asks for fresh credentials once where its own have expired', async () => {
    const { sts, forced, assume } = await setUp((number) => (number === 1 ? { status: 403, body: refusalDocument('ExpiredToken') } : GRANTED(number)));
    await assume();
    expect(forced).toEqual([false, true]);
    expect(sts.asked).toHaveLength(2);
    const hopeless = await setUp(() => ({ status: 403, body: refusalDocument('ExpiredToken') }));
    expect((await refused(hopeless.assume())).message).toContain('have expired');
    expect(hopeless.sts.asked).toHaveLength(2);
  });

  it('signs by the clock of STS where the one of this machine is wrong', async () => {
    const date = new Date(Date.now() - 2 * HOUR);
    const { sts, assume } = await setUp((number) =>
      number === 1
        ? { status: 403, body: refusalDocument('SignatureDoesNotMatch', 'Signature not yet current'), headers: { date: date.toUTCString() } }
        : GRANTED(number),
    );
    await assume();
    const signed = sts.asked[1]?.headers['x-amz-date'] ?? '';
    expect(signed.slice(0, 11)).toBe(
      date
        .toISOString()
        .replace(/[-:]|\.\d{3}/g, '')
        .slice(0, 11),
    );
  });

  it('says which role was refused, where, why and what to look at', async () => {
    const { sts, assume } = await setUp(() => ({ status: 403, body: refusalDocument('AccessDenied', 'User: arn:x is not authorized') }));
    const error = await refused(assume());
    expect(error).toMatchObject({ code: 'CREDENTIALS_UNAVAILABLE', retryable: false });
    expect(error.message).toContain(`role ${ARN} cannot be assumed at ${sts.url}: AccessDenied (status 403): User: arn:x is not authorized; its trust policy`);
    expect(sts.asked).toHaveLength(1);
  });

  it('shows no secret that a service repeats', async () => {
    const session = { ...KEYS, sessionToken: secretOf(7).sessionToken };
    const canonical = `The canonical string should have been x-amz-security-token:${session.sessionToken} ${KEYS.secretAccessKey} ${KEYS.accessKeyId}`;
    const { assume } = await setUp(() => ({ status: 403, body: refusalDocument('SignatureDoesNotMatch', canonical) }), { base: async () => session });
    const error = await refused(assume());
    const shown = `${error.message}${error.stack}${String(error.cause)}`;
    for (const secret of [session.sessionToken, KEYS.secretAccessKey, KEYS.accessKeyId]) expect(shown).not.toContain(secret);
    expect(shown).toContain('SignatureDoesNotMatch');
  });

  it.each([
    ['<html>a proxy</html>'],
    [sessionDocument(1, new Date(0)).replace(/<Expiration>.*<\/Expiration>/, '')],
    [sessionDocument(1, new Date()).replace(/<SessionToken>.*<\/SessionToken>/, '<SessionToken></SessionToken>')],
  ])('refuses an answer without credentials and shows none of it: %#', async (body) => {
    const { assume } = await setUp(() => ({ status: 200, body }));
    const { message } = await refused(assume());
    expect(message).toContain('is it STS?');
    expect(message).not.toContain('proxy');
    expect(message).not.toContain('ASIA');
  });

  it('names the endpoint that nobody answers at', async () => {
    const { assume } = await setUp(GRANTED, { send: async () => Promise.reject(Object.assign(new Error('secret'), { code: 'ECONNREFUSED' })) });
    expect((await refused(assume())).message).toMatch(/no answer from http:\/\/127\.0\.0\.1:\d+ in 5 attempts \(ECONNREFUSED\)/);
  });

  it('refuses a Region that is none, and an endpoint that is no URL', async () => {
    expect((await refused((await setUp(GRANTED, { region: 'evil.example/', endpointUrl: undefined })).assume())).message).toContain(
      '"evil.example/" is no Region',
    );
    expect((await refused((await setUp(GRANTED, { endpointUrl: 'ftp://x' })).assume())).message).toContain('AWS_ENDPOINT_URL_STS');
  });
});

describe('stsOrigin', () => {
  it.each([
    ['eu-central-1', 'https://sts.eu-central-1.amazonaws.com'],
    ['us-east-1', 'https://sts.us-east-1.amazonaws.com'],
    ['cn-north-1', 'https://sts.cn-north-1.amazonaws.com.cn'],
    ['us-gov-west-1', 'https://sts.us-gov-west-1.amazonaws.com'],
    ['us-iso-east-1', 'https://sts.us-iso-east-1.c2s.ic.gov'],
    ['us-isob-east-1', 'https://sts.us-isob-east-1.sc2s.sgov.gov'],
    ['us-isof-south-1', 'https://sts.us-isof-south-1.csp.hci.ic.gov'],
    ['eu-isoe-west-1', 'https://sts.eu-isoe-west-1.cloud.adc-e.uk'],
    ['eusc-de-east-1', 'https://sts.eusc-de-east-1.amazonaws.eu'],
  ])('is in the partition of %s, as S3 is', (region, origin) => {
    expect(stsOrigin(region)).toBe(origin);
    expect(origin.endsWith(dnsSuffix(region))).toBe(true);
  });
});

describe('signedFormHeaders', () => {
  class Sha256 {
    private readonly state: Hash | Hmac;
    constructor(secret?: Uint8Array | string) {
      this.state = secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
    }
    update(data: Uint8Array | string): void {
      this.state.update(data);
    }
    async digest(): Promise<Uint8Array> {
      return this.state.digest();
    }
    reset(): void {}
  }

  it.each([
    { accessKeyId: KEYS.accessKeyId, secretAccessKey: KEYS.secretAccessKey },
    secretOf(1),
  ])('equals the signature of the vendor: %#', async (credentials) => {
    const at = Date.UTC(2026, 10, 20, 23, 59, 59, 999);
    const form = 'Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws';
    const own = signedFormHeaders('sts.eu-central-1.amazonaws.com', form, 'eu-central-1', credentials, at);
    const { authorization, 'x-amz-date': _date, 'x-amz-security-token': _token, ...unsigned } = own;
    const signer = new SignatureV4({ service: 'sts', region: 'eu-central-1', credentials, sha256: Sha256 as never, applyChecksum: false });
    const request = { method: 'POST', protocol: 'https:', hostname: 'sts.eu-central-1.amazonaws.com', path: '/', headers: unsigned, body: form };
    const signed = (await signer.sign(request as never, { signingDate: new Date(at) })) as unknown as { readonly headers: Record<string, string> };
    expect(authorization).toBe(signed.headers.authorization);
    expect(own['x-amz-date']).toBe(signed.headers['x-amz-date']);
  });
});
