/** What `prepare-run` does to buckets while it proves rights: nothing that stays, and no more than it may. */
import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteBucketPolicyCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { undiciTransport } from '../../emr-steps/s3/undici-transport.ts';
import { type Store, startStore } from '../../infra/local/s3-store/store.ts';
import { examineRun } from '../../lambdas/rights/examine-run.ts';
import { RefusedError } from '../../lambdas/run/refused-error.ts';
import { parseRequest } from '../../workflows/request/parse-request.ts';
import type { RunRequestInput } from '../../workflows/request/run-request.ts';

const REGION = 'eu-central-1';
const [THEIRS, OURS] = ['111111111111', '222222222222'];
const ROOT = { accessKeyId: 'root', secretAccessKey: 'root-secret' };
const RUNNER = { accessKeyId: 'runner', secretAccessKey: 'runner-secret', arn: `arn:aws:iam::${OURS}:user/runner` };
const DISABLED = `arn:aws:kms:${REGION}:${THEIRS}:key/off`;

let store: Store;
let owner: S3Client;
const transport = undiciTransport({ connections: 4 });

beforeAll(async () => {
  store = await startStore({
    region: REGION,
    accounts: [
      { id: THEIRS, keys: [ROOT], kmsKeys: [{ id: 'off', region: REGION, isDisabled: true }] },
      { id: OURS, keys: [RUNNER] },
    ],
    buckets: [
      { name: 'source', ownerId: THEIRS },
      { name: 'empty', ownerId: THEIRS },
      { name: 'destination', ownerId: THEIRS },
    ],
  });
  owner = new S3Client({ region: REGION, endpoint: store.url, forcePathStyle: true, credentials: ROOT });
  const { PutObjectCommand } = await import('@aws-sdk/client-s3');
  for (const Key of ['a/one', 'a/two', 'b/three']) await owner.send(new PutObjectCommand({ Bucket: 'source', Key, Body: Key }));
});

afterEach(async () => {
  for (const Bucket of ['source', 'empty', 'destination']) await owner.send(new DeleteBucketPolicyCommand({ Bucket }));
});

afterAll(async () => {
  owner.destroy();
  await Promise.all([transport.close(), store.close()]);
});

/** Lets everybody of our account do everything but these. */
async function allowAllBut(bucket: string, ...denied: readonly string[]): Promise<void> {
  const everything = { Principal: { AWS: OURS }, Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`] };
  const Statement = [{ ...everything, Effect: 'Allow', Action: 's3:*' }, ...(denied.length === 0 ? [] : [{ ...everything, Effect: 'Deny', Action: denied }])];
  await owner.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }));
}

function side(bucket: string, more: object = {}) {
  return { bucket, region: REGION, endpointUrl: store.url, ...more };
}

function examined(members: Partial<RunRequestInput> = {}, key = RUNNER as { readonly accessKeyId: string; readonly secretAccessKey: string }) {
  const env = { AWS_ACCESS_KEY_ID: key.accessKeyId, AWS_SECRET_ACCESS_KEY: key.secretAccessKey, AWS_ENDPOINT_URL_STS: store.url };
  const request = parseRequest({ source: side('source'), destination: side('destination'), ...members });
  return examineRun(request, 'run-1', { env, transport });
}

async function refusal(...args: Parameters<typeof examined>): Promise<readonly string[]> {
  const error = await examined(...args).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(RefusedError);
  return (error as RefusedError).problems;
}

describe('proving rights', () => {
  it('leaves no object and no upload behind, and reads no more than a byte', async () => {
    await Promise.all([allowAllBut('source'), allowAllBut('destination')]);
    expect(await examined({ copy: { acl: 'bucket-owner-full-control' } })).toEqual([]);
    expect((await owner.send(new ListObjectsV2Command({ Bucket: 'destination' }))).KeyCount).toBe(0);
    expect((await owner.send(new ListMultipartUploadsCommand({ Bucket: 'destination' }))).Uploads).toBeUndefined();
    expect((await owner.send(new ListObjectsV2Command({ Bucket: 'source' }))).KeyCount).toBe(3);
  });

  it('aborts the probe that an execution of the same run left open when it was killed', async () => {
    await Promise.all([allowAllBut('source'), allowAllBut('destination')]);
    for (const Key of ['.carillon-probe/run-1', '.carillon-probe/run-12']) await owner.send(new CreateMultipartUploadCommand({ Bucket: 'destination', Key }));
    expect(await examined()).toEqual([]);
    const { Uploads = [] } = await owner.send(new ListMultipartUploadsCommand({ Bucket: 'destination' }));
    expect(Uploads.map(({ Key }) => Key)).toEqual(['.carillon-probe/run-12']);
    await owner.send(new AbortMultipartUploadCommand({ Bucket: 'destination', Key: '.carillon-probe/run-12', UploadId: Uploads[0]?.UploadId }));
  });

  it('works where the source is empty', async () => {
    await Promise.all([allowAllBut('empty'), allowAllBut('destination')]);
    expect(await examined({ source: side('empty') })).toEqual([]);
    await allowAllBut('empty', 's3:GetObject');
    expect((await refusal({ source: side('empty') }))[0]).toContain('s3:GetObject is denied');
  });

  it.each([
    ['source', 's3:GetObjectAttributes', 'CarillonSourceRead'],
    ['source', 's3:GetObjectTagging', 'CarillonSourceTags'],
    ['source', 's3:GetObjectAcl', 'CarillonSourceAcl'],
    ['destination', 's3:GetBucketAcl', 'CarillonDestinationOwner'],
    ['destination', 's3:PutObjectTagging', 'CarillonDestinationTags'],
    ['destination', 's3:PutObjectAcl', 'CarillonDestinationAcl'],
    ['destination', 's3:PutObject', 'CarillonDestinationWrite'],
    ['destination', 's3:ListMultipartUploadParts', 'CarillonDestinationUploads'],
    ['destination', 's3:AbortMultipartUpload', 'CarillonDestinationUploads'],
    ['destination', 's3:ListBucketMultipartUploads', 'CarillonDestinationOpenUploads'],
  ])('finds at the %s that %s alone is denied, and names %s', async (bucket, action, sid) => {
    await Promise.all([allowAllBut('source'), allowAllBut('destination')]);
    await allowAllBut(bucket, action);
    const problems = await refusal({ copy: { acl: 'copy' } });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${action} is denied to ${RUNNER.arn}`);
    expect(problems[0]).toContain(`the statement ${sid} would allow it`);
    expect((await owner.send(new ListMultipartUploadsCommand({ Bucket: 'destination' }))).Uploads).toBeUndefined();
  });

  it('asks nothing of writing where nothing is written', async () => {
    await allowAllBut('source', 's3:GetObject');
    await allowAllBut('destination', 's3:PutObject', 's3:GetObject', 's3:AbortMultipartUpload');
    expect(await examined({ dryRun: true, diff: { engine: 'hive' } })).toEqual([]);
  });

  it('tells a bucket of another account than the one that is expected', async () => {
    await Promise.all([allowAllBut('source'), allowAllBut('destination')]);
    expect(await refusal({ source: side('source', { expectedOwner: OURS }) })).toEqual([
      `source.expectedOwner: s3://source does not belong to account ${OURS}; it may be listed by whoever expects nobody`,
    ]);
  });

  it('tells bad credentials, and a key that nobody can use', async () => {
    await Promise.all([allowAllBut('source'), allowAllBut('destination')]);
    expect((await refusal({}, { accessKeyId: 'runner', secretAccessKey: 'wrong' }))[0]).toMatch(/the credentials are refused: SignatureDoesNotMatch/);
    expect((await refusal({ copy: { encryption: { kind: 'aws:kms', key: DISABLED } } }))[0]).toMatch(/KMS\.DisabledException\); a key is needed/);
  });

  it('warns of what cannot be asked, and of what lifecycle rules will do', async () => {
    await Promise.all([allowAllBut('source'), allowAllBut('destination')]);
    const Rules = [{ ID: 'soon', Status: 'Enabled' as const, Filter: { Prefix: '' }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }];
    await owner.send(new PutBucketLifecycleConfigurationCommand({ Bucket: 'destination', LifecycleConfiguration: { Rules } }));
    expect((await examined()).map(({ code }) => code)).toEqual(['uploads-aborted-by-lifecycle']);
    const nowhere = { ...side('destination'), endpointUrl: 'http://127.0.0.1:9' };
    const found = await examined({ destination: nowhere, copy: { mode: 'streaming' } });
    expect(found.map(({ code, level }) => [code, level])).toEqual([['rights-not-proven', 'warning']]);
  }, 120_000);
});
