import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import { type Store, startStore } from '../../infra/local/s3-store/store.ts';
import type { RunOutput } from '../../workflows/events/run-output.ts';
import { capturedHost } from '../helpers/captured-host.ts';
import { type StackRoles, stackRoles } from '../helpers/role-policies.ts';
import { synthesised } from '../helpers/workflow-stack.ts';

const OWNER = '111122223333';
const REGION = 'eu-central-1';
const MIB = 1024 * 1024;

let folder = '';
let store: Store;
let roles: StackRoles;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-data-role-'));
  roles = stackRoles(synthesised().template);
  const arn = `arn:aws:sts::${OWNER}:assumed-role/carillon-data-${REGION}/run`;
  const policies = [roles.policyOf('CarillonDataRole')];
  store = await startStore({
    region: REGION,
    accounts: [
      {
        id: OWNER,
        keys: [
          { accessKeyId: 'owner', secretAccessKey: 's' },
          { accessKeyId: 'data', secretAccessKey: 's', arn, policies },
        ],
      },
    ],
    buckets: ['source-a', 'destination-a', 'other'].map((name) => ({ name, ownerId: OWNER })),
  });
  const owner = new S3Client({ region: REGION, endpoint: store.url, forcePathStyle: true, credentials: { accessKeyId: 'owner', secretAccessKey: 's' } });
  const put = (Key: string, Body: Buffer, more = {}) => owner.send(new PutObjectCommand({ Bucket: 'source-a', Key, Body, ...more }));
  for (let one = 0; one < 20; one += 1) await put(`small-${one}`, Buffer.from(String(one)), { Tagging: 'a=b', Metadata: { m: 'x' } });
  await put('large', Buffer.alloc(6 * MIB, 'x'));
}, 120_000);

beforeEach(() => store.accessLog.reset());

afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** The command as the data role. */
async function carillon(name: string, words: readonly string[]) {
  const runs = join(folder, name);
  const env = {
    ...{ PATH: process.env.PATH ?? '', HOME: folder, AWS_EC2_METADATA_DISABLED: 'true', AWS_REGION: REGION, AWS_ENDPOINT_URL_S3: store.url },
    ...{ AWS_ACCESS_KEY_ID: 'data', AWS_SECRET_ACCESS_KEY: 's' },
  };
  const host = capturedHost({ env });
  const code = await main([...words, '--run-dir', runs, '--endpoint-url', store.url, '--quiet'], host);
  const [id = ''] = await readdir(runs).catch(() => []);
  const output = JSON.parse(await readFile(join(runs, id, 'output.json'), 'utf8').catch(() => 'null')) as RunOutput | null;
  return { code, output, stderr: host.stderr.text() };
}

describe('a run as the data role of the synthesised stack', () => {
  it.each([
    ['copies, with tags and a verification, and is refused nothing', ['--verify']],
    ['copies by streaming', ['--mode', 'streaming', '--verify']],
  ])('%s', async (_, words) => {
    const { code, output, stderr } = await carillon(`run-${words.length}`, ['copy', 's3://source-a', 's3://destination-a', ...words]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(output).toMatchObject({ status: 'succeeded', verified: true });
    const { byError, byOperation } = store.accessLog.counts();
    expect(byError.AccessDenied ?? 0).toBe(0);
    expect(Object.keys(byOperation)).toEqual(expect.arrayContaining(['ListObjectsV2', 'HeadBucket']));
  });

  it('is refused a bucket that the configuration does not name', async () => {
    const { code, stderr } = await carillon('refused', ['copy', 's3://source-a', 's3://other']);
    expect(code).not.toBe(0);
    expect(stderr).toContain('other');
    expect(store.accessLog.counts().byError.AccessDenied).toBeGreaterThan(0);
  });
});
