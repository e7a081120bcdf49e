import { createHash, randomBytes } from 'node:crypto';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  type CopyObjectCommandInput,
  CreateMultipartUploadCommand,
  GetBucketEncryptionCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
  type ServerSideEncryptionByDefault,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AccessKey, Account } from '../../../infra/local/s3-store/accounts.ts';
import { type Store, startStore } from '../../../infra/local/s3-store/store.ts';
import { sendSigned } from './raw-request.ts';
import { refusal, sdkClient } from './sdk-client.ts';

const [ONE, TWO] = ['111111111111', '222222222222'];
const BUCKET = 'ones';
const MIB = 1024 * 1024;

function user(account: string, name: string, ...actions: readonly string[]): AccessKey {
  const policies = actions.length === 0 ? {} : { policies: [{ Statement: { Effect: 'Allow', Action: actions, Resource: '*' } }] };
  return { accessKeyId: name, secretAccessKey: `${name}-secret`, arn: `arn:aws:iam::${account}:user/${name}`, ...policies };
}

const ANN = user(ONE, 'ann');
const WRITER = user(ONE, 'writer', 's3:*', 'kms:GenerateDataKey');
const GRANTEE = user(ONE, 'grantee', 's3:*');
const PLAIN = user(ONE, 'plain', 's3:*');
const BOB = user(TWO, 'bob');

function keyArn(account: string, id: string, region = 'us-east-1'): string {
  return `arn:aws:kms:${region}:${account}:key/${id}`;
}

const OPEN_POLICY = {
  Statement: [
    { Effect: 'Allow', Principal: { AWS: [`arn:aws:iam::${ONE}:root`, `arn:aws:iam::${TWO}:root`] }, Action: 'kms:*', Resource: '*' },
    { Effect: 'Deny', Principal: '*', Action: 'kms:*', Resource: '*', Condition: { StringNotEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } } },
  ],
};
const BYTES_POLICY = {
  Statement: { Effect: 'Allow', Principal: { AWS: ANN.arn }, Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: '*' },
};

const ACCOUNTS: readonly Account[] = [
  {
    id: ONE,
    keys: [ANN, WRITER, GRANTEE, PLAIN],
    kmsKeys: [
      { id: 'own', alias: 'mine', grants: [{ grantee: GRANTEE.arn as string, operations: ['Decrypt'] }] },
      { id: 'anns', policy: BYTES_POLICY },
      { id: 'open', policy: OPEN_POLICY },
      { id: 'off', isDisabled: true },
      { id: 'far', region: 'eu-central-1' },
    ],
  },
  { id: TWO, keys: [BOB], kmsKeys: [{ id: 'bobs' }] },
];

let store: Store;
let ann: S3Client;

beforeEach(async () => {
  const buckets = [
    { name: BUCKET, ownerId: ONE },
    { name: 'twos', ownerId: TWO },
  ];
  store = await startStore({ accounts: ACCOUNTS, buckets });
  ann = sdkClient(store, ANN);
});

afterEach(() => store.close());

function put(more: Partial<PutObjectCommandInput> = {}, client = ann) {
  return client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: 'hello', ...more }));
}

function kms(SSEKMSKeyId?: string) {
  return { ServerSideEncryption: 'aws:kms', ...(SSEKMSKeyId !== undefined && { SSEKMSKeyId }) } as const;
}

function get(client: S3Client, more: object = {}) {
  return refusal(client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'k', ...more })));
}

function copy(client: S3Client, more: Partial<CopyObjectCommandInput> = {}) {
  return client.send(new CopyObjectCommand({ Bucket: BUCKET, Key: 'copy', CopySource: `${BUCKET}/k`, ...more }));
}

function as(key: AccessKey): S3Client {
  return sdkClient(store, key);
}

const MD5 = `"${createHash('md5').update('hello').digest('hex')}"`;

describe('under KMS', () => {
  test.each([
    ['its id', 'own'],
    ['its alias', 'alias/mine'],
    ['its ARN', keyArn(ONE, 'own')],
    ["its alias's ARN", `arn:aws:kms:us-east-1:${ONE}:alias/mine`],
  ])('a key is named by %s, and answers name its ARN', async (_, name) => {
    const written = await put(kms(name));
    expect(written).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn(ONE, 'own') });
    const head = await ann.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'k' }));
    expect(head).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn(ONE, 'own'), ETag: written.ETag });
  });

  test('no ETag is an MD5, and none comes again', async () => {
    const [first, second] = [await put(kms()), await put(kms())];
    const { CopyObjectResult } = await copy(ann, kms());
    const etags = [MD5, first.ETag, second.ETag, CopyObjectResult?.ETag];
    expect(new Set(etags).size).toBe(4);
    expect(etags.every((etag) => /^"[0-9a-f]{32}"$/.test(etag ?? ''))).toBe(true);
    expect((await copy(ann)).CopyObjectResult?.ETag).toBe(MD5);
  });

  test('the parts of an upload have no MD5s either, nor has the object', async () => {
    const { UploadId, ...begun } = await ann.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key: 'k', ...kms('own'), BucketKeyEnabled: true }));
    expect(begun).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn(ONE, 'own'), BucketKeyEnabled: true });
    const part = await ann.send(new UploadPartCommand({ Bucket: BUCKET, Key: 'k', UploadId, PartNumber: 1, Body: 'hello' }));
    expect(part).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn(ONE, 'own'), BucketKeyEnabled: true });
    expect(part.ETag).not.toBe(MD5);
    await put();
    const copied = await ann.send(new UploadPartCopyCommand({ Bucket: BUCKET, Key: 'k', UploadId, PartNumber: 2, CopySource: `${BUCKET}/k` }));
    expect(copied.CopyPartResult?.ETag).not.toBe(MD5);
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag: part.ETag }] };
    const done = await ann.send(new CompleteMultipartUploadCommand({ Bucket: BUCKET, Key: 'k', UploadId, MultipartUpload }));
    const ofMd5s = createHash('md5').update(createHash('md5').update('hello').digest()).digest('hex');
    expect(done.ETag).toMatch(/^"[0-9a-f]{32}-1"$/);
    expect(done.ETag).not.toBe(`"${ofMd5s}-1"`);
    expect(done).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn(ONE, 'own') });
  });

  test.each([
    ['a key that is not there', kms('nothing'), 'KMS.NotFoundException 400'],
    ['an alias that is not there', kms('alias/nothing'), 'KMS.NotFoundException 400'],
    ['a key of another Region', kms(keyArn(ONE, 'far', 'eu-central-1')), 'KMS.NotFoundException 400'],
    ['a key that is switched off', kms('off'), 'KMS.DisabledException 400'],
    ["another account's key", kms(keyArn(TWO, 'bobs')), 'AccessDenied 403'],
    ['a key for AES256', { ServerSideEncryption: 'AES256', SSEKMSKeyId: 'own' } as const, 'InvalidArgument 400'],
    ['a key for no algorithm', { SSEKMSKeyId: 'own' }, 'InvalidArgument 400'],
    ['an algorithm of its own', { ServerSideEncryption: 'rot13' as 'AES256' }, 'InvalidArgument 400'],
    ['a context that is none', { ...kms('own'), SSEKMSEncryptionContext: 'e30x' }, 'InvalidArgument 400'],
    ['a context', { ...kms('own'), SSEKMSEncryptionContext: Buffer.from('{"a":"b"}').toString('base64') }, 'accepted'],
    ['two layers', { ...kms('own'), ServerSideEncryption: 'aws:kms:dsse' } as const, 'accepted'],
  ])('a write with %s is %s', async (_, input, expected) => {
    expect(await refusal(put(input))).toBe(expected);
  });

  test('writing takes GenerateDataKey, reading Decrypt, by the caller’s policies where the key leaves it to the account', async () => {
    expect([await refusal(put(kms('own'), as(WRITER))), await refusal(put(kms('own'), as(PLAIN)))]).toEqual(['accepted', 'AccessDenied 403']);
    expect([await get(as(WRITER)), await get(as(PLAIN)), await get(ann)]).toEqual(['AccessDenied 403', 'AccessDenied 403', 'accepted']);
    const { body } = await sendSigned(store.url, { target: `/${BUCKET}/k`, credentials: PLAIN });
    expect(body).toContain(`User: ${PLAIN.arn} is not authorized to perform: kms:Decrypt on resource: ${keyArn(ONE, 'own')}`);
  });

  test('a grant gives what it names, a policy that names one user serves that user alone', async () => {
    await put(kms('own'));
    expect([await get(as(GRANTEE)), await refusal(put(kms('own'), as(GRANTEE)))]).toEqual(['accepted', 'AccessDenied 403']);
    await put(kms('anns'));
    expect([await get(ann), await get(as(GRANTEE))]).toEqual(['accepted', 'AccessDenied 403']);
  });

  test('copies take both rights, uploads too', async () => {
    await put(kms('own'));
    expect([await refusal(copy(as(WRITER))), await refusal(copy(as(GRANTEE))), await refusal(copy(as(GRANTEE), kms('own')))]).toEqual([
      'AccessDenied 403',
      'accepted',
      'AccessDenied 403',
    ]);
    const begin = (key: AccessKey) => as(key).send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key: 'up', ...kms('own') }));
    expect(await refusal(begin(GRANTEE))).toBe('AccessDenied 403');
    const { UploadId } = await begin(WRITER);
    const part = (key: AccessKey) => as(key).send(new UploadPartCommand({ Bucket: BUCKET, Key: 'up', UploadId, PartNumber: 1, Body: 'x' }));
    expect([await refusal(part(WRITER)), await refusal(part(ANN))]).toEqual(['AccessDenied 403', 'accepted']);
  });

  test('a head needs no key, unless it asks for the checksum', async () => {
    await put({ ...kms('own'), ChecksumAlgorithm: 'SHA256' });
    const head = (more: object = {}) => refusal(as(PLAIN).send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'k', ...more })));
    expect([await head(), await head({ ChecksumMode: 'ENABLED' })]).toEqual(['accepted', expect.stringMatching(/ 403$/)]);
    const attributes = (name: 'Checksum' | 'ObjectSize') =>
      refusal(as(PLAIN).send(new GetObjectAttributesCommand({ Bucket: BUCKET, Key: 'k', ObjectAttributes: [name] })));
    expect([await attributes('ObjectSize'), await attributes('Checksum')]).toEqual(['accepted', 'AccessDenied 403']);
  });

  test('another account reads only with a key that it was given, never with the managed one', async () => {
    const Statement = { Effect: 'Allow', Principal: { AWS: TWO }, Action: ['s3:GetObject', 's3:PutObject'], Resource: `arn:aws:s3:::${BUCKET}/*` };
    await ann.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy: JSON.stringify({ Statement }) }));
    const read = async (input: Partial<PutObjectCommandInput>) => {
      await put(input);
      return get(as(BOB));
    };
    expect([await read(kms('own')), await read(kms('open')), await read(kms()), await read({})]).toEqual([
      'AccessDenied 403',
      'accepted',
      'AccessDenied 403',
      'accepted',
    ]);
    const managed = (arn: string | undefined) => arn?.split(':')[4];
    expect([managed((await put(kms())).SSEKMSKeyId), managed((await put(kms(), as(BOB))).SSEKMSKeyId)]).toEqual([ONE, TWO]);
  });
});

describe('a bucket', () => {
  const setDefault = (ApplyServerSideEncryptionByDefault: ServerSideEncryptionByDefault, BucketKeyEnabled = false) => {
    const ServerSideEncryptionConfiguration = { Rules: [{ ApplyServerSideEncryptionByDefault, BucketKeyEnabled }] };
    return ann.send(new PutBucketEncryptionCommand({ Bucket: BUCKET, ServerSideEncryptionConfiguration }));
  };
  const getDefault = async () => (await ann.send(new GetBucketEncryptionCommand({ Bucket: BUCKET }))).ServerSideEncryptionConfiguration?.Rules;

  test('encrypts by S3 until it is told otherwise', async () => {
    expect(await getDefault()).toEqual([{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }]);
    expect(await put()).toMatchObject({ ServerSideEncryption: 'AES256', ETag: MD5 });
  });

  test('gives its default to what comes without a word about it', async () => {
    const rule = { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/mine' } as const;
    await setDefault(rule, true);
    expect(await getDefault()).toEqual([{ ApplyServerSideEncryptionByDefault: rule, BucketKeyEnabled: true }]);
    expect(await put()).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn(ONE, 'own'), BucketKeyEnabled: true });
    expect(await copy(ann)).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn(ONE, 'own') });
    expect(await put({ ServerSideEncryption: 'AES256' })).toMatchObject({ ServerSideEncryption: 'AES256', ETag: MD5 });
    expect(await refusal(put({}, as(PLAIN)))).toBe('AccessDenied 403');
  });

  test('has a default that makes sense', async () => {
    expect(await refusal(setDefault({ SSEAlgorithm: 'AES256', KMSMasterKeyID: 'own' }))).toBe('InvalidArgument 400');
    expect(await refusal(setDefault({ SSEAlgorithm: 'rot13' as 'AES256' }))).toBe('MalformedXML 400');
  });
});

describe('headers of encryption by S3 and KMS', () => {
  test('are refused where S3 takes none', async () => {
    await put();
    const headers = { 'x-amz-server-side-encryption': 'AES256' };
    const { UploadId } = await ann.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key: 'k' }));
    const part = `/${BUCKET}/k?partNumber=1&uploadId=${encodeURIComponent(UploadId ?? '')}`;
    for (const [method, target] of [
      ['GET', `/${BUCKET}/k`],
      ['PUT', part],
    ] as const) {
      const { status, body } = await sendSigned(store.url, { method, target, headers, credentials: ANN });
      expect([status, body]).toEqual([400, expect.stringContaining('<Code>InvalidArgument</Code>')]);
    }
  });
});

describe("a customer's key", () => {
  const own = (bytes = Buffer.alloc(32, 7)) => ({
    SSECustomerAlgorithm: 'AES256',
    SSECustomerKey: bytes.toString('base64'),
    SSECustomerKeyMD5: createHash('md5').update(bytes).digest('base64'),
  });
  const sourceKey = () => {
    const { SSECustomerAlgorithm, SSECustomerKey, SSECustomerKeyMD5 } = own();
    return {
      CopySourceSSECustomerAlgorithm: SSECustomerAlgorithm,
      CopySourceSSECustomerKey: SSECustomerKey,
      CopySourceSSECustomerKeyMD5: SSECustomerKeyMD5,
    };
  };

  test('must come with every read', async () => {
    const written = await put(own());
    expect(written).toMatchObject({ SSECustomerAlgorithm: 'AES256', SSECustomerKeyMD5: own().SSECustomerKeyMD5 });
    expect([written.ETag === MD5, written.ServerSideEncryption]).toEqual([false, undefined]);
    expect([await get(ann, own()), await get(ann), await get(ann, own(randomBytes(32)))]).toEqual(['accepted', 'InvalidRequest 400', 'AccessDenied 403']);
    expect(await refusal(ann.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'k' })))).toMatch(/ 400$/);
    await put();
    expect(await get(ann, own())).toBe('InvalidRequest 400');
  });

  test('must be whole, and alone', async () => {
    const prefix = 'x-amz-server-side-encryption-customer-';
    const headers = { [`${prefix}algorithm`]: 'AES256', [`${prefix}key`]: own().SSECustomerKey, [`${prefix}key-md5`]: own(randomBytes(32)).SSECustomerKeyMD5 };
    const { status, body } = await sendSigned(store.url, { method: 'PUT', target: `/${BUCKET}/k`, headers, credentials: ANN });
    expect([status, body]).toEqual([400, expect.stringContaining('did not match the hash that was provided')]);
    expect(await refusal(put(own(Buffer.alloc(16))))).toBe('InvalidArgument 400');
    expect(await refusal(put({ ...own(), SSECustomerAlgorithm: 'DES' }))).toBe('InvalidEncryptionAlgorithmError 400');
    expect(await refusal(put({ ...own(), ...kms('own') }))).toBe('InvalidArgument 400');
  });

  test('opens the source of a copy', async () => {
    await put(own());
    expect(await refusal(copy(ann))).toBe('InvalidRequest 400');
    expect((await copy(ann, sourceKey())).CopyObjectResult?.ETag).toBe(MD5);
  });

  test('comes with every part', async () => {
    const { UploadId } = await ann.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key: 'up', ...own() }));
    const part = (more: object) =>
      refusal(ann.send(new UploadPartCommand({ Bucket: BUCKET, Key: 'up', UploadId, PartNumber: 1, Body: Buffer.alloc(MIB), ...more })));
    expect([await part({}), await part(own(randomBytes(32))), await part(own())]).toEqual(['InvalidRequest 400', 'AccessDenied 403', 'accepted']);
  });
});
