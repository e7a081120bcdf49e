/** What the machine of a run may do beside what its Tasks say: what only the stack knows. */
import { Aws, Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { allow, bucketsOf, useKey } from '../rights/allow.ts';
import type { WorkflowBase } from '../workflow-base.ts';

/** Roles that a cluster gets. */
export interface ClusterRoles {
  readonly serviceRoleArn: string;
  readonly instanceRoleArn: string;
}

/** To make clusters: to hand over exactly two roles, to set when they end and how they grow; and EMR's own role where the account never had a cluster. */
export function clusterRights({ scope }: WorkflowBase, { serviceRoleArn, instanceRoleArn }: ClusterRoles): readonly PolicyStatement[] {
  const passTo = (service: string) => ({ StringEquals: { 'iam:PassedToService': service } });
  const clusters = Stack.of(scope).formatArn({ service: 'elasticmapreduce', resource: 'cluster', resourceName: '*' });
  const ownRole = `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/aws-service-role/elasticmapreduce.amazonaws.com/AWSServiceRoleForEMRCleanup*`;
  return [
    allow('iam', ['PassRole'], [serviceRoleArn], passTo('elasticmapreduce.amazonaws.com')),
    allow('iam', ['PassRole'], [instanceRoleArn], passTo('ec2.amazonaws.com')),
    allow('elasticmapreduce', ['PutAutoTerminationPolicy', 'PutManagedScalingPolicy'], [clusters]),
    allow('iam', ['CreateServiceLinkedRole'], [ownRole], { StringEquals: { 'iam:AWSServiceName': 'elasticmapreduce.amazonaws.com' } }),
  ];
}

/** What Athena does in the name of the machine: reads listings and writes rows in the directories of runs, and its own results. */
export function athenaStorageRights({ bucket, key }: WorkflowBase, runPlaces: readonly string[]): readonly PolicyStatement[] {
  return [
    allow('s3', ['GetBucketLocation', 'ListBucket', 'ListBucketMultipartUploads'], [bucket.bucketArn, ...bucketsOf(runPlaces)]),
    allow(
      's3',
      ['GetObject', 'PutObject', 'AbortMultipartUpload', 'ListMultipartUploadParts'],
      [bucket.arnForObjects('runs/*'), bucket.arnForObjects('athena/*'), ...runPlaces],
    ),
    useKey(key.keyArn),
  ];
}
