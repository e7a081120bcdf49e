/**
 * The one role that reads and writes the buckets of runs: nodes and the functions that ask buckets assume it, with the run's id as the name of
 * the session, and the roles of other accounts trust it and nobody else. So what was probed is what will work.
 */
import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { ArnPrincipal, CompositePrincipal, type IRole, PolicyDocument, type PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { allow, bucketsOf } from '../rights/allow.ts';
import type { WorkflowBase } from '../workflow-base.ts';
import { DESTINATION_BUCKET_ACTIONS, DESTINATION_OBJECT_ACTIONS, SOURCE_BUCKET_ACTIONS, SOURCE_OBJECT_ACTIONS } from './bucket-actions.ts';

/** Which buckets runs may ever touch. A pair within these needs no further deployment. */
export interface DataAccess {
  /** Names of buckets that are read; `*` for a part of a name, such as `logs-*`. Those of other accounts need a bucket policy too. */
  readonly sources: readonly string[];
  /** Names of buckets that are written. */
  readonly destinations: readonly string[];
  /** ARNs of keys of KMS under which their objects lie. Default: none. */
  readonly keys?: readonly string[];
  /** ARNs of roles of other accounts that runs may assume; `*` for a part of a name. Default: none. */
  readonly otherRoles?: readonly string[];
}

/** What the role may reach. */
interface DataRoleAccess extends DataAccess {
  /** ARNs of objects beside the work bucket that say where ranges begin: part files, manifests, older listings. */
  readonly partitionPlaces: readonly string[];
}

/** The name of the role. It stays, because other accounts write it down. */
function dataRoleName(name: string): string {
  return `${name}-data-${Aws.REGION}`;
}

/** The ARN of the role, for those that it trusts: each of the two names the other. */
export function dataRoleArn({ scope, name }: WorkflowBase): string {
  return Stack.of(scope).formatArn({ service: 'iam', region: '', resource: 'role', resourceName: dataRoleName(name) });
}

/** The role. @param assumedBy - the roles that may become it */
export function dataRole(base: WorkflowBase, access: DataRoleAccess, assumedBy: readonly IRole[]): Role {
  const { scope, name } = base;
  return new Role(scope, 'DataRole', {
    roleName: dataRoleName(name),
    description: 'Reads and writes the buckets of the runs of Carillon; the only identity that other accounts trust',
    // Sessions of chained roles last an hour at most.
    maxSessionDuration: Duration.hours(1),
    assumedBy: new CompositePrincipal(...assumedBy.map(({ roleArn }) => new ArnPrincipal(roleArn))),
    inlinePolicies: { own: new PolicyDocument({ statements: [...onBuckets(access), ...partitionPlaces(base, access), ...elsewhere(access)] }) },
  });
}

function onBuckets({ sources, destinations }: DataAccess): readonly PolicyStatement[] {
  return [
    allow('s3', SOURCE_BUCKET_ACTIONS, sources.map(bucketArn)),
    allow('s3', SOURCE_OBJECT_ACTIONS, sources.map(objectsArn)),
    allow('s3', DESTINATION_BUCKET_ACTIONS, destinations.map(bucketArn)),
    allow('s3', DESTINATION_OBJECT_ACTIONS, destinations.map(objectsArn)),
  ];
}

/** Where ranges begin: listings of older runs in the work bucket, and what lies elsewhere. Runs read them as themselves, as the data role. */
function partitionPlaces({ bucket, key }: WorkflowBase, { partitionPlaces: places }: DataRoleAccess): readonly PolicyStatement[] {
  return [
    allow('s3', ['GetObject'], [bucket.arnForObjects('runs/*'), ...places]),
    allow('s3', ['ListBucket'], [bucket.bucketArn, ...bucketsOf(places)]),
    allow('kms', ['Decrypt'], [key.keyArn]),
  ];
}

function elsewhere({ keys = [], otherRoles = [] }: DataAccess): readonly PolicyStatement[] {
  return [
    ...(keys.length === 0 ? [] : [allow('kms', ['Decrypt', 'GenerateDataKey'], keys)]),
    ...(otherRoles.length === 0 ? [] : [allow('sts', ['AssumeRole'], otherRoles)]),
  ];
}

function bucketArn(bucket: string): string {
  return `arn:${Aws.PARTITION}:s3:::${bucket}`;
}

function objectsArn(bucket: string): string {
  return `${bucketArn(bucket)}/*`;
}
