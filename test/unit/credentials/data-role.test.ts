import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sideCredentials } from '../../../emr-steps/credentials/side-credentials.ts';
import { type FakeService, fakeService, secretOf, sender, sessionDocument } from './fake-services.ts';

const DATA_ROLE = 'arn:aws:iam::111122223333:role/carillon-data';
const THEIRS = 'arn:aws:iam::444455556666:role/reader';

let folder: string;
let sts: FakeService;
let transport: ReturnType<typeof sender>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-data-role-'));
  sts = await fakeService((_asked, number) => ({ status: 200, body: sessionDocument(number, new Date(Date.now() + 3_600_000)) }));
  transport = sender();
});

afterEach(async () => {
  await Promise.all([transport.close(), sts.close(), rm(folder, { recursive: true, force: true })]);
});

function credentials(env: Readonly<Record<string, string>>, role?: { readonly arn: string; readonly externalId?: string }) {
  const own = { AWS_ACCESS_KEY_ID: 'AKIANODE', AWS_SECRET_ACCESS_KEY: 'node', HOME: folder, TMPDIR: folder, AWS_ENDPOINT_URL_STS: sts.url };
  return sideCredentials({ role, region: 'us-west-2', sessionName: `run-${process.pid}-${Math.random()}`, env: { ...own, ...env }, send: transport });
}

/** Whose key signed each request, for which Region, and which role it asked for. */
function asked() {
  return sts.asked.map(({ form, headers }) => [
    form.get('RoleArn'),
    /Credential=([^/]+)\/\d+\/([^/]+)/
      .exec(headers.authorization ?? '')
      ?.slice(1)
      .join(' '),
  ]);
}

describe('the data role', () => {
  it('is assumed by whoever runs, at the STS that the network reaches, before any bucket is asked', async () => {
    const found = await credentials({ CARILLON_DATA_ROLE_ARN: DATA_ROLE, CARILLON_STS_REGION: 'eu-central-1' })();
    expect(found).toMatchObject(secretOf(1));
    expect(asked()).toEqual([[DATA_ROLE, 'AKIANODE eu-central-1']]);
  });

  it('is who assumes the role of another account, which therefore trusts nobody else', async () => {
    const found = await credentials({ CARILLON_DATA_ROLE_ARN: DATA_ROLE, CARILLON_STS_REGION: 'eu-central-1' }, { arn: THEIRS, externalId: 'x1' })();
    expect(found).toMatchObject(secretOf(2));
    expect(asked()).toEqual([
      [DATA_ROLE, 'AKIANODE eu-central-1'],
      [THEIRS, `${secretOf(1).accessKeyId} eu-central-1`],
    ]);
    expect(sts.asked.map(({ form }) => form.get('ExternalId'))).toEqual([null, 'x1']);
  });

  it('is nobody where the environment names none', async () => {
    expect(await credentials({})()).toMatchObject({ accessKeyId: 'AKIANODE' });
    expect(sts.asked).toEqual([]);
  });
});
