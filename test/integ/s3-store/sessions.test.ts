import {
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AccessKey, Account } from '../../../infra/local/s3-store/accounts.ts';
import { type Store, startStore } from '../../../infra/local/s3-store/store.ts';
import { refusal, sdkClient } from './sdk-client.ts';
import { askSts, sessionOf, stsRefusal } from './sts-request.ts';

const ONE = '111111111111';
const TWO = '222222222222';
const ANN: AccessKey = { accessKeyId: 'ann', secretAccessKey: 'ann-secret', arn: `arn:aws:iam::${ONE}:user/ann` };
const POOR: AccessKey = { accessKeyId: 'poor', secretAccessKey: 'poor-secret', arn: `arn:aws:iam::${ONE}:user/poor`, policies: [] };
const ROOT: AccessKey = { accessKeyId: 'root', secretAccessKey: 'root-secret' };
const BOB: AccessKey = { accessKeyId: 'bob', secretAccessKey: 'bob-secret', arn: `arn:aws:iam::${TWO}:user/bob` };

function roleOf(account: string, name: string): string {
  return `arn:aws:iam::${account}:role/${name}`;
}

function allow(Action: string | readonly string[], Resource: string | readonly string[], more: object = {}): object {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource, ...more }] };
}

function trust(AWS: string | readonly string[], Condition: object = {}): object {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS }, Condition }] };
}

const READ = allow(['s3:GetObject', 's3:ListBucket'], ['arn:aws:s3:::ones', 'arn:aws:s3:::ones/*']);
const ACCOUNTS: readonly Account[] = [
  {
    id: ONE,
    keys: [ANN, POOR, ROOT],
    roles: [
      { name: 'reader', trustPolicy: trust(ONE), policies: [READ] },
      { name: 'named', trustPolicy: trust([POOR.arn as string, `${roleOf(ONE, 'reader')}`]), policies: [allow('s3:*', '*')], maxSessionSeconds: 7200 },
      { name: 'guarded', trustPolicy: trust(TWO, { StringEquals: { 'sts:ExternalId': 'ours' } }), policies: [allow('s3:*', '*')] },
    ],
  },
  { id: TWO, keys: [BOB], roles: [{ name: 'data', trustPolicy: trust(TWO), policies: [allow('s3:*', '*'), allow('sts:AssumeRole', '*')] }] },
];

let clock = 0;
let store: Store;

beforeEach(async () => {
  clock = 0;
  const buckets = [
    { name: 'ones', ownerId: ONE },
    { name: 'twos', ownerId: TWO },
  ];
  store = await startStore({ accounts: ACCOUNTS, buckets, now: () => Date.now() + clock });
  await sdkClient(store, ANN).send(new PutObjectCommand({ Bucket: 'ones', Key: 'k', Body: 'x' }));
});

afterEach(() => store.close());

function assume(key: AccessKey, RoleArn: string, more: Record<string, string> = {}): Promise<string> {
  return stsRefusal(askSts(store.url, key, { Action: 'AssumeRole', RoleArn, RoleSessionName: 'run-7', ...more }));
}

async function clientAs(key: AccessKey, RoleArn: string, more: Record<string, string> = {}) {
  return sdkClient(store, await sessionOf(store.url, key, { RoleArn, ...more }));
}

const get = new GetObjectCommand({ Bucket: 'ones', Key: 'k' });
const put = new PutObjectCommand({ Bucket: 'ones', Key: 'new', Body: 'x' });

describe('a role', () => {
  test('is assumed by the vendor’s provider, and its session may what its policies allow', async () => {
    const masterCredentials = { accessKeyId: ANN.accessKeyId, secretAccessKey: ANN.secretAccessKey };
    const params = { RoleArn: roleOf(ONE, 'reader'), RoleSessionName: 'run-7' };
    const provide = fromTemporaryCredentials({ masterCredentials, params, clientConfig: { endpoint: store.url, region: 'us-east-1' } });
    const credentials = await provide();
    expect(Math.abs((credentials.expiration?.getTime() ?? 0) - Date.now() - 3_600_000)).toBeLessThan(60_000);
    const client = sdkClient(store, credentials);
    expect(await refusal(client.send(get))).toBe('accepted');
    expect(await refusal(client.send(new ListObjectsV2Command({ Bucket: 'ones' })))).toBe('accepted');
    expect(await refusal(client.send(put))).toBe('AccessDenied 403');
  });

  test('that trusts the account is for those whose policies allow it; one that trusts a user by name is for that user', async () => {
    expect([await assume(ANN, roleOf(ONE, 'reader')), await assume(POOR, roleOf(ONE, 'reader'))]).toEqual(['accepted', 'AccessDenied 403']);
    expect([await assume(ANN, roleOf(ONE, 'named')), await assume(POOR, roleOf(ONE, 'named'))]).toEqual(['AccessDenied 403', 'accepted']);
  });

  test('of another account wants the external id that it names', async () => {
    expect(await assume(BOB, roleOf(ONE, 'guarded'))).toBe('AccessDenied 403');
    expect(await assume(BOB, roleOf(ONE, 'guarded'), { ExternalId: 'theirs' })).toBe('AccessDenied 403');
    expect(await assume(BOB, roleOf(ONE, 'guarded'), { ExternalId: 'ours' })).toBe('accepted');
    expect(await assume(ANN, roleOf(ONE, 'guarded'), { ExternalId: 'ours' })).toBe('AccessDenied 403');
  });

  test('that is not there is refused as one that may not be assumed; a root may assume none', async () => {
    expect(await assume(ANN, roleOf(ONE, 'nothing'))).toBe('AccessDenied 403');
    expect(await assume(ROOT, roleOf(ONE, 'reader'))).toBe('AccessDenied 403');
  });

  test.each([
    [{ RoleSessionName: 'a/b' }],
    [{ RoleSessionName: 'x' }],
    [{ DurationSeconds: '899' }],
    [{ DurationSeconds: '3601' }],
    [{ DurationSeconds: 'long' }],
    [{ ExternalId: 'ü' }],
    [{ RoleArn: 'reader' }],
    [{ 'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
  ])('is refused what does not fit: %j', async (more) => {
    expect(await assume(ANN, roleOf(ONE, 'reader'), more)).toBe('ValidationError 400');
  });

  test('lasts as long as it may: longer where the role says so, an hour for a session of a session', async () => {
    expect(await assume(POOR, roleOf(ONE, 'named'), { DurationSeconds: '7200' })).toBe('accepted');
    store.context.accounts.addRole(ONE, { name: 'reader', trustPolicy: trust(ONE), policies: [READ, allow('sts:AssumeRole', '*')] });
    const chained = await sessionOf(store.url, ANN, { RoleArn: roleOf(ONE, 'reader') });
    expect(await assume(chained, roleOf(ONE, 'named'))).toBe('accepted');
    expect(await assume(chained, roleOf(ONE, 'named'), { DurationSeconds: '7200' })).toBe('ValidationError 400');
  });
});

describe('a session', () => {
  test('ends', async () => {
    const keys = await sessionOf(store.url, ANN, { RoleArn: roleOf(ONE, 'reader'), DurationSeconds: '900' });
    clock = 899_000 - 1000;
    const late = () => refusal(sdkClient(store, keys, { systemClockOffset: clock }).send(new GetObjectCommand({ Bucket: 'ones', Key: 'k' })));
    expect(await late()).toBe('accepted');
    clock = 901_000;
    expect(await late()).toBe('ExpiredToken 400');
  });

  test('is nothing without its token, with another token, or in a store of other secrets', async () => {
    const keys = await sessionOf(store.url, ANN, { RoleArn: roleOf(ONE, 'reader') });
    const other = await sessionOf(store.url, ANN, { RoleArn: roleOf(ONE, 'reader') });
    const { sessionToken: _, ...tokenless } = keys;
    expect(await refusal(sdkClient(store, tokenless).send(get))).toBe('InvalidAccessKeyId 403');
    expect(await refusal(sdkClient(store, { ...keys, sessionToken: other.sessionToken }).send(get))).toBe('InvalidToken 400');
    expect(await refusal(sdkClient(store, { ...keys, sessionToken: `${keys.sessionToken.slice(0, -1)}-` }).send(get))).toBe('InvalidToken 400');
  });

  test('is known to a store that was started again with the same accounts', async () => {
    const keys = await sessionOf(store.url, ANN, { RoleArn: roleOf(ONE, 'reader') });
    const again = await startStore({ accounts: ACCOUNTS, buckets: [{ name: 'ones', ownerId: ONE }] });
    expect(await refusal(sdkClient(again, keys).send(new ListObjectsV2Command({ Bucket: 'ones' })))).toBe('accepted');
    await again.close();
  });

  test('may no more than its own policy says', async () => {
    const Policy = JSON.stringify(allow('s3:GetObject', '*'));
    const client = await clientAs(ANN, roleOf(ONE, 'reader'), { Policy });
    expect([await refusal(client.send(get)), await refusal(client.send(new ListObjectsV2Command({ Bucket: 'ones' })))]).toEqual([
      'accepted',
      'AccessDenied 403',
    ]);
  });

  test('reaches another account only where both sides allow it', async () => {
    const client = await clientAs(BOB, roleOf(TWO, 'data'));
    expect(await refusal(client.send(get))).toBe('AccessDenied 403');
    const Policy = JSON.stringify(allow('s3:GetObject', 'arn:aws:s3:::ones/*', { Principal: { AWS: roleOf(TWO, 'data') } }));
    await sdkClient(store, ANN).send(new PutBucketPolicyCommand({ Bucket: 'ones', Policy }));
    expect(await refusal(client.send(get))).toBe('accepted');
    expect(await refusal(sdkClient(store, BOB).send(get))).toBe('AccessDenied 403');
    store.context.accounts.addRole(TWO, { name: 'data', trustPolicy: trust(TWO), policies: [allow('s3:List*', '*')] });
    expect(await refusal(client.send(get))).toBe('AccessDenied 403');
  });

  test('gets in its own account what the policy of the bucket gives its role by name, not what it gives the account', async () => {
    store.context.accounts.addRole(ONE, { name: 'reader', trustPolicy: trust(ONE) });
    const client = await clientAs(ANN, roleOf(ONE, 'reader'));
    const given = async (AWS: string) => {
      const Policy = JSON.stringify(allow('s3:GetObject', 'arn:aws:s3:::ones/*', { Principal: { AWS } }));
      await sdkClient(store, ANN).send(new PutBucketPolicyCommand({ Bucket: 'ones', Policy }));
      return refusal(client.send(get));
    };
    expect([await given(ONE), await given(roleOf(ONE, 'reader'))]).toEqual(['AccessDenied 403', 'accepted']);
  });

  test('is the initiator of its uploads', async () => {
    const client = await clientAs(POOR, roleOf(ONE, 'named'));
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: 'ones', Key: 'up' }));
    const arn = `arn:aws:sts::${ONE}:assumed-role/named/run-7`;
    const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket: 'ones' }));
    expect(Uploads?.map(({ Initiator }) => Initiator)).toEqual([{ ID: arn, DisplayName: 'run-7' }]);
    const { Initiator, Owner } = await client.send(new ListPartsCommand({ Bucket: 'ones', Key: 'up', UploadId }));
    expect([Initiator?.ID, Owner?.DisplayName, Uploads?.[0]?.Owner?.ID]).toEqual([arn, ONE, Owner?.ID]);
  });
});

describe('GetCallerIdentity', () => {
  const who = async (key: Parameters<typeof askSts>[1]) => {
    const { element } = await askSts(store.url, key, { Action: 'GetCallerIdentity' });
    return [element('Account'), element('Arn'), element('UserId')];
  };

  test('names root, user and session', async () => {
    expect(await who(ROOT)).toEqual([ONE, `arn:aws:iam::${ONE}:root`, ONE]);
    expect(await who(ANN)).toEqual([ONE, ANN.arn, expect.stringMatching(/^AIDA[A-Z2-7]{17}$/)]);
    const session = await sessionOf(store.url, BOB, { RoleArn: roleOf(TWO, 'data') });
    expect(await who(session)).toEqual([TWO, `arn:aws:sts::${TWO}:assumed-role/data/run-7`, expect.stringMatching(/^AROA[A-Z2-7]{17}:run-7$/)]);
  });

  test('is refused to those who are not known, or sign wrongly', async () => {
    const ask = (key: Parameters<typeof askSts>[1], service?: string) => stsRefusal(askSts(store.url, key, { Action: 'GetCallerIdentity' }, service));
    expect(await ask(null)).toBe('MissingAuthenticationToken 403');
    expect(await ask({ ...ANN, accessKeyId: 'nobody' })).toBe('InvalidClientTokenId 403');
    expect(await ask({ ...ANN, secretAccessKey: 'wrong' })).toBe('SignatureDoesNotMatch 403');
    expect(await ask(ANN, 's3')).toBe('IncompleteSignature 400');
    const session = await sessionOf(store.url, ANN, { RoleArn: roleOf(ONE, 'reader') });
    expect(await ask({ ...session, sessionToken: 'other' })).toBe('InvalidClientTokenId 403');
  });

  test('is one of two actions', async () => {
    expect(await stsRefusal(askSts(store.url, ANN, { Action: 'GetFederationToken' }))).toBe('InvalidAction 400');
    expect(await stsRefusal(askSts(store.url, ANN, { Action: 'GetCallerIdentity', Version: '2010-01-01' }))).toBe('InvalidAction 400');
    expect(await stsRefusal(askSts(store.url, ANN, {}))).toBe('MissingAction 400');
    expect(store.accessLog.counts().byError).toEqual({ InvalidAction: 2, MissingAction: 1 });
  });
});
