import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callerIdentity } from '../../../emr-steps/credentials/caller-identity.ts';
import { type FakeAnswer, type FakeService, fakeService, sender } from './fake-services.ts';

const ARN = 'arn:aws:sts::111122223333:assumed-role/carillon-data/run-1';
const answered = `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${ARN}</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`;

let answer: FakeAnswer;
let sts: FakeService;
let transport: ReturnType<typeof sender>;

beforeEach(async () => {
  answer = { status: 200, body: answered };
  sts = await fakeService(() => answer);
  transport = sender();
});

afterEach(() => Promise.all([transport.close(), sts.close()]));

function asked(endpointUrl = sts.url, region = 'eu-central-1') {
  const credentials = async () => ({ accessKeyId: 'AKIA', secretAccessKey: 'secret' });
  return callerIdentity({ credentials, region, endpointUrl, send: transport });
}

describe('the caller', () => {
  it('is who STS says, asked once with a signature of the Region', async () => {
    expect(await asked()).toBe(ARN);
    expect(sts.asked.map(({ form }) => form.get('Action'))).toEqual(['GetCallerIdentity']);
    expect(sts.asked[0]?.headers.authorization).toMatch(/Credential=AKIA\/\d{8}\/eu-central-1\/sts\/aws4_request/);
  });

  it('is nobody known where STS refuses, says something else, does not answer, or is no endpoint', async () => {
    answer = { status: 403, body: '<Error><Code>ExpiredToken</Code></Error>' };
    expect(await asked()).toBeNull();
    answer = { status: 200, body: '<html>hello</html>' };
    expect(await asked()).toBeNull();
    answer = null;
    expect(await asked()).toBeNull();
    expect(await asked('ftp://nowhere')).toBeNull();
    expect(await asked(undefined, 'no Region')).toBeNull();
  });

  it('is nobody known where there are no credentials', async () => {
    const credentials = () => Promise.reject(new Error('none'));
    expect(await callerIdentity({ credentials, region: 'eu-central-1', endpointUrl: sts.url, send: transport })).toBeNull();
  });
});
