/** As whom nodes run: they read their programs, write the directories of runs and their logs, and become the data role for the buckets of a run. */
import { Aws, Stack } from 'aws-cdk-lib';
import { CfnInstanceProfile, PolicyDocument, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { WORKFLOW_TAG } from '../names.ts';
import { allow, bucketsOf, useKey } from '../rights/allow.ts';
import type { WorkflowBase } from '../workflow-base.ts';
import { diskRights } from './service-role.ts';

/** What nodes need beside what every node needs. */
export interface InstanceRoleNeeds {
  /** ARNs of the programs. */
  readonly programs: readonly string[];
  readonly dataRoleArn: string;
  /** Buckets and prefixes beside the work bucket in which directories of runs may lie, as ARNs of objects such as `arn:aws:s3:::bucket/prefix/*`. */
  readonly runPlaces: readonly string[];
  /** Whether nodes grow their volumes. */
  readonly growVolumes: boolean;
}

/** The name of the role, and of its profile: EMR and PassRole need them to be one. */
function instanceRoleName(name: string): string {
  return `${name}-node-${Aws.REGION}`;
}

/** The role with its profile. */
export function instanceRole(base: WorkflowBase, needs: InstanceRoleNeeds): Role {
  const { scope, name } = base;
  const role = new Role(scope, 'InstanceRole', {
    roleName: instanceRoleName(name),
    description: 'Nodes of the clusters of Carillon',
    assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
    inlinePolicies: { own: new PolicyDocument({ statements: [...storage(base, needs), ...diskRights(base.key.keyArn), ...growth(base, needs)] }) },
  });
  new CfnInstanceProfile(scope, 'InstanceProfile', { instanceProfileName: role.roleName, roles: [role.roleName] });
  return role;
}

function storage({ bucket, key }: WorkflowBase, { programs, dataRoleArn, runPlaces }: InstanceRoleNeeds): readonly PolicyStatement[] {
  const buckets = [bucket.bucketArn, ...bucketsOf(runPlaces)];
  return [
    allow('s3', ['GetObject'], programs),
    allow('s3', ['ListBucket', 'GetBucketLocation', 'ListBucketMultipartUploads'], buckets),
    allow(
      's3',
      ['GetObject', 'PutObject', 'DeleteObject', 'AbortMultipartUpload', 'ListMultipartUploadParts'],
      [bucket.arnForObjects('runs/*'), bucket.arnForObjects('logs/*'), ...runPlaces],
    ),
    useKey(key.keyArn),
    allow('sts', ['AssumeRole'], [dataRoleArn]),
  ];
}

/** A volume may be grown only by the workflow whose tag it carries; EMR puts the tags of a cluster on its volumes. */
function growth({ scope, name }: WorkflowBase, { growVolumes }: InstanceRoleNeeds): readonly PolicyStatement[] {
  if (!growVolumes) return [];
  const volumes = Stack.of(scope).formatArn({ service: 'ec2', resource: 'volume', resourceName: '*' });
  return [
    allow('ec2', ['DescribeVolumes', 'DescribeVolumesModifications'], ['*']),
    allow('ec2', ['ModifyVolume'], [volumes], { StringEquals: { [`aws:ResourceTag/${WORKFLOW_TAG}`]: name } }),
  ];
}
