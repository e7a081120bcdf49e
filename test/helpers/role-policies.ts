/** What the roles of a synthesised stack may do, evaluated as IAM does: an explicit Deny beats every Allow, and what nobody allows is denied. */
import type { ConditionValues } from '../../infra/local/s3-store/access/conditions.ts';
import { evaluatePolicy } from '../../infra/local/s3-store/access/evaluate.ts';
import { parseIdentityPolicy } from '../../infra/local/s3-store/access/policy.ts';
import { memberAt, type Resource, type StackTemplate } from './workflow-stack.ts';

/** Where the tests deploy. */
export const PLACE = { partition: 'aws', account: '111122223333', region: 'eu-central-1' } as const;

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Partition': PLACE.partition,
  'AWS::AccountId': PLACE.account,
  'AWS::Region': PLACE.region,
  'AWS::URLSuffix': 'amazonaws.com',
};

/** A call: the action, what it is done to, and what IAM knows of the request. */
export interface Call {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

/** The roles of a stack by logical id, or by the beginning of it. */
export interface StackRoles {
  /** Whether a role may. @param role - beginning of its logical id */
  may(role: string, call: Call): boolean;
  /** The policy of a role, one document, references resolved. */
  policyOf(role: string): { readonly Version: string; readonly Statement: readonly object[] };
  /** A reference resolved, such as the ARN of a resource. */
  resolve(value: unknown): unknown;
  readonly ids: readonly string[];
}

/** A document as a template has it, references not resolved. */
export interface PolicyDocument {
  readonly Statement: readonly { readonly Action: string | readonly string[]; readonly Resource?: unknown }[];
}

/** The documents of a policy, or of the policies that stand within a role. */
export function policyDocuments({ Type, Properties }: Resource): readonly PolicyDocument[] {
  if (Type === 'AWS::IAM::Policy') return [Properties.PolicyDocument as PolicyDocument];
  return ((Properties.Policies ?? []) as readonly { readonly PolicyDocument: PolicyDocument }[]).map((policy) => policy.PolicyDocument);
}

/** Reads them. */
export function stackRoles(template: StackTemplate): StackRoles {
  const { Resources } = template;
  const resolve = (value: unknown): unknown => resolved(value, Resources);
  const ids = Object.keys(Resources).filter((id) => Resources[id]?.Type === 'AWS::IAM::Role');
  const idOf = (role: string): string => {
    const found = ids.filter((id) => id.startsWith(role));
    if (found.length !== 1) throw new Error(`${found.length} roles begin with ${role}: ${found.join(' ')}`);
    return String(found[0]);
  };
  const policyOf = (role: string) => {
    const id = idOf(role);
    const attached = Object.values(Resources).filter(
      ({ Type, Properties }) => Type === 'AWS::IAM::Policy' && (Properties.Roles as readonly unknown[]).some((one) => memberAt(one, 'Ref') === id),
    );
    const documents = [Resources[id], ...attached].flatMap((one) => (one === undefined ? [] : policyDocuments(one)));
    return { Version: '2012-10-17', Statement: documents.flatMap(({ Statement }) => resolve(Statement) as object[]) };
  };
  return {
    ids,
    resolve,
    policyOf,
    may: (role, { action, resource, context = {} }) => {
      const conditionValue: ConditionValues = (key) => context[key];
      const caller = { accountId: PLACE.account, arn: `arn:aws:iam::${PLACE.account}:role/x` };
      return evaluatePolicy(parseIdentityPolicy(JSON.stringify(policyOf(role))), { caller, action, resource, conditionValue }) === 'Allow';
    },
  };
}

function resolved(value: unknown, resources: StackTemplate['Resources']): unknown {
  if (Array.isArray(value)) return value.map((one) => resolved(one, resources));
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0) {
    if (name === 'Ref') return PSEUDO[String(argument)] ?? referenceOf(String(argument), resources);
    if (name === 'Fn::GetAtt') return attributeOf(argument as [string, string], resources);
    if (name === 'Fn::Join') return (resolved((argument as [string, unknown[]])[1], resources) as unknown[]).map(String).join((argument as [string])[0]);
    if (name === 'Fn::Sub') return String(argument).replaceAll(/\$\{([^}]+)\}/g, (_, reference: string) => PSEUDO[reference] ?? reference);
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, resolved(one, resources)]));
}

/** Resources whose reference is their ARN. */
const BY_ARN = ['AWS::StepFunctions::StateMachine', 'AWS::SNS::Topic'];

function referenceOf(id: string, resources: StackTemplate['Resources']): string {
  const resource = resources[id];
  return resource !== undefined && BY_ARN.includes(resource.Type) ? arnOf(id, resource, resources) : nameOf(id, resource, resources);
}

function nameOf(id: string, resource: Resource | undefined, resources: StackTemplate['Resources']): string {
  const { RoleName, FunctionName, StateMachineName, TopicName, LogGroupName } = resource?.Properties ?? {};
  return String(resolved(RoleName ?? FunctionName ?? StateMachineName ?? TopicName ?? LogGroupName ?? id.toLowerCase(), resources));
}

function attributeOf([id, attribute]: readonly [string, string], resources: StackTemplate['Resources']): string {
  const resource = resources[id];
  return attribute === 'Arn' && resource !== undefined ? arnOf(id, resource, resources) : `${id}.${attribute}`;
}

function arnOf(id: string, resource: Resource, resources: StackTemplate['Resources']): string {
  const name = nameOf(id, resource, resources);
  const { account, region } = PLACE;
  const forms: Readonly<Record<string, string>> = {
    'AWS::S3::Bucket': `arn:aws:s3:::${name}`,
    'AWS::IAM::Role': `arn:aws:iam::${account}:role/${name}`,
    'AWS::Lambda::Function': `arn:aws:lambda:${region}:${account}:function:${name}`,
    'AWS::StepFunctions::StateMachine': `arn:aws:states:${region}:${account}:stateMachine:${name}`,
    'AWS::SNS::Topic': `arn:aws:sns:${region}:${account}:${name}`,
    'AWS::SQS::Queue': `arn:aws:sqs:${region}:${account}:${name}`,
    'AWS::KMS::Key': `arn:aws:kms:${region}:${account}:key/${name}`,
    'AWS::Logs::LogGroup': `arn:aws:logs:${region}:${account}:log-group:${name}:*`,
  };
  const arn = forms[resource.Type];
  if (arn === undefined) throw new Error(`no ARN is known of ${resource.Type}`);
  return arn;
}
