/**
 * Every resource of a policy that holds a `*` has its reason here, by the action that needs it; one without a reason is an error of the synthesis.
 * The reasons reach the report of cdk-nag as acknowledgements (rule AwsSolutions-IAM5, one finding a resource).
 */
import { Annotations, Aspects, Stack, Validations } from 'aws-cdk-lib';
import { CfnPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { findingOf } from './finding.ts';
import { WILDCARD_REASONS } from './wildcard-reasons.ts';

interface Statement {
  readonly Action?: string | readonly string[];
  readonly Resource?: unknown;
}

/** Explains every wildcard below a construct, and refuses what it cannot. */
export function explainWildcards(scope: IConstruct): void {
  Aspects.of(scope).add({ visit: explain });
}

function explain(node: IConstruct): void {
  if (!(node instanceof CfnPolicy || node instanceof CfnRole)) return;
  for (const { Action, Resource } of statementsOf(node)) {
    for (const resource of listOf(Resource)) {
      const finding = findingOf(resource);
      if (finding.includes('*')) acknowledge(node, finding, listOf(Action).map(String));
    }
  }
}

/** Statements of a policy, or of the policies that stand within a role. */
function statementsOf(node: CfnPolicy | CfnRole): readonly Statement[] {
  const resolved: unknown = Stack.of(node).resolve(node instanceof CfnPolicy ? [node.policyDocument] : documentsOf(node));
  return (resolved as readonly { readonly Statement?: readonly Statement[] }[]).flatMap((document) => document.Statement ?? []);
}

function documentsOf(role: CfnRole): readonly unknown[] {
  const policies = Stack.of(role).resolve(role.policies ?? []) as readonly { readonly policyDocument: unknown }[];
  return policies.map(({ policyDocument }) => policyDocument);
}

function acknowledge(node: IConstruct, finding: string, actions: readonly string[]): void {
  const unexplained = actions.filter((action) => reasonOf(action, finding) === undefined);
  if (unexplained.length > 0) Annotations.of(node).addError(`nobody wrote down why ${unexplained.join(', ')} may be done to ${finding}`);
  const reasons = new Set(actions.flatMap((action) => reasonOf(action, finding) ?? []));
  Validations.of(node).acknowledge({ id: `AwsSolutions-IAM5[Resource::${finding}]`, reason: [...reasons].join(' ') });
}

/** The reason of an action; for what names at least a part of the resource, that of its whole service will do. */
function reasonOf(action: string, finding: string): string | undefined {
  return WILDCARD_REASONS[action] ?? (finding === '*' ? undefined : WILDCARD_REASONS[action.slice(0, action.indexOf(':'))]);
}

function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value as T];
}
