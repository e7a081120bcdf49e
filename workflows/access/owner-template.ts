/**
 * What the owner of a side has to do, as a template of CloudFormation: the role that trusts our data role alone, and the bucket's policy where
 * the owner says that the bucket has no other one (a template would replace it). Statements that no template can add, to a policy that is there
 * and to keys, are its outputs, to be added by hand.
 */
import type { SideDocuments, SideRole } from './access-documents.ts';
import type { SideName } from './access-need.ts';
import type { PolicyDocument } from './policy-document.ts';

/** A template. */
export interface OwnerTemplate {
  readonly AWSTemplateFormatVersion: '2010-09-09';
  readonly Description: string;
  readonly Parameters?: Readonly<Record<string, object>>;
  readonly Conditions?: Readonly<Record<string, object>>;
  readonly Resources: Readonly<Record<string, object>>;
  readonly Outputs: Readonly<Record<string, object>>;
}

/** The template of a side; null where its owner has nothing to make, because the statements for the data role are enough. */
export function ownerTemplate(side: SideName, bucket: string, documents: SideDocuments): OwnerTemplate | null {
  const { role, bucketPolicy, keyPolicies } = documents;
  if (role === null && bucketPolicy === null && Object.keys(keyPolicies).length === 0) return null;
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `Lets Carillon ${side === 'source' ? 'read' : 'write'} the bucket ${bucket}`,
    ...(bucketPolicy !== null && POLICY_CHOICE),
    Resources: { ...roleResource(role), ...policyResource(bucket, bucketPolicy), ...NOTHING_ELSE },
    Outputs: { ...roleOutput(role), ...statementsOutput('BucketPolicy', `Statements for the policy of ${bucket}`, bucketPolicy), ...keyOutputs(keyPolicies) },
  };
}

const POLICY_CHOICE = {
  Parameters: {
    BucketHasOtherPolicy: {
      Type: 'String',
      AllowedValues: ['yes', 'no'],
      Default: 'yes',
      Description: 'no: the template makes the policy of the bucket, in place of any other. yes: add the statements of the output BucketPolicy by hand.',
    },
  },
  Conditions: { MakesPolicy: { 'Fn::Equals': [{ Ref: 'BucketHasOtherPolicy' }, 'no'] } },
} as const;

/** A template needs a resource, whatever its conditions say. */
const NOTHING_ELSE = { Nothing: { Type: 'AWS::CloudFormation::WaitConditionHandle' } } as const;

function roleResource(role: SideRole | null): Readonly<Record<string, object>> {
  if (role === null) return {};
  const path = role.arn.slice(role.arn.indexOf(':role/') + ':role/'.length).split('/');
  const folder = path.slice(0, -1).join('/');
  return {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: path.at(-1),
        ...(folder !== '' && { Path: `/${folder}/` }),
        Description: 'Carillon copies as this role; its sessions bear the ids of runs',
        MaxSessionDuration: 3600,
        AssumeRolePolicyDocument: role.trust,
        Policies: [{ PolicyName: 'carillon', PolicyDocument: role.policy }],
      },
    },
  };
}

function policyResource(bucket: string, policy: PolicyDocument | null): Readonly<Record<string, object>> {
  if (policy === null) return {};
  return { BucketPolicy: { Type: 'AWS::S3::BucketPolicy', Condition: 'MakesPolicy', Properties: { Bucket: bucket, PolicyDocument: policy } } };
}

function roleOutput(role: SideRole | null): Readonly<Record<string, object>> {
  return role === null ? {} : { RoleArn: { Description: 'The role that the request names', Value: { 'Fn::GetAtt': ['Role', 'Arn'] } } };
}

function keyOutputs(policies: SideDocuments['keyPolicies']): Readonly<Record<string, object>> {
  const outputs = Object.entries(policies).map(([key, policy], at) =>
    statementsOutput(`KeyPolicy${at + 1}`, `Statements for the policy of the key ${key}`, policy),
  );
  return Object.assign({}, ...outputs);
}

function statementsOutput(name: string, description: string, policy: PolicyDocument | null): Readonly<Record<string, object>> {
  return policy === null ? {} : { [name]: { Description: description, Value: JSON.stringify(policy.Statement) } };
}
