import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketLifecycleCommand,
  DeleteObjectCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  HeadObjectCommand,
  type LifecycleRule,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectLockConfigurationCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Store, startStore } from '../../../infra/local/s3-store/store.ts';
import { ACCOUNTS, ANN, refusal, sdkClient } from './sdk-client.ts';

const PLAIN = 'plain-bucket';
const LOCKED = 'locked-bucket';
const DAY = 86_400_000;
let store: Store;
let ann: S3Client;

beforeEach(async () => {
  store = await startStore({ accounts: ACCOUNTS, buckets: [{ name: PLAIN, ownerId: '111111111111' }] });
  ann = sdkClient(store, ANN);
  await ann.send(new CreateBucketCommand({ Bucket: LOCKED, ObjectLockEnabledForBucket: true }));
});

afterEach(() => store.close());

function setRetention(Bucket: string, DefaultRetention: object | null) {
  const ObjectLockConfiguration = { ObjectLockEnabled: 'Enabled' as const, ...(DefaultRetention !== null && { Rule: { DefaultRetention } }) };
  return refusal(ann.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration })));
}

async function configuration(Bucket: string) {
  return (await ann.send(new GetObjectLockConfigurationCommand({ Bucket }))).ObjectLockConfiguration;
}

function put(more: Partial<PutObjectCommandInput> = {}) {
  return ann.send(new PutObjectCommand({ Bucket: LOCKED, Key: 'k', Body: 'x', ...more }));
}

const PROVEN = { ChecksumAlgorithm: 'SHA256' } as const;
const inADay = () => new Date(Math.floor(Date.now() / 1000) * 1000 + DAY);

describe('Object Lock', () => {
  test('is there from the start or not, and wants versions', async () => {
    expect(await configuration(LOCKED)).toEqual({ ObjectLockEnabled: 'Enabled' });
    expect((await ann.send(new GetBucketVersioningCommand({ Bucket: LOCKED }))).Status).toBe('Enabled');
    expect(await refusal(configuration(PLAIN))).toBe('ObjectLockConfigurationNotFoundError 404');
    expect(await setRetention(PLAIN, null)).toBe('InvalidBucketState 409');
    const suspended = { Bucket: LOCKED, VersioningConfiguration: { Status: 'Suspended' } } as const;
    expect(await refusal(ann.send(new PutBucketVersioningCommand(suspended)))).toBe('InvalidBucketState 409');
  });

  test.each([
    [{ Mode: 'GOVERNANCE', Days: 1 }, 'accepted'],
    [{ Mode: 'COMPLIANCE', Years: 2 }, 'accepted'],
    [{ Mode: 'GOVERNANCE', Days: 1, Years: 1 }, 'MalformedXML 400'],
    [{ Mode: 'GOVERNANCE' }, 'MalformedXML 400'],
    [{ Mode: 'NONE', Days: 1 }, 'MalformedXML 400'],
    [{ Mode: 'GOVERNANCE', Days: 0 }, 'InvalidArgument 400'],
  ])('takes the default %j: %s', async (retention, expected) => {
    expect(await setRetention(LOCKED, retention)).toBe(expected);
    if (expected === 'accepted') expect((await configuration(LOCKED))?.Rule?.DefaultRetention).toEqual(retention);
  });

  test('by default wants a proof of what is put, of parts too, but not of copies', async () => {
    expect(await refusal(put())).toBe('accepted');
    await setRetention(LOCKED, { Mode: 'GOVERNANCE', Days: 1 });
    expect([await refusal(put()), await refusal(put(PROVEN)), await refusal(put({ ContentMD5: 'nd0Jj/nlqX8z5GDjhKwkhQ==' }))]).toEqual([
      'InvalidRequest 400',
      'accepted',
      'BadDigest 400',
    ]);
    const { UploadId } = await ann.send(new CreateMultipartUploadCommand({ Bucket: LOCKED, Key: 'up' }));
    const part = (more: object) => ann.send(new UploadPartCommand({ Bucket: LOCKED, Key: 'up', UploadId, PartNumber: 1, Body: 'x', ...more }));
    expect(await refusal(part({}))).toBe('InvalidRequest 400');
    const { ETag } = await part(PROVEN);
    await ann.send(new CompleteMultipartUploadCommand({ Bucket: LOCKED, Key: 'up', UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } }));
    await ann.send(new CopyObjectCommand({ Bucket: LOCKED, Key: 'copy', CopySource: `${LOCKED}/k` }));
    for (const Key of ['k', 'up', 'copy']) {
      const { ObjectLockMode, ObjectLockRetainUntilDate } = await ann.send(new HeadObjectCommand({ Bucket: LOCKED, Key }));
      expect([ObjectLockMode, (ObjectLockRetainUntilDate?.getTime() ?? 0) > Date.now()]).toEqual(['GOVERNANCE', true]);
    }
  });

  test('keeps versions from being deleted until it ends, and governed ones from all but those who say so', async () => {
    const lock = (mode: 'GOVERNANCE' | 'COMPLIANCE') => put({ ...PROVEN, ObjectLockMode: mode, ObjectLockRetainUntilDate: inADay() });
    const remove = (VersionId: string | undefined, BypassGovernanceRetention = false) =>
      refusal(ann.send(new DeleteObjectCommand({ Bucket: LOCKED, Key: 'k', VersionId, BypassGovernanceRetention })));
    const governed = (await lock('GOVERNANCE')).VersionId;
    expect([await remove(governed), await remove(governed, true)]).toEqual(['AccessDenied 403', 'accepted']);
    const complied = (await lock('COMPLIANCE')).VersionId;
    expect([await remove(complied, true), await remove(undefined)]).toEqual(['AccessDenied 403', 'accepted']);
    const held = (await put({ ...PROVEN, ObjectLockLegalHoldStatus: 'ON' })).VersionId;
    expect(await remove(held, true)).toBe('AccessDenied 403');
    expect((await ann.send(new HeadObjectCommand({ Bucket: LOCKED, Key: 'k', VersionId: held }))).ObjectLockLegalHoldStatus).toBe('ON');
  });

  test.each([
    [{ ObjectLockMode: 'GOVERNANCE' } as const, 'InvalidArgument 400'],
    [{ ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: new Date(0) } as const, 'InvalidArgument 400'],
    [{ ObjectLockMode: 'NONE' as 'GOVERNANCE', ObjectLockRetainUntilDate: new Date(4e12) }, 'InvalidArgument 400'],
    [{ Bucket: PLAIN, ObjectLockLegalHoldStatus: 'ON' } as const, 'InvalidRequest 400'],
  ])('refuses a write with %j: %s', async (more, expected) => {
    expect(await refusal(put({ ...PROVEN, ...more }))).toBe(expected);
  });
});

describe('lifecycle rules', () => {
  const setRules = (...Rules: LifecycleRule[]) =>
    refusal(ann.send(new PutBucketLifecycleConfigurationCommand({ Bucket: PLAIN, LifecycleConfiguration: { Rules } })));
  const rules = async () => (await ann.send(new GetBucketLifecycleConfigurationCommand({ Bucket: PLAIN }))).Rules;
  const ABORT: LifecycleRule = { ID: 'stale', Status: 'Enabled', Filter: { Prefix: 'a&b/' }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 3 } };

  test('come back as they were put, with an id each', async () => {
    expect(await refusal(rules())).toBe('NoSuchLifecycleConfiguration 404');
    expect(await setRules(ABORT, { Status: 'Disabled', Filter: { Prefix: '' }, Expiration: { Days: 30 } })).toBe('accepted');
    expect(await rules()).toEqual([ABORT, { ID: expect.stringMatching(/./), Status: 'Disabled', Filter: { Prefix: '' }, Expiration: { Days: 30 } }]);
    await ann.send(new DeleteBucketLifecycleCommand({ Bucket: PLAIN }));
    expect(await refusal(rules())).toBe('NoSuchLifecycleConfiguration 404');
  });

  test('must be rules', async () => {
    expect(await setRules(ABORT, ABORT)).toBe('InvalidArgument 400');
    expect(await setRules({ ...ABORT, Status: 'On' as 'Enabled' })).toBe('MalformedXML 400');
    expect(await setRules({ ID: 'idle', Status: 'Enabled', Filter: { Prefix: '' } })).toBe('InvalidRequest 400');
  });
});
