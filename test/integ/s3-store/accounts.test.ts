import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  type CopyObjectCommandInput,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutBucketRequestPaymentCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Store, startStore } from '../../../infra/local/s3-store/store.ts';
import { sendSigned, sendUnsigned } from './raw-request.ts';
import { ACCOUNTS, ANN, BOB, refusal, sdkClient } from './sdk-client.ts';

const ANNS = 'anns-bucket';
const BOBS = 'bobs-bucket';
let store: Store;
let ann: S3Client;
let bob: S3Client;

beforeEach(async () => {
  store = await startStore({
    accounts: ACCOUNTS,
    buckets: [
      { name: ANNS, ownerId: '111111111111' },
      { name: BOBS, ownerId: '222222222222' },
    ],
  });
  ann = sdkClient(store, ANN);
  bob = sdkClient(store, BOB);
  await ann.send(new PutObjectCommand({ Bucket: ANNS, Key: 'plain', Body: 'x' }));
  await ann.send(new PutObjectCommand({ Bucket: ANNS, Key: 'tagged', Body: 'x', Tagging: 'secret=yes' }));
});

afterEach(() => store.close());

const ALLOW = { Effect: 'Allow', Principal: { AWS: '222222222222' } };
const OBJECTS = `arn:aws:s3:::${ANNS}/*`;

function setPolicy(...Statement: readonly object[]) {
  return ann.send(new PutBucketPolicyCommand({ Bucket: ANNS, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }));
}

/** Bob copies what is Ann's into what is his. */
function copy(key: string, more: Partial<CopyObjectCommandInput> = {}) {
  return refusal(bob.send(new CopyObjectCommand({ Bucket: BOBS, Key: key, CopySource: `${ANNS}/${key}`, ...more })));
}

describe('another account', () => {
  test('gets nothing without a policy', async () => {
    expect(await refusal(bob.send(new GetObjectCommand({ Bucket: ANNS, Key: 'plain' })))).toBe('AccessDenied 403');
    expect(await refusal(bob.send(new HeadObjectCommand({ Bucket: ANNS, Key: 'plain' })))).toMatch(/ 403$/);
    expect(await refusal(bob.send(new ListObjectsV2Command({ Bucket: ANNS })))).toBe('AccessDenied 403');
    expect(await refusal(bob.send(new HeadBucketCommand({ Bucket: ANNS })))).toMatch(/ 403$/);
    expect(await refusal(bob.send(new PutObjectCommand({ Bucket: ANNS, Key: 'k', Body: 'x' })))).toBe('AccessDenied 403');
    expect(await copy('plain')).toBe('AccessDenied 403');
    const { Errors } = await bob.send(new DeleteObjectsCommand({ Bucket: ANNS, Delete: { Objects: [{ Key: 'plain' }] }, ChecksumAlgorithm: 'CRC32' }));
    expect(Errors?.map(({ Key, Code }) => [Key, Code])).toEqual([['plain', 'AccessDenied']]);
  });

  test('learns what is missing: who, what, and to which object', async () => {
    const { body } = await sendSigned(store.url, { target: `/${ANNS}/plain`, credentials: BOB });
    expect(body).toContain(`User: ${BOB.arn} is not authorized to perform: s3:GetObject on resource: &quot;arn:aws:s3:::${ANNS}/plain&quot;`);
  });

  test('gets what a policy allows, and a missing key is 403 to those who may not list', async () => {
    await setPolicy({ ...ALLOW, Action: 's3:GetObject', Resource: OBJECTS });
    expect(await refusal(bob.send(new GetObjectCommand({ Bucket: ANNS, Key: 'plain' })))).toBe('accepted');
    expect(await refusal(bob.send(new GetObjectCommand({ Bucket: ANNS, Key: 'nothing' })))).toBe('AccessDenied 403');
    await setPolicy({ ...ALLOW, Action: ['s3:GetObject', 's3:ListBucket'], Resource: [OBJECTS, `arn:aws:s3:::${ANNS}`] });
    expect(await refusal(bob.send(new GetObjectCommand({ Bucket: ANNS, Key: 'nothing' })))).toBe('NoSuchKey 404');
    expect(await refusal(bob.send(new ListObjectsV2Command({ Bucket: ANNS })))).toBe('accepted');
  });

  test('copies tags only with the right to read them', async () => {
    await setPolicy({ ...ALLOW, Action: 's3:GetObject', Resource: OBJECTS });
    expect([await copy('plain'), await copy('tagged'), await copy('tagged', { TaggingDirective: 'REPLACE' })]).toEqual([
      'accepted',
      'AccessDenied 403',
      'accepted',
    ]);
    await setPolicy({ ...ALLOW, Action: ['s3:GetObject', 's3:GetObjectTagging'], Resource: OBJECTS });
    expect(await copy('tagged')).toBe('accepted');
    expect((await bob.send(new GetObjectTaggingCommand({ Bucket: BOBS, Key: 'tagged' }))).TagSet).toEqual([{ Key: 'secret', Value: 'yes' }]);
  });

  test('is told of tags only with the right to read them', async () => {
    const tagCount = async () => (await bob.send(new HeadObjectCommand({ Bucket: ANNS, Key: 'tagged' }))).TagCount;
    await setPolicy({ ...ALLOW, Action: 's3:GetObject', Resource: OBJECTS });
    expect(await tagCount()).toBeUndefined();
    await setPolicy({ ...ALLOW, Action: ['s3:GetObject', 's3:GetObjectTagging'], Resource: OBJECTS });
    expect(await tagCount()).toBe(1);
  });

  test('needs rights of their own to versions', async () => {
    await ann.send(new PutBucketVersioningCommand({ Bucket: ANNS, VersioningConfiguration: { Status: 'Enabled' } }));
    const { VersionId } = await ann.send(new PutObjectCommand({ Bucket: ANNS, Key: 'tagged', Body: 'x', Tagging: 'a=b' }));
    const read = () => refusal(bob.send(new GetObjectCommand({ Bucket: ANNS, Key: 'tagged', VersionId })));
    const tags = () => refusal(bob.send(new GetObjectTaggingCommand({ Bucket: ANNS, Key: 'tagged', VersionId })));
    await setPolicy({ ...ALLOW, Action: ['s3:GetObject', 's3:GetObjectTagging'], Resource: OBJECTS });
    expect([await read(), await tags()]).toEqual(['AccessDenied 403', 'AccessDenied 403']);
    await setPolicy({ ...ALLOW, Action: ['s3:GetObjectVersion', 's3:GetObjectVersionTagging'], Resource: OBJECTS });
    expect([await read(), await tags()]).toEqual(['accepted', 'accepted']);
  });

  test('learns the Region of a bucket all the same', async () => {
    const { status, headers } = await sendSigned(store.url, { method: 'HEAD', target: `/${ANNS}`, credentials: BOB });
    expect([status, headers['x-amz-bucket-region']]).toEqual([403, 'us-east-1']);
  });

  test('copies parts only with the right to the source', async () => {
    const { UploadId } = await bob.send(new CreateMultipartUploadCommand({ Bucket: BOBS, Key: 'k' }));
    const part = () => refusal(bob.send(new UploadPartCopyCommand({ Bucket: BOBS, Key: 'k', UploadId, PartNumber: 1, CopySource: `${ANNS}/plain` })));
    expect(await part()).toBe('AccessDenied 403');
    await setPolicy({ ...ALLOW, Action: 's3:GetObject', Resource: OBJECTS });
    expect(await part()).toBe('accepted');
    expect(await refusal(ann.send(new AbortMultipartUploadCommand({ Bucket: BOBS, Key: 'k', UploadId })))).toBe('AccessDenied 403');
  });

  test('is held to conditions on prefix, header and tag', async () => {
    await setPolicy(
      { ...ALLOW, Action: 's3:ListBucket', Resource: `arn:aws:s3:::${ANNS}`, Condition: { StringLike: { 's3:prefix': 'home/*' } } },
      { ...ALLOW, Action: 's3:PutObject', Resource: OBJECTS, Condition: { StringEquals: { 's3:x-amz-storage-class': 'STANDARD_IA' } } },
      { ...ALLOW, Action: 's3:GetObject', Resource: OBJECTS, Condition: { StringEquals: { 's3:ExistingObjectTag/secret': 'yes' } } },
    );
    expect(await refusal(bob.send(new ListObjectsV2Command({ Bucket: ANNS })))).toBe('AccessDenied 403');
    expect(await refusal(bob.send(new ListObjectsV2Command({ Bucket: ANNS, Prefix: 'home/bob' })))).toBe('accepted');
    expect(await refusal(bob.send(new PutObjectCommand({ Bucket: ANNS, Key: 'k', Body: 'x' })))).toBe('AccessDenied 403');
    expect(await refusal(bob.send(new PutObjectCommand({ Bucket: ANNS, Key: 'k', Body: 'x', StorageClass: 'STANDARD_IA' })))).toBe('accepted');
    expect(await refusal(bob.send(new GetObjectCommand({ Bucket: ANNS, Key: 'plain' })))).toBe('AccessDenied 403');
    expect(await refusal(bob.send(new GetObjectCommand({ Bucket: ANNS, Key: 'tagged' })))).toBe('accepted');
  });
});

describe('the owner', () => {
  test('may do everything but what the policy denies', async () => {
    await setPolicy({ Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: OBJECTS });
    expect(await refusal(ann.send(new PutObjectCommand({ Bucket: ANNS, Key: 'k', Body: 'x' })))).toBe('AccessDenied 403');
    expect(await refusal(ann.send(new GetObjectCommand({ Bucket: ANNS, Key: 'plain' })))).toBe('accepted');
    await ann.send(new DeleteBucketPolicyCommand({ Bucket: ANNS }));
    expect(await refusal(ann.send(new PutObjectCommand({ Bucket: ANNS, Key: 'k', Body: 'x' })))).toBe('accepted');
    expect(await refusal(ann.send(new GetBucketPolicyCommand({ Bucket: ANNS })))).toBe('NoSuchBucketPolicy 404');
  });

  test('reads the policy as it was put', async () => {
    const Policy = `{ "Statement": [], "Id": "é" }`;
    await ann.send(new PutBucketPolicyCommand({ Bucket: ANNS, Policy }));
    expect((await ann.send(new GetBucketPolicyCommand({ Bucket: ANNS }))).Policy).toBe(Policy);
    expect(await refusal(ann.send(new PutBucketPolicyCommand({ Bucket: ANNS, Policy: '{' })))).toBe('MalformedPolicy 400');
  });

  test('sees own buckets alone', async () => {
    const { Buckets, Owner } = await bob.send(new ListBucketsCommand({}));
    expect([Buckets?.map(({ Name, BucketRegion }) => [Name, BucketRegion]), Owner?.DisplayName]).toEqual([[[BOBS, 'us-east-1']], 'twos']);
  });

  test('cannot take a name that is taken', async () => {
    expect(await refusal(bob.send(new CreateBucketCommand({ Bucket: ANNS })))).toBe('BucketAlreadyExists 409');
    expect(await refusal(ann.send(new CreateBucketCommand({ Bucket: ANNS })))).toBe('BucketAlreadyOwnedByYou 409');
    expect(await refusal(ann.send(new CreateBucketCommand({ Bucket: 'A_b' })))).toBe('InvalidBucketName 400');
  });
});

describe('an unsigned request', () => {
  test('gets what everybody gets', async () => {
    expect((await sendUnsigned(store.url, { target: `/${ANNS}/plain` })).status).toBe(403);
    await setPolicy({ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: OBJECTS });
    expect((await sendUnsigned(store.url, { target: `/${ANNS}/plain` })).body).toBe('x');
    expect((await sendUnsigned(store.url, { target: '/' })).status).toBe(403);
  });
});

describe("the bucket's door", () => {
  test('is closed when the bucket changed hands, on either side', async () => {
    await setPolicy({ ...ALLOW, Action: 's3:*', Resource: OBJECTS });
    const read = (ExpectedBucketOwner: string) => refusal(bob.send(new GetObjectCommand({ Bucket: ANNS, Key: 'plain', ExpectedBucketOwner })));
    expect([await read('222222222222'), await read('111111111111')]).toEqual(['AccessDenied 403', 'accepted']);
    expect(await copy('plain', { ExpectedSourceBucketOwner: '222222222222' })).toBe('AccessDenied 403');
    expect(await copy('plain', { ExpectedSourceBucketOwner: '111111111111', ExpectedBucketOwner: '222222222222' })).toBe('accepted');
  });

  test('is closed to requesters who do not say that they pay', async () => {
    await setPolicy({ ...ALLOW, Action: 's3:*', Resource: OBJECTS });
    await ann.send(new PutBucketRequestPaymentCommand({ Bucket: ANNS, RequestPaymentConfiguration: { Payer: 'Requester' } }));
    expect(await refusal(bob.send(new GetObjectCommand({ Bucket: ANNS, Key: 'plain' })))).toBe('AccessDenied 403');
    expect((await bob.send(new GetObjectCommand({ Bucket: ANNS, Key: 'plain', RequestPayer: 'requester' }))).RequestCharged).toBe('requester');
    expect([await copy('plain'), await copy('plain', { RequestPayer: 'requester' })]).toEqual(['AccessDenied 403', 'accepted']);
    expect(await refusal(ann.send(new GetObjectCommand({ Bucket: ANNS, Key: 'plain' })))).toBe('accepted');
  });

  test('names the right Region to requests signed for another', async () => {
    const frankfurt = sdkClient(store, ANN, { region: 'eu-central-1' });
    await frankfurt.send(new CreateBucketCommand({ Bucket: 'elsewhere', CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } }));
    expect((await frankfurt.send(new HeadBucketCommand({ Bucket: 'elsewhere' }))).BucketRegion).toBe('eu-central-1');
    expect((await frankfurt.send(new GetBucketLocationCommand({ Bucket: 'elsewhere' }))).LocationConstraint).toBe('eu-central-1');
    const redirected = await sendSigned(store.url, { target: '/elsewhere?list-type=2' });
    expect([redirected.status, redirected.headers['x-amz-bucket-region']]).toEqual([301, 'eu-central-1']);
    expect(redirected.body).toContain('<Code>PermanentRedirect</Code>');
    const malformed = await sendSigned(store.url, { target: '/elsewhere?list-type=2', region: 'ap-south-1' });
    expect([malformed.status, malformed.headers['x-amz-bucket-region']]).toEqual([400, 'eu-central-1']);
    expect(malformed.body).toMatch(/AuthorizationHeaderMalformed.*<Region>eu-central-1<\/Region>/);
    const head = await sendSigned(store.url, { method: 'HEAD', target: '/elsewhere' });
    expect([head.status, head.headers['x-amz-bucket-region'], head.body]).toEqual([301, 'eu-central-1', '']);
  });

  test('is found by the host, too', async () => {
    const { port } = new URL(store.url);
    const answer = await sendSigned(store.url, { target: '/plain', headers: { host: `${ANNS}.localhost:${port}` } });
    expect([answer.status, answer.body]).toEqual([200, 'x']);
  });
});
