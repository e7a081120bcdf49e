/** What a bucket policy says to one action: an explicit Deny beats every Allow. */
import type { Caller } from '../accounts.ts';
import { type ConditionValues, holds } from './conditions.ts';
import type { Policy, Principals, Statement } from './policy.ts';
import { fitsWildcard } from './wildcard.ts';

/** One thing that a caller wants to do. */
export interface Question {
  readonly caller: Caller;
  /** Such as `s3:GetObject`. */
  readonly action: string;
  /** `arn:aws:s3:::bucket` or `arn:aws:s3:::bucket/key`, bytes. */
  readonly resource: string;
  readonly conditionValue: ConditionValues;
}

const SESSION = /^arn:(aws[\w-]*):sts::(\d{12}):assumed-role\/(.+)\/[^/]+$/;

/** The role behind a session, the ARN that policies usually name; null for other callers. */
export function roleArn(arn: string): string | null {
  const [, partition, account, role] = SESSION.exec(arn) ?? [];
  return role === undefined ? null : `arn:${partition}:iam::${account}:role/${role}`;
}

function names(principals: Principals, { accountId, arn }: Caller): boolean {
  if (principals === '*') return true;
  if (accountId === null || arn === null) return false;
  const whole = [accountId, `arn:aws:iam::${accountId}:root`, arn, roleArn(arn)];
  return principals.some((name) => whole.includes(name));
}

function applies(statement: Statement, { caller, action, resource, conditionValue }: Question): boolean {
  const { principals, actions, resources, conditions } = statement;
  return (
    names(principals.names, caller) !== principals.negated &&
    actions.patterns.some((pattern) => fitsWildcard(pattern.toLowerCase(), action.toLowerCase())) !== actions.negated &&
    resources.patterns.some((pattern) => fitsWildcard(pattern, resource)) !== resources.negated &&
    conditions.every((condition) => holds(condition, conditionValue))
  );
}

/** The policy's word: null when no statement applies. */
export function evaluatePolicy(policy: Policy | null, question: Question): Statement['effect'] | null {
  const effects = (policy?.statements ?? []).filter((statement) => applies(statement, question)).map((statement) => statement.effect);
  return effects.includes('Deny') ? 'Deny' : (effects[0] ?? null);
}
