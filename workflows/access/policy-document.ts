/** Policies as AWS reads them. */
import type { AccessNeed, Conditions } from './access-need.ts';

/** One statement. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  /** Who; in policies of resources alone. */
  readonly Principal?: { readonly AWS: readonly string[] };
  readonly Action: readonly string[];
  /** Not in trust policies. */
  readonly Resource?: readonly string[] | string;
  readonly Condition?: Conditions;
}

/** A policy. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

/** A policy of these statements. */
export function policyOf(statements: readonly PolicyStatement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}

/** What an identity is allowed. */
export function identityStatement({ sid, actions, resources, conditions }: AccessNeed): PolicyStatement {
  return { Sid: sid, Effect: 'Allow', Action: actions, Resource: resources, ...conditionOf(conditions) };
}

/** What a bucket allows others. @param principals - their ARNs */
export function bucketStatement({ sid, actions, resources, conditions }: AccessNeed, principals: readonly string[]): PolicyStatement {
  return { Sid: sid, Effect: 'Allow', Principal: { AWS: principals }, Action: actions, Resource: resources, ...conditionOf(conditions) };
}

/** What a key allows: its policy is about itself alone, so that its resource is everything. */
export function keyStatement(one: AccessNeed, principals: readonly string[]): PolicyStatement {
  return { ...bucketStatement(one, principals), Resource: '*' };
}

/** Whom a role trusts. */
export function trustStatement({ sid, conditions }: AccessNeed, principals: readonly string[]): PolicyStatement {
  return { Sid: sid, Effect: 'Allow', Principal: { AWS: principals }, Action: ['sts:AssumeRole'], ...conditionOf(conditions) };
}

function conditionOf(conditions: Conditions): { readonly Condition?: Conditions } {
  return Object.keys(conditions).length === 0 ? {} : { Condition: conditions };
}
