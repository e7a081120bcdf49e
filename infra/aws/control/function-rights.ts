/** What each function may do, and nothing else: the calls that its code makes, on what is this workflow's. */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { allow, bucketsOf, useKey } from '../rights/allow.ts';
import type { WorkflowBase } from '../workflow-base.ts';
import type { FunctionName } from './function-table.ts';

/** What rights are made of, beside the base. */
export interface FunctionRightsNeeds {
  readonly dataRoleArn: string;
  /** ARNs of objects beside the work bucket in which directories of runs may lie. */
  readonly runPlaces: readonly string[];
  readonly machineNames: readonly string[];
  readonly workGroup: string;
  readonly pairsPath: string;
  /** ARNs: the stack's own topic and bus, and those that requests may name. */
  readonly topics: readonly string[];
  readonly buses: readonly string[];
  readonly next: NextTargets;
}

/** What runs may start at their end; ARNs and names, `*` for a part of them. */
export interface NextTargets {
  readonly stateMachineArns?: readonly string[];
  readonly functionArns?: readonly string[];
  readonly glueJobs?: readonly string[];
  /** ARNs of buses beside the default one. */
  readonly busArns?: readonly string[];
}

/** The statements of a function. */
export function functionRights(name: FunctionName, base: WorkflowBase, needs: FunctionRightsNeeds): readonly PolicyStatement[] {
  return [...workBucket(base, needs), ...(OWN[name]?.(base, needs) ?? [])];
}

/** Every function reads and writes the directory of its run, and removes nothing. Without ListBucket a missing object would look forbidden. */
function workBucket({ bucket, key }: WorkflowBase, { runPlaces }: FunctionRightsNeeds): readonly PolicyStatement[] {
  const buckets = [bucket.bucketArn, ...bucketsOf(runPlaces)];
  const folders = ['runs/*', 'locks/*', 'watermarks/*'].map((folder) => bucket.arnForObjects(folder));
  return [allow('s3', ['ListBucket'], buckets), allow('s3', ['GetObject', 'PutObject'], [...folders, ...runPlaces]), useKey(key.keyArn)];
}

type Own = (base: WorkflowBase, needs: FunctionRightsNeeds) => readonly PolicyStatement[];

const becomeDataRole: Own = (_base, { dataRoleArn }) => [allow('sts', ['AssumeRole'], [dataRoleArn])];

const giveLocksBack: Own = ({ bucket }) => [allow('s3', ['DeleteObject'], [bucket.arnForObjects('locks/*')])];

const lookAtExecutions: Own = ({ scope }, { machineNames }) => [
  allow(
    'states',
    ['DescribeExecution'],
    machineNames.map((machine) => arnOf(scope, 'states', 'execution', `${machine}:*`)),
  ),
];

/** How services write a resource and its name; others with a slash. */
const ARN_FORMATS: Readonly<Record<string, ArnFormat>> = { states: ArnFormat.COLON_RESOURCE_NAME };

function arnOf(scope: WorkflowBase['scope'], service: string, resource: string, resourceName: string): string {
  return Stack.of(scope).formatArn({ service, resource, resourceName, arnFormat: ARN_FORMATS[service] ?? ArnFormat.SLASH_RESOURCE_NAME });
}

function clusters({ scope }: WorkflowBase): string {
  return arnOf(scope, 'elasticmapreduce', 'cluster', '*');
}

function workGroups({ scope }: WorkflowBase, { workGroup }: FunctionRightsNeeds): string {
  return arnOf(scope, 'athena', 'workgroup', workGroup);
}

/** Nothing may be started but what the owner of the stack wrote down. */
const startNext: Own = ({ scope }, { next, buses }) => {
  const { stateMachineArns = [], functionArns = [], glueJobs = [], busArns = [] } = next;
  const jobs = glueJobs.map((job) => arnOf(scope, 'glue', 'job', job));
  return [
    ...(stateMachineArns.length === 0 ? [] : [allow('states', ['StartExecution'], stateMachineArns)]),
    ...(functionArns.length === 0 ? [] : [allow('lambda', ['InvokeFunction'], functionArns)]),
    ...(jobs.length === 0 ? [] : [allow('glue', ['StartJobRun'], jobs)]),
    allow('events', ['PutEvents'], [...buses, ...busArns]),
  ];
};

/** How long the steps of a run took, on whichever cluster. */
const timeSteps: Own = (base) => [allow('elasticmapreduce', ['ListClusters'], ['*']), allow('elasticmapreduce', ['ListSteps'], [clusters(base)])];

const tell: Own = (_base, { topics, buses }) => [allow('sns', ['Publish'], topics), allow('events', ['PutEvents'], buses)];

const OWN: Partial<Readonly<Record<FunctionName, Own>>> = {
  'prepare-run': (base, needs) => [
    ...becomeDataRole(base, needs),
    ...giveLocksBack(base, needs),
    ...lookAtExecutions(base, needs),
    // What a given cluster is.
    allow('elasticmapreduce', ['DescribeCluster', 'ListInstanceGroups', 'ListInstanceFleets'], [clusters(base)]),
  ],
  'split-partitions': becomeDataRole,
  'assess-diff': (base, needs) => [
    allow('athena', ['GetQueryResults'], [workGroups(base, needs)]),
    // Athena reads its results in the name of whoever asks for them.
    allow('s3', ['GetObject'], [base.bucket.arnForObjects('athena/*')]),
  ],
  'summarize-run': timeSteps,
  notify: tell,
  'conclude-run': (base, needs) => [...timeSteps(base, needs), ...tell(base, needs)],
  'release-lock': giveLocksBack,
  'stop-cluster': (base, needs) => [
    ...becomeDataRole(base, needs),
    ...giveLocksBack(base, needs),
    allow('elasticmapreduce', ['ListClusters'], ['*']),
    allow('elasticmapreduce', ['DescribeCluster', 'TerminateJobFlows', 'ListSteps', 'CancelSteps', 'AddJobFlowSteps'], [clusters(base)]),
    allow('athena', ['ListQueryExecutions', 'BatchGetQueryExecution', 'StopQueryExecution'], [workGroups(base, needs)]),
  ],
  'prepare-fan-out': (base, needs) => [...giveLocksBack(base, needs), ...lookAtExecutions(base, needs)],
  'summarize-fan-out': lookAtExecutions,
  'start-run': ({ scope }, { machineNames, pairsPath }) => [
    allow(
      'states',
      ['StartExecution'],
      machineNames.map((machine) => arnOf(scope, 'states', 'stateMachine', machine)),
    ),
    allow('ssm', ['GetParameter'], [arnOf(scope, 'ssm', 'parameter', `${pairsPath.slice(1)}/*`)]),
  ],
  'follow-run': startNext,
};
