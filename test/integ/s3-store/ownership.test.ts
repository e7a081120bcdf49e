import {
  CreateBucketCommand,
  DeleteBucketOwnershipControlsCommand,
  GetBucketAclCommand,
  GetBucketOwnershipControlsCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type ObjectOwnership,
  PutBucketAclCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { canonicalId } from '../../../infra/local/s3-store/accounts.ts';
import { type Store, startStore } from '../../../infra/local/s3-store/store.ts';
import { sendUnsigned } from './raw-request.ts';
import { ACCOUNTS, ANN, BOB, refusal, sdkClient } from './sdk-client.ts';

const [ONE, TWO] = ['111111111111', '222222222222'];
const BUCKET = 'anns-bucket';
let store: Store;
let ann: S3Client;
let bob: S3Client;

beforeEach(async () => {
  store = await startStore({ accounts: ACCOUNTS, buckets: [{ name: BUCKET, ownerId: ONE }] });
  ann = sdkClient(store, ANN);
  bob = sdkClient(store, BOB);
  const Statement = { Effect: 'Allow', Principal: { AWS: TWO }, Action: ['s3:PutObject', 's3:PutObjectAcl'], Resource: `arn:aws:s3:::${BUCKET}/*` };
  await ann.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy: JSON.stringify({ Statement }) }));
});

afterEach(() => store.close());

function setOwnership(ObjectOwnership: ObjectOwnership) {
  return ann.send(new PutBucketOwnershipControlsCommand({ Bucket: BUCKET, OwnershipControls: { Rules: [{ ObjectOwnership }] } }));
}

function put(client: S3Client, more: Partial<PutObjectCommandInput> = {}) {
  return refusal(client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: 'x', ...more })));
}

function get(client: S3Client) {
  return refusal(client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'k' })));
}

function setAcl(client: S3Client, more: object) {
  return refusal(client.send(new PutObjectAclCommand({ Bucket: BUCKET, Key: 'k', ...more })));
}

async function grants(client = ann) {
  const { Owner, Grants } = await client.send(new GetObjectAclCommand({ Bucket: BUCKET, Key: 'k' }));
  return { owner: Owner?.ID, grants: Grants?.map(({ Grantee, Permission }) => `${Grantee?.ID ?? Grantee?.URI?.split('/').at(-1)} ${Permission}`) };
}

const ones = (permission: string) => `${canonicalId(ONE)} ${permission}`;
const twos = (permission: string) => `${canonicalId(TWO)} ${permission}`;

describe('a bucket without ACLs', () => {
  test('says so, and is what a new bucket is', async () => {
    await ann.send(new CreateBucketCommand({ Bucket: 'fresh' }));
    const { OwnershipControls } = await ann.send(new GetBucketOwnershipControlsCommand({ Bucket: 'fresh' }));
    expect(OwnershipControls?.Rules).toEqual([{ ObjectOwnership: 'BucketOwnerEnforced' }]);
    expect(await refusal(ann.send(new CreateBucketCommand({ Bucket: 'open', ACL: 'public-read' })))).toBe('InvalidBucketAclWithObjectOwnership 400');
    expect(await refusal(ann.send(new CreateBucketCommand({ Bucket: 'open', ACL: 'public-read', ObjectOwnership: 'ObjectWriter' })))).toBe('accepted');
  });

  test.each([
    [{ ACL: 'public-read' }, 'AccessControlListNotSupported 400'],
    [{ ACL: 'private' }, 'AccessControlListNotSupported 400'],
    [{ GrantRead: `id="${canonicalId(TWO)}"` }, 'AccessControlListNotSupported 400'],
    [{ ACL: 'bucket-owner-full-control' }, 'accepted'],
  ] as const)('answers a write with %j: %s', async (more, expected) => {
    expect(await put(ann, more)).toBe(expected);
  });

  test('owns everything, and takes no ACL later', async () => {
    await put(bob);
    expect(await grants()).toEqual({ owner: canonicalId(ONE), grants: [ones('FULL_CONTROL')] });
    expect(await setAcl(ann, { ACL: 'public-read' })).toBe('AccessControlListNotSupported 400');
    expect(await refusal(ann.send(new PutBucketAclCommand({ Bucket: BUCKET, ACL: 'public-read' })))).toBe('AccessControlListNotSupported 400');
    expect([await get(ann), await get(bob)]).toEqual(['accepted', 'AccessDenied 403']);
  });
});

describe('a bucket with ACLs', () => {
  test('leaves an object to who wrote it', async () => {
    await setOwnership('ObjectWriter');
    await put(bob);
    expect(await grants(bob)).toEqual({ owner: canonicalId(TWO), grants: [twos('FULL_CONTROL')] });
    expect([await get(ann), await get(bob)]).toEqual(['AccessDenied 403', 'accepted']);
    expect(await setAcl(bob, { ACL: 'bucket-owner-read' })).toBe('accepted');
    expect([await get(ann), await setAcl(ann, { ACL: 'private' })]).toEqual(['accepted', 'AccessDenied 403']);
  });

  test('that prefers its owner gets what is handed over', async () => {
    await setOwnership('BucketOwnerPreferred');
    await put(bob, { ACL: 'bucket-owner-full-control' });
    expect(await grants()).toEqual({ owner: canonicalId(ONE), grants: [ones('FULL_CONTROL')] });
    await put(bob);
    expect((await grants(bob)).owner).toBe(canonicalId(TWO));
  });

  test('keeps grants of headers and of documents', async () => {
    await setOwnership('ObjectWriter');
    await put(ann, { GrantRead: `id="${canonicalId(TWO)}", uri="http://acs.amazonaws.com/groups/global/AuthenticatedUsers"` });
    expect((await grants()).grants).toEqual([twos('READ'), 'AuthenticatedUsers READ']);
    const Grants = [{ Grantee: { Type: 'CanonicalUser', ID: canonicalId(TWO) }, Permission: 'READ_ACP' }] as const;
    expect(await setAcl(ann, { AccessControlPolicy: { Owner: { ID: canonicalId(ONE) }, Grants } })).toBe('accepted');
    expect((await grants(bob)).grants).toEqual([twos('READ_ACP')]);
    expect(await get(bob)).toBe('AccessDenied 403');
  });

  test('shows everybody what is public', async () => {
    await setOwnership('ObjectWriter');
    await put(ann, { ACL: 'public-read' });
    expect((await sendUnsigned(store.url, { target: `/${BUCKET}/k` })).status).toBe(200);
    expect(await get(bob)).toBe('accepted');
    await setOwnership('BucketOwnerEnforced');
    expect((await sendUnsigned(store.url, { target: `/${BUCKET}/k` })).status).toBe(403);
  });

  test.each([
    [{ ACL: 'public-read', GrantRead: `id="${canonicalId(TWO)}"` }, 'InvalidRequest 400'],
    [{ ACL: 'everybody' }, 'InvalidArgument 400'],
    [{ GrantRead: 'id="two"' }, 'InvalidArgument 400'],
    [{ GrantRead: 'uri="http://acs.amazonaws.com/groups/global/Friends"' }, 'InvalidArgument 400'],
    [{ AccessControlPolicy: { Owner: { ID: canonicalId(TWO) }, Grants: [] } }, 'AccessDenied 403'],
    [{}, 'MalformedXML 400'],
  ])('refuses %j: %s', async (more, expected) => {
    await setOwnership('ObjectWriter');
    await put(ann);
    expect(await setAcl(ann, more)).toBe(expected);
  });

  test('lists by its own ACL, which must be gone before ACLs are', async () => {
    await setOwnership('ObjectWriter');
    const list = () => refusal(bob.send(new ListObjectsV2Command({ Bucket: BUCKET })));
    expect(await list()).toBe('AccessDenied 403');
    await ann.send(new PutBucketAclCommand({ Bucket: BUCKET, ACL: 'authenticated-read' }));
    expect(await list()).toBe('accepted');
    expect((await ann.send(new GetBucketAclCommand({ Bucket: BUCKET }))).Grants).toHaveLength(2);
    expect(await refusal(setOwnership('BucketOwnerEnforced'))).toBe('InvalidBucketAclWithObjectOwnership 400');
    await ann.send(new PutBucketAclCommand({ Bucket: BUCKET, ACL: 'private' }));
    expect(await refusal(setOwnership('BucketOwnerEnforced'))).toBe('accepted');
  });

  test('may have no controls at all', async () => {
    await ann.send(new DeleteBucketOwnershipControlsCommand({ Bucket: BUCKET }));
    expect(await refusal(ann.send(new GetBucketOwnershipControlsCommand({ Bucket: BUCKET })))).toBe('OwnershipControlsNotFoundError 404');
    expect(await put(ann, { ACL: 'public-read' })).toBe('accepted');
  });
});
