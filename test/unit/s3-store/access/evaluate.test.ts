import { describe, expect, test } from 'vitest';
import { evaluatePolicy, type Question, roleArn } from '../../../../infra/local/s3-store/access/evaluate.ts';
import { parsePolicy } from '../../../../infra/local/s3-store/access/policy.ts';

const ANN = { accountId: '111111111111', arn: 'arn:aws:iam::111111111111:user/ann' };
const SESSION = { accountId: '111111111111', arn: 'arn:aws:sts::111111111111:assumed-role/data/copier/run-7' };
const NOBODY = { accountId: null, arn: null };

function verdict(statement: object | readonly object[], question: Partial<Question> = {}): string | null {
  const policy = parsePolicy('b', JSON.stringify({ Version: '2012-10-17', Statement: statement }));
  return evaluatePolicy(policy, { caller: ANN, action: 's3:GetObject', resource: 'arn:aws:s3:::b/k/x', conditionValue: () => undefined, ...question });
}

const ALLOW = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' };

describe('policies', () => {
  test.each([
    ['everybody', '*', ANN, 'Allow'],
    ['everybody, in the long form', { AWS: '*' }, NOBODY, 'Allow'],
    ['the account by number', { AWS: '111111111111' }, ANN, 'Allow'],
    ['the account by its root', { AWS: 'arn:aws:iam::111111111111:root' }, SESSION, 'Allow'],
    ['the user', { AWS: ['arn:aws:iam::999999999999:root', ANN.arn] }, ANN, 'Allow'],
    ['another user', { AWS: 'arn:aws:iam::111111111111:user/bob' }, ANN, null],
    ['the role of a session', { AWS: 'arn:aws:iam::111111111111:role/data/copier' }, SESSION, 'Allow'],
    ['the session', { AWS: SESSION.arn }, SESSION, 'Allow'],
    ['an account, to an unsigned request', { AWS: '111111111111' }, NOBODY, null],
  ] as const)('%s as the principal', (_, Principal, caller, expected) => {
    expect(verdict({ ...ALLOW, Principal }, { caller })).toBe(expected);
  });

  test.each([
    ['s3:*', 's3:PutObject', 'Allow'],
    ['S3:GETOBJECT', 's3:GetObject', 'Allow'],
    ['s3:Get*', 's3:GetObjectTagging', 'Allow'],
    ['s3:GetObject', 's3:GetObjectTagging', null],
    ['s3:GetObjec?', 's3:GetObject', 'Allow'],
  ])('action %s covers %s: %s', (Action, action, expected) => {
    expect(verdict({ ...ALLOW, Action }, { action })).toBe(expected);
  });

  test.each([
    ['arn:aws:s3:::b/k/*', 'Allow'],
    ['arn:aws:s3:::b/?/x', 'Allow'],
    ['arn:aws:s3:::b', null],
    ['arn:aws:s3:::b/K/*', null],
    ['arn:aws:s3:::b/k/x.y', null],
  ])('resource %s: %s', (Resource, expected) => {
    expect(verdict({ ...ALLOW, Resource })).toBe(expected);
  });

  test('a denial beats every permission', () => {
    expect(verdict([ALLOW, { ...ALLOW, Effect: 'Deny', Resource: 'arn:aws:s3:::b/k/*' }])).toBe('Deny');
    expect(verdict([ALLOW, { ...ALLOW, Effect: 'Deny', Resource: 'arn:aws:s3:::b/other/*' }])).toBe('Allow');
  });

  test('what is excepted is covered by everything but it', () => {
    const { Action: _, ...rest } = ALLOW;
    expect(verdict({ ...rest, NotAction: 's3:GetObject' })).toBeNull();
    expect(verdict({ ...rest, NotAction: 's3:PutObject' })).toBe('Allow');
  });

  test.each([
    [{ StringEquals: { 's3:x': ['a', 'b'] } }, 'b', 'Allow'],
    [{ StringEquals: { 's3:x': 'a' } }, 'c', null],
    [{ StringEquals: { 's3:x': 'a' } }, undefined, null],
    [{ StringEqualsIfExists: { 's3:x': 'a' } }, undefined, 'Allow'],
    [{ StringNotEquals: { 's3:x': ['a', 'b'] } }, 'b', null],
    [{ StringNotEquals: { 's3:x': 'a' } }, undefined, 'Allow'],
    [{ StringLike: { 's3:x': 'home/*' } }, 'home/ann', 'Allow'],
    [{ StringNotLike: { 's3:x': 'home/*' } }, 'home/ann', null],
    [{ ArnLike: { 's3:x': 'arn:aws:iam::*:role/c*' } }, 'arn:aws:iam::1:role/copier', 'Allow'],
    [{ NumericLessThanEquals: { 's3:x': 10 } }, '10', 'Allow'],
    [{ NumericGreaterThan: { 's3:x': 10 } }, '10', null],
    [{ Bool: { 's3:x': false } }, 'false', 'Allow'],
    [{ Null: { 's3:x': true } }, undefined, 'Allow'],
    [{ Null: { 's3:x': 'true' } }, 'a', null],
    [{ StringEquals: { 's3:x': 'a' }, Null: { 's3:x': 'true' } }, 'a', null],
  ] as const)('condition %j with %s: %s', (Condition, value, expected) => {
    expect(verdict({ ...ALLOW, Condition }, { conditionValue: (key) => (key === 's3:x' ? value : undefined) })).toBe(expected);
  });

  test.each([
    ['no JSON', '{'],
    ['no statement', '{}'],
    ['an unknown effect', { ...ALLOW, Effect: 'Maybe' }],
    ['another bucket', { ...ALLOW, Resource: 'arn:aws:s3:::bb/*' }],
    ['a condition operator that the store does not know', { ...ALLOW, Condition: { DateLessThan: { 'aws:CurrentTime': 'x' } } }],
    ['neither action nor its opposite', { Effect: 'Allow', Principal: '*', Resource: 'arn:aws:s3:::b' }],
    ['a principal that is no object', { ...ALLOW, Principal: 'ann' }],
  ])('%s is malformed', (_, given) => {
    const text = typeof given === 'string' ? given : JSON.stringify({ Statement: [given] });
    expect(() => parsePolicy('b', text)).toThrow(expect.objectContaining({ code: 'MalformedPolicy' }));
  });

  test('the role of a session keeps its path', () => {
    expect(roleArn(SESSION.arn)).toBe('arn:aws:iam::111111111111:role/data/copier');
    expect(roleArn(ANN.arn)).toBeNull();
  });
});
