/** As whom EMR makes and ends clusters. */
import { Aws, Stack, Validations } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { allow } from '../rights/allow.ts';
import type { WorkflowBase } from '../workflow-base.ts';

/** Reading and writing under a key, for disks: without patterns, in which `kms:ReEncrypt*` would stand otherwise. */
const DISK_ACTIONS = ['Encrypt', 'Decrypt', 'ReEncryptFrom', 'ReEncryptTo', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext', 'DescribeKey'];

/** What disks under a key need: of the service role, and of the nodes. Grants only for a service of AWS, which attaches the disk. */
export function diskRights(keyArn: string) {
  return [allow('kms', DISK_ACTIONS, [keyArn]), allow('kms', ['CreateGrant'], [keyArn], { Bool: { 'kms:GrantIsForAWSResource': 'true' } })];
}

/** The service role: the managed policy reaches only what carries its tag, and passes on only roles of default names, so ours is named. */
export function serviceRole({ scope, name, key }: WorkflowBase, instanceRoleArn: string): Role {
  const passRole = allow('iam', ['PassRole'], [instanceRoleArn], { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } });
  const role = new Role(scope, 'ServiceRole', {
    roleName: `${name}-service-${Aws.REGION}`,
    description: 'EMR makes and ends the clusters of Carillon as this role',
    assumedBy: new ServicePrincipal('elasticmapreduce.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
        ArnLike: { 'aws:SourceArn': Stack.of(scope).formatArn({ service: 'elasticmapreduce', resource: '*' }) },
      },
    }),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonEMRServicePolicy_v2')],
    inlinePolicies: { own: new PolicyDocument({ statements: [passRole, ...diskRights(key.keyArn)] }) },
  });
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonEMRServicePolicy_v2]',
    reason: 'EMR demands it or a copy of it that would go stale; it reaches only what carries the tag for-use-with-amazon-emr-managed-policies.',
  });
  return role;
}
