import { describe, expect, test } from 'vitest';
import { permits } from '../../../../infra/local/s3-store/access/permits.ts';
import { type Policy, parseIdentityPolicy, parseKeyPolicy, parseTrustPolicy } from '../../../../infra/local/s3-store/access/policy.ts';
import type { Caller } from '../../../../infra/local/s3-store/accounts.ts';

const ONE = '111111111111';
const TWO = '222222222222';
const ARN = `arn:aws:sts::${ONE}:assumed-role/copier/run-7`;
const ROLE = `arn:aws:iam::${ONE}:role/copier`;

const YES = parseIdentityPolicy('{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}');
const NO = parseIdentityPolicy('{"Statement":{"Effect":"Deny","Action":"s3:GetObject","Resource":"*"}}');
const OTHER = parseIdentityPolicy('{"Statement":{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}}');

const IDENTITIES = { allows: [YES], denies: [YES, NO], 'says nothing': [OTHER] } as const;

function resource(statement: object | null): Policy | null {
  return statement === null ? null : parseKeyPolicy(JSON.stringify({ Statement: { Action: '*', Resource: '*', ...statement } }));
}

const RESOURCES = {
  nothing: null,
  'the role': { Effect: 'Allow', Principal: { AWS: ROLE } },
  'the session': { Effect: 'Allow', Principal: { AWS: ARN } },
  'the account': { Effect: 'Allow', Principal: { AWS: ONE } },
  everybody: { Effect: 'Allow', Principal: '*' },
  'a denial': { Effect: 'Deny', Principal: '*' },
} as const;

/** Whether it is permitted by a resource of the own account, by a closed one of it, and by one of another account. */
function outcomes(identity: keyof typeof IDENTITIES, given: keyof typeof RESOURCES, more: Partial<Caller> = {}): readonly boolean[] {
  const caller: Caller = { accountId: ONE, arn: ARN, policies: IDENTITIES[identity], ...more };
  const question = { caller, action: 's3:GetObject', resource: 'arn:aws:s3:::b/k', conditionValue: () => undefined };
  const policy = resource(RESOURCES[given]);
  return [
    permits({ policy, ownerId: ONE, isClosed: false }, question),
    permits({ policy, ownerId: ONE, isClosed: true }, question),
    permits({ policy, ownerId: TWO, isClosed: false }, question),
  ];
}

describe('of an identity and a resource in its account, a closed one there, and one elsewhere', () => {
  test.each([
    ['allows', 'nothing', [true, false, false]],
    ['allows', 'the role', [true, true, true]],
    ['allows', 'the account', [true, true, true]],
    ['allows', 'a denial', [false, false, false]],
    ['says nothing', 'nothing', [false, false, false]],
    ['says nothing', 'the role', [true, true, false]],
    ['says nothing', 'the session', [true, true, false]],
    ['says nothing', 'everybody', [true, true, false]],
    ['says nothing', 'the account', [false, false, false]],
    ['denies', 'the role', [false, false, false]],
    ['denies', 'everybody', [false, false, false]],
  ] as const)('one that %s meets one that names %s: %j', (identity, given, expected) => {
    expect(outcomes(identity, given)).toEqual(expected);
  });

  test('a session policy only takes away', () => {
    expect(outcomes('allows', 'the role', { sessionPolicy: OTHER })).toEqual([false, false, false]);
    expect(outcomes('allows', 'the role', { sessionPolicy: YES })).toEqual([true, true, true]);
    expect(outcomes('says nothing', 'nothing', { sessionPolicy: YES })).toEqual([false, false, false]);
  });

  test('an unsigned request has what everybody has', () => {
    const anonymous: Caller = { accountId: null, arn: null };
    const question = { caller: anonymous, action: 's3:GetObject', resource: 'arn:aws:s3:::b/k', conditionValue: () => undefined };
    const ask = (given: keyof typeof RESOURCES) => permits({ policy: resource(RESOURCES[given]), ownerId: ONE, isClosed: false }, question);
    expect([ask('everybody'), ask('the account'), ask('nothing')]).toEqual([true, false, false]);
  });
});

describe('a policy', () => {
  test.each([
    ['of an identity', parseIdentityPolicy, { Principal: '*', Action: '*', Resource: '*' }, 'prohibited field Principal'],
    ['of an identity', parseIdentityPolicy, { Action: '*' }, 'either Resource or NotResource'],
    ['of a role', parseTrustPolicy, { Principal: '*', Action: '*', Resource: '*' }, 'prohibited field Resource'],
    ['of a role', parseTrustPolicy, { Action: '*' }, 'either Principal or NotPrincipal'],
    ['of a key', parseKeyPolicy, { Principal: '*', Action: '*' }, 'either Resource or NotResource'],
  ])('%s holds what such policies hold: %#', (_, parse, statement, message) => {
    expect(() => parse(JSON.stringify({ Statement: { Effect: 'Allow', ...statement } }))).toThrow(message);
  });
});
