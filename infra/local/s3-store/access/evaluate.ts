/** What one policy says to one action: an explicit Deny beats every Allow. */
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

/** How a policy names a caller: itself (or everybody), or only the account that it belongs to. */
type Naming = 'caller' | 'account' | null;

function naming(principals: Principals, { accountId, arn }: Caller): Naming {
  if (principals === '*') return 'caller';
  if (accountId === null || arn === null) return null;
  if (principals.includes(arn) || principals.includes(roleArn(arn) ?? arn)) return 'caller';
  const root = `arn:aws:iam::${accountId}:root`;
  if (!principals.includes(accountId) && !principals.includes(root)) return null;
  return arn === root ? 'caller' : 'account';
}

function applies(statement: Statement, { action, resource, conditionValue }: Question): boolean {
  const { actions, resources, conditions } = statement;
  return (
    actions.patterns.some((pattern) => fitsWildcard(pattern.toLowerCase(), action.toLowerCase())) !== actions.negated &&
    resources.patterns.some((pattern) => fitsWildcard(pattern, resource)) !== resources.negated &&
    conditions.every((condition) => holds(condition, conditionValue))
  );
}

function namingOf({ principals }: Statement, caller: Caller): Naming {
  const how = naming(principals.names, caller);
  if (!principals.negated) return how;
  return how === null ? 'caller' : null;
}

/** `Delegate`: the policy leaves it to the caller's account, which it names without naming the caller. */
export type Verdict = 'Allow' | 'Deny' | 'Delegate' | null;

/** What a policy says; null when no statement applies. */
export function verdict(policy: Policy | null, question: Question): Verdict {
  let found: Verdict = null;
  for (const statement of policy?.statements ?? []) {
    const how = namingOf(statement, question.caller);
    if (how === null || !applies(statement, question)) continue;
    if (statement.effect === 'Deny') return 'Deny';
    if (found !== 'Allow') found = how === 'caller' ? 'Allow' : 'Delegate';
  }
  return found;
}

/** The policy's word on a caller from elsewhere, for whom it makes no difference how it is named. */
export function evaluatePolicy(policy: Policy | null, question: Question): Statement['effect'] | null {
  const found = verdict(policy, question);
  return found === 'Delegate' ? 'Allow' : found;
}
