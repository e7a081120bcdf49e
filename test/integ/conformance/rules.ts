/** What a bucket is told: encryption, ownership, versions, locks, lifecycle, policy; and who one is. */
import { createHash } from 'node:crypto';
import {
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectAclCommand,
  GetObjectLockConfigurationCommand,
  HeadBucketCommand,
  ListObjectVersionsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectAclCommand,
  PutObjectLockConfigurationCommand,
} from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { askSts } from '../s3-store/sts-request.ts';
import { clientFor } from './endpoint.ts';
import { type Behaviour, dropBucket, makeBucket, md5, refusal, World } from './world.ts';

/** Runs with a bucket of its own, since it changes what holds for all of it. */
async function inOwnBucket(w: World, run: (own: World) => Promise<void>, more: object = {}): Promise<void> {
  const bucket = await makeBucket(w.endpoint, more);
  try {
    await run(new World(w.endpoint, bucket, ''));
  } finally {
    await dropBucket(w.endpoint, bucket);
  }
}

const KEY = Buffer.alloc(32, 7);
const CUSTOMER_KEY = {
  SSECustomerAlgorithm: 'AES256',
  SSECustomerKey: KEY.toString('base64'),
  SSECustomerKeyMD5: createHash('md5').update(KEY).digest('base64'),
};

const IS_DIGITS = /^"[0-9a-f]{32}"$/;

/** The table. */
export const RULES: readonly Behaviour[] = [
  {
    name: 'a bucket tells its Region, and one that is not there is 404',
    run: async (w) => {
      const { BucketRegion } = await w.s3.send(new HeadBucketCommand({ Bucket: w.bucket }));
      const { LocationConstraint } = await w.s3.send(new GetBucketLocationCommand({ Bucket: w.bucket }));
      expect([BucketRegion, LocationConstraint ?? 'us-east-1']).toEqual([w.endpoint.region, w.endpoint.region]);
      expect(await refusal(w.s3.send(new GetBucketLocationCommand({ Bucket: `${w.bucket}-none` })))).toBe('404 NoSuchBucket');
    },
  },
  {
    name: 'a request signed for another Region is refused and told the right one',
    run: async (w) => {
      const region = w.endpoint.region === 'eu-west-3' ? 'eu-west-2' : 'eu-west-3';
      const outcome = await refusal(clientFor(w.endpoint, { region }).send(new GetBucketLocationCommand({ Bucket: w.bucket })));
      expect(outcome).toMatch(/^(400 AuthorizationHeaderMalformed|301 PermanentRedirect)$/);
    },
  },
  {
    name: 'a name that is none, or is taken, is no new bucket',
    run: async (w) => {
      expect(await refusal(w.s3.send(new CreateBucketCommand({ Bucket: 'Not_A_Bucket' })))).toBe('400 InvalidBucketName');
      const again = await refusal(w.s3.send(new CreateBucketCommand({ Bucket: w.bucket })));
      expect(again).toMatch(/^(409 BucketAlreadyOwnedByYou|accepted)$/);
    },
  },
  {
    name: 'the expected owner must be the owner',
    run: async (w) => {
      await w.put('k');
      expect(await refusal(w.get('k', { ExpectedBucketOwner: '999999999999' }))).toBe('403 AccessDenied');
    },
  },
  {
    name: 'everything is encrypted by S3 unless something else is said',
    run: async (w) => {
      expect((await w.put('k')).ServerSideEncryption).toBe('AES256');
      const { ServerSideEncryptionConfiguration } = await w.s3.send(new GetBucketEncryptionCommand({ Bucket: w.bucket }));
      expect(ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm).toBe('AES256');
    },
  },
  {
    name: 'under KMS no ETag is an MD5: not of an object, a copy, a part or an object of parts',
    needs: 'kms',
    run: async (w) => {
      const kms = { ServerSideEncryption: 'aws:kms' } as const;
      const put = await w.put('k', 'hello', kms);
      expect([put.ServerSideEncryption, put.SSEKMSKeyId]).toEqual(['aws:kms', expect.stringMatching(/^arn:aws:kms:.*:key\//)]);
      const { CopyObjectResult } = await w.copy('k', 'copy', kms);
      const id = await w.begin('up', kms);
      const part = await w.part('up', id, 1, 'hello');
      const { ETag } = await w.complete('up', id, [{ PartNumber: 1, ETag: part.ETag }]);
      const etags = [put.ETag, CopyObjectResult?.ETag, part.ETag];
      for (const etag of etags) expect([etag, etag === md5('hello')]).toEqual([expect.stringMatching(IS_DIGITS), false]);
      expect([ETag, await w.text('up'), await w.text('copy')]).toEqual([expect.stringMatching(/^"[0-9a-f]{32}-1"$/), 'hello', 'hello']);
      expect((await w.copy('k', 'plain', { ServerSideEncryption: 'AES256' })).CopyObjectResult?.ETag).toBe(md5('hello'));
    },
  },
  {
    name: "a bucket's default encryption is what objects get",
    needs: 'kms',
    run: (w) =>
      inOwnBucket(w, async (own) => {
        const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } as const, BucketKeyEnabled: true };
        await own.s3.send(new PutBucketEncryptionCommand({ Bucket: own.bucket, ServerSideEncryptionConfiguration: { Rules: [rule] } }));
        const { ETag, ...put } = await own.put('k');
        expect([ETag === md5('hello'), put.ServerSideEncryption, put.BucketKeyEnabled]).toEqual([false, 'aws:kms', true]);
      }),
  },
  {
    name: 'a key of KMS is named with its algorithm, or not at all',
    needs: 'kms',
    run: async (w) => {
      expect(await refusal(w.put('k', 'x', { SSEKMSKeyId: 'k' }))).toBe('400 InvalidArgument');
      expect(await refusal(w.put('k', 'x', { SSEKMSKeyId: 'k', ServerSideEncryption: 'AES256' }))).toBe('400 InvalidArgument');
      expect(await refusal(w.put('k', 'x', { ServerSideEncryption: 'rot13' as 'AES256' }))).toBe('400 InvalidArgument');
    },
  },
  {
    name: "an object under a customer's key is read with that key alone",
    needs: 'sse-c',
    run: async (w) => {
      const { ETag, SSECustomerKeyMD5 } = await w.put('k', 'hello', CUSTOMER_KEY);
      expect([ETag === md5('hello'), SSECustomerKeyMD5]).toEqual([false, CUSTOMER_KEY.SSECustomerKeyMD5]);
      expect([await w.text('k', CUSTOMER_KEY), await refusal(w.get('k'))]).toEqual(['hello', '400 InvalidRequest']);
    },
  },
  {
    name: 'a new bucket owns its objects and refuses every ACL but the one that says so',
    needs: 'ownership',
    run: async (w) => {
      const { OwnershipControls } = await w.s3.send(new GetBucketOwnershipControlsCommand({ Bucket: w.bucket }));
      expect(OwnershipControls?.Rules?.[0]?.ObjectOwnership).toBe('BucketOwnerEnforced');
      expect(await refusal(w.put('k', 'x', { ACL: 'public-read' }))).toBe('400 AccessControlListNotSupported');
      expect(await refusal(w.put('k', 'x', { ACL: 'bucket-owner-full-control' }))).toBe('accepted');
      expect(await refusal(w.begin('up', { ACL: 'public-read' }))).toBe('400 AccessControlListNotSupported');
      expect(await refusal(w.copy('k', 'copy', { ACL: 'public-read' }))).toBe('400 AccessControlListNotSupported');
      const acl = new PutObjectAclCommand({ Bucket: w.bucket, Key: w.key('k'), ACL: 'private' });
      expect(await refusal(w.s3.send(acl))).toBe('400 AccessControlListNotSupported');
    },
  },
  {
    name: 'a bucket that was told to has ACLs',
    needs: 'acl',
    run: (w) =>
      inOwnBucket(w, async (own) => {
        const OwnershipControls = { Rules: [{ ObjectOwnership: 'ObjectWriter' as const }] };
        await own.s3.send(new PutBucketOwnershipControlsCommand({ Bucket: own.bucket, OwnershipControls }));
        await own.put('k', 'x', { ACL: 'authenticated-read' });
        const grants = async () => (await own.s3.send(new GetObjectAclCommand({ Bucket: own.bucket, Key: 'k' }))).Grants?.map(({ Permission }) => Permission);
        expect(await grants()).toEqual(['FULL_CONTROL', 'READ']);
        await own.s3.send(new PutObjectAclCommand({ Bucket: own.bucket, Key: 'k', ACL: 'private' }));
        expect(await grants()).toEqual(['FULL_CONTROL']);
      }),
  },
  {
    name: 'versions stay, a delete is a marker, and each is read and deleted by its id',
    needs: 'versions',
    run: (w) =>
      inOwnBucket(w, async (own) => {
        expect((await own.s3.send(new GetBucketVersioningCommand({ Bucket: own.bucket }))).Status).toBeUndefined();
        await own.s3.send(new PutBucketVersioningCommand({ Bucket: own.bucket, VersioningConfiguration: { Status: 'Enabled' } }));
        const { VersionId } = await own.put('k', 'first');
        await own.put('k', 'second');
        const marker = await own.s3.send(new DeleteObjectCommand({ Bucket: own.bucket, Key: 'k' }));
        expect([marker.DeleteMarker, await refusal(own.get('k')), await own.text('k', { VersionId })]).toEqual([true, '404 NoSuchKey', 'first']);
        const { Versions, DeleteMarkers } = await own.s3.send(new ListObjectVersionsCommand({ Bucket: own.bucket }));
        expect([Versions?.length, DeleteMarkers?.length, DeleteMarkers?.[0]?.IsLatest]).toEqual([2, 1, true]);
        await own.s3.send(new DeleteObjectCommand({ Bucket: own.bucket, Key: 'k', VersionId: marker.VersionId }));
        expect(await own.text('k')).toBe('second');
      }),
  },
  {
    name: 'without Object Lock there is no configuration of it, and no lock',
    needs: 'object-lock',
    run: async (w) => {
      expect(await refusal(w.s3.send(new GetObjectLockConfigurationCommand({ Bucket: w.bucket })))).toBe('404 ObjectLockConfigurationNotFoundError');
      expect(await refusal(w.put('k', 'x', { ObjectLockLegalHoldStatus: 'ON', ChecksumAlgorithm: 'SHA256' }))).toBe('400 InvalidRequest');
    },
  },
  {
    name: 'under Object Lock what is written must be proven, and what is locked stays',
    needs: 'object-lock',
    run: (w) =>
      inOwnBucket(
        w,
        async (own) => {
          const ObjectLockConfiguration = {
            ObjectLockEnabled: 'Enabled',
            Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1 } },
          } as const;
          await own.s3.send(new PutObjectLockConfigurationCommand({ Bucket: own.bucket, ObjectLockConfiguration }));
          expect(await refusal(own.put('k'))).toBe('400 InvalidRequest');
          const { VersionId } = await own.put('k', 'x', { ChecksumAlgorithm: 'CRC32' });
          expect((await own.head('k')).ObjectLockMode).toBe('GOVERNANCE');
          expect(await refusal(own.s3.send(new DeleteObjectCommand({ Bucket: own.bucket, Key: 'k', VersionId })))).toBe('403 AccessDenied');
          const id = await own.begin('up');
          expect(await refusal(own.part('up', id, 1, 'x'))).toBe('400 InvalidRequest');
          expect(await refusal(own.part('up', id, 1, 'x', { ChecksumAlgorithm: 'CRC32' }))).toBe('accepted');
        },
        { ObjectLockEnabledForBucket: true },
      ),
  },
  {
    name: 'lifecycle rules come back as they were put',
    needs: 'lifecycle',
    run: (w) =>
      inOwnBucket(w, async (own) => {
        const get = () => own.s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: own.bucket }));
        expect(await refusal(get())).toBe('404 NoSuchLifecycleConfiguration');
        const rule = { ID: 'stale', Status: 'Enabled', Filter: { Prefix: 'a/' }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } } as const;
        await own.s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket: own.bucket, LifecycleConfiguration: { Rules: [rule] } }));
        expect((await get()).Rules).toEqual([rule]);
      }),
  },
  {
    name: 'a policy denies even the owner, and is gone when it is deleted',
    needs: 'policy',
    run: (w) =>
      inOwnBucket(w, async (own) => {
        const get = () => own.s3.send(new GetBucketPolicyCommand({ Bucket: own.bucket }));
        expect(await refusal(get())).toBe('404 NoSuchBucketPolicy');
        const deny = { Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: `arn:aws:s3:::${own.bucket}/no/*` };
        await own.s3.send(new PutBucketPolicyCommand({ Bucket: own.bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement: [deny] }) }));
        expect([await refusal(own.put('no/k')), await refusal(own.put('yes/k'))]).toEqual(['403 AccessDenied', 'accepted']);
        await own.s3.send(new DeleteBucketPolicyCommand({ Bucket: own.bucket }));
        expect(await refusal(own.put('no/k'))).toBe('accepted');
        expect(await refusal(own.s3.send(new PutBucketPolicyCommand({ Bucket: own.bucket, Policy: '{' })))).toBe('400 MalformedPolicy');
      }),
  },
  {
    name: 'STS says who one is, in the form that its SDK reads',
    needs: 'sts',
    run: async (w) => {
      const { status, element } = await askSts(w.endpoint.stsUrl, w.endpoint.credentials, { Action: 'GetCallerIdentity' }, 'sts', w.endpoint.region);
      expect([status, element('Account')]).toEqual([200, expect.stringMatching(/^\d{12}$/)]);
      expect(element('Arn')).toMatch(new RegExp(`^arn:aws[\\w-]*:(iam|sts)::${element('Account')}:`));
    },
  },
  {
    name: 'STS gives nobody a role that is not there',
    needs: 'sts',
    run: async (w) => {
      const form = { Action: 'AssumeRole', RoleSessionName: 'conformance', RoleArn: 'arn:aws:iam::999999999999:role/nobody-has-this' };
      const { status, element } = await askSts(w.endpoint.stsUrl, w.endpoint.credentials, form, 'sts', w.endpoint.region);
      expect([status, element('Code')]).toEqual([403, 'AccessDenied']);
    },
  },
];
