import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { FUNCTIONS, type FunctionName } from '../../../../infra/aws/control/function-table.ts';
import { accessOf } from '../../../../workflows/access/access-of.ts';
import { parseRequest } from '../../../../workflows/request/parse-request.ts';
import { definitionOf, MACHINES } from '../../../../workflows/state-machine/definition.ts';
import { type Call, type StackRoles, stackRoles } from '../../../helpers/role-policies.ts';
import { synthesised } from '../../../helpers/workflow-stack.ts';

const ROOT = resolve(import.meta.dirname, '../../../..');
const HERE = 'eu-central-1:111122223333';
const CLUSTER = `arn:aws:elasticmapreduce:${HERE}:cluster/j-2AXXXXXXGAPLF`;
const EXECUTION = `arn:aws:states:${HERE}:execution:carillon-copy-run:run`;
const WORKGROUP = `arn:aws:athena:${HERE}:workgroup/carillon`;
const DATA_ROLE = 'arn:aws:iam::111122223333:role/carillon-data-eu-central-1';

let roles: StackRoles;
/** Name of the work bucket, which CloudFormation chooses. */
let work = '';
/** ARN of the workflow's key. */
let workKey: unknown;

beforeAll(() => {
  const { template } = synthesised();
  roles = stackRoles(template);
  work = String(Object.keys(template.Resources).find((id) => /^CarillonWorkBucket[0-9A-F]{8}$/.test(id))).toLowerCase();
  workKey = roles.resolve({ 'Fn::GetAtt': [Object.keys(template.Resources).find((id) => /^CarillonKey[0-9A-F]{8}$/.test(id)), 'Arn'] });
}, 180_000);

/** Logical id of a function's or machine's role. */
const roleOf = (name: string): string => `Carillon${name.replaceAll('-', '')}${name in FUNCTIONS ? '' : 'Machine'}Role`;

/** What an SDK command is to IAM. A command that is not here is not known to be allowed. */
const COMMANDS: Readonly<Record<string, Call>> = {
  DescribeExecution: { action: 'states:DescribeExecution', resource: EXECUTION },
  StartExecution: { action: 'states:StartExecution', resource: `arn:aws:states:${HERE}:stateMachine:carillon-copy-run` },
  DescribeCluster: { action: 'elasticmapreduce:DescribeCluster', resource: CLUSTER },
  ListClusters: { action: 'elasticmapreduce:ListClusters', resource: '*' },
  ListSteps: { action: 'elasticmapreduce:ListSteps', resource: CLUSTER },
  ListInstanceGroups: { action: 'elasticmapreduce:ListInstanceGroups', resource: CLUSTER },
  ListInstanceFleets: { action: 'elasticmapreduce:ListInstanceFleets', resource: CLUSTER },
  CancelSteps: { action: 'elasticmapreduce:CancelSteps', resource: CLUSTER },
  AddJobFlowSteps: { action: 'elasticmapreduce:AddJobFlowSteps', resource: CLUSTER },
  TerminateJobFlows: { action: 'elasticmapreduce:TerminateJobFlows', resource: CLUSTER },
  GetQueryResults: { action: 'athena:GetQueryResults', resource: WORKGROUP },
  ListQueryExecutions: { action: 'athena:ListQueryExecutions', resource: WORKGROUP },
  BatchGetQueryExecution: { action: 'athena:BatchGetQueryExecution', resource: WORKGROUP },
  StopQueryExecution: { action: 'athena:StopQueryExecution', resource: WORKGROUP },
  Publish: { action: 'sns:Publish', resource: `arn:aws:sns:${HERE}:carillon` },
  PutEvents: { action: 'events:PutEvents', resource: `arn:aws:events:${HERE}:event-bus/default` },
  GetParameter: { action: 'ssm:GetParameter', resource: `arn:aws:ssm:${HERE}:parameter/carillon/carillon/pairs/logs` },
  // What the configuration of the tests lets runs start.
  StartJobRun: { action: 'glue:StartJobRun', resource: `arn:aws:glue:${HERE}:job/load` },
};

/** Commands of the credential providers, which Lambda's own credentials never need. */
const OF_PROVIDERS = ['AssumeRole', 'AssumeRoleWithWebIdentity'];

/** Calls of a function where it differs: other resources, or none that this configuration allows. */
const EXCEPTIONS: Readonly<Record<string, Readonly<Record<string, Call | null>>>> = {
  'follow-run': { StartExecution: { action: 'states:StartExecution', resource: `arn:aws:states:${HERE}:stateMachine:report` }, Invoke: null },
};

const bundles = new Map<string, Promise<string>>();

/** What is left of a function's bundle once everything unused is gone. */
function bundleOf(name: string): Promise<string> {
  const bundle = bundles.get(name) ?? bundled(name);
  bundles.set(name, bundle);
  return bundle;
}

async function bundled(name: string): Promise<string> {
  const options: BuildOptions = {
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    bundle: true,
    write: false,
    logLevel: 'silent',
  };
  const { outputFiles = [] } = await build({ ...options, absWorkingDir: ROOT, entryPoints: [`lambdas/${name}/${name}.lambda.ts`] });
  return outputFiles[0]?.text ?? '';
}

/** SDK commands that a function constructs. */
async function commandsOf(name: string): Promise<readonly string[]> {
  const text = await bundleOf(name);
  return [...new Set([...text.matchAll(/\bnew (\w+)Command\(/g)].map(([, command]) => String(command)))].filter((command) => !OF_PROVIDERS.includes(command));
}

/** Every action that a role may do, to whatever. */
function actionsOf(role: string): readonly string[] {
  const statements = roles.policyOf(role).Statement as readonly { readonly Action: string | readonly string[] }[];
  return [...new Set(statements.flatMap(({ Action }) => Action))].toSorted();
}

const BUNDLED = readdirSync(join(ROOT, 'lambdas')).filter((name) => existsSync(join(ROOT, 'lambdas', name, `${name}.lambda.ts`))) as FunctionName[];

describe('every function', () => {
  it('that is bundled is in the stack', () => {
    expect(BUNDLED.toSorted()).toEqual(Object.keys(FUNCTIONS).toSorted());
  });

  it.each(BUNDLED)('%s may do what its code constructs commands for', async (name) => {
    for (const command of await commandsOf(name)) {
      const exception = EXCEPTIONS[name]?.[command];
      if (exception === null) continue;
      const call = exception ?? COMMANDS[command];
      expect(call, `${command} is not in the table of this test`).toBeDefined();
      expect(roles.may(roleOf(name), call as Call), `${name} needs ${call?.action} on ${call?.resource}`).toBe(true);
    }
  }, 180_000);

  it.each(BUNDLED)('%s may do nothing that its code constructs no command for', async (name) => {
    const commands = await commandsOf(name);
    const used = commands.flatMap((command) => (EXCEPTIONS[name]?.[command] ?? COMMANDS[command])?.action ?? []);
    // What no command of the SDK does: requests to S3, credentials, the key, logs, traces, Lambda's own queue.
    const granted = actionsOf(roleOf(name)).filter((action) => !/^(s3|sts|kms|logs|xray|sqs):/.test(action));
    expect(granted.filter((action) => !used.includes(action))).toEqual([]);
  }, 180_000);

  it('removes objects only where it gives locks back', () => {
    const removing = (key: string) => BUNDLED.filter((name) => roles.may(roleOf(name), { action: 's3:DeleteObject', resource: `arn:aws:s3:::${work}/${key}` }));
    expect(removing('locks/l.json')).toEqual(['prepare-fan-out', 'prepare-run', 'release-lock', 'stop-cluster']);
    expect([...removing('runs/r/plan-1.json'), ...removing('watermarks/w.json')]).toEqual([]);
  });

  it.each(BUNDLED)('%s reads and writes the directories of runs and what lies beside them, and nothing else of S3', (name) => {
    const may = (action: string, resource: string) => roles.may(roleOf(name), { action, resource });
    for (const key of ['runs/r/plan-1.json', 'locks/l.json', 'watermarks/w.json'])
      for (const action of ['s3:GetObject', 's3:PutObject']) expect(may(action, `arn:aws:s3:::${work}/${key}`)).toBe(true);
    expect(may('s3:ListBucket', `arn:aws:s3:::${work}`)).toBe(true);
    expect(may('s3:PutObject', `arn:aws:s3:::${work}/athena/x`)).toBe(false);
    expect(may('s3:GetObject', 'arn:aws:s3:::source-logs/key')).toBe(false);
    expect(may('s3:DeleteBucket', `arn:aws:s3:::${work}`)).toBe(false);
  });

  it('reads results of Athena only where it asks for them', () => {
    const reading = BUNDLED.filter((name) => roles.may(roleOf(name), { action: 's3:GetObject', resource: `arn:aws:s3:::${work}/athena/x.csv` }));
    expect(reading).toEqual(['assess-diff']);
  });

  it('becomes the data role only where it asks buckets', async () => {
    const asking = await Promise.all(
      BUNDLED.map(async (name) =>
        (await bundleOf(name)) /* Read, and not only handed on to tasks. */
          .match(/\.CARILLON_DATA_ROLE_ARN\b/) === null
          ? []
          : [name],
      ),
    );
    const becoming = BUNDLED.filter((name) => roles.may(roleOf(name), { action: 'sts:AssumeRole', resource: DATA_ROLE }));
    expect(becoming).toEqual(asking.flat());
    expect(becoming).toEqual(['prepare-run', 'split-partitions', 'stop-cluster']);
    for (const name of BUNDLED) expect(roles.may(roleOf(name), { action: 'sts:AssumeRole', resource: 'arn:aws:iam::111122223333:role/admin' })).toBe(false);
  }, 180_000);
});

interface State {
  readonly Resource?: string;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly Branches?: readonly { readonly States: Readonly<Record<string, State>> }[];
  readonly ItemProcessor?: { readonly States: Readonly<Record<string, State>> };
}

/** Every Task of a definition. */
function tasks(states: Readonly<Record<string, State>>): readonly State[] {
  return Object.values(states).flatMap((state) => [
    ...(state.Resource === undefined ? [] : [state]),
    ...(state.Branches ?? []).flatMap((branch) => tasks(branch.States)),
    ...(state.ItemProcessor === undefined ? [] : tasks(state.ItemProcessor.States)),
  ]);
}

const rule = (name: string): readonly Call[] =>
  ['PutRule', 'PutTargets', 'DescribeRule'].map((action) => ({ action: `events:${action}`, resource: `arn:aws:events:${HERE}:rule/${name}` }));

const passing = (role: string, service: string): Call => ({
  action: 'iam:PassRole',
  resource: `arn:aws:iam::111122223333:role/carillon-${role}-eu-central-1`,
  context: { 'iam:PassedToService': service },
});

const onCluster = (...actions: readonly string[]): readonly Call[] => actions.map((action) => ({ action: `elasticmapreduce:${action}`, resource: CLUSTER }));

/** What a service integration does in the machine's name, its rule in EventBridge included ("IAM policies for integrated services"). */
const INTEGRATIONS: Readonly<Record<string, readonly Call[]>> = {
  'elasticmapreduce:createCluster.sync': [
    { action: 'elasticmapreduce:RunJobFlow', resource: '*' },
    ...onCluster('DescribeCluster', 'TerminateJobFlows', 'AddTags', 'PutAutoTerminationPolicy', 'PutManagedScalingPolicy'),
    passing('service', 'elasticmapreduce.amazonaws.com'),
    passing('node', 'ec2.amazonaws.com'),
    ...rule('StepFunctionsGetEventForEMRRunJobFlowRule'),
  ],
  'elasticmapreduce:addStep.sync': [...onCluster('AddJobFlowSteps', 'DescribeStep', 'CancelSteps'), ...rule('StepFunctionsGetEventForEMRAddJobFlowStepsRule')],
  'elasticmapreduce:terminateCluster.sync': [...onCluster('DescribeCluster', 'TerminateJobFlows'), ...rule('StepFunctionsGetEventForEMRTerminateJobFlowsRule')],
  'athena:startQueryExecution.sync': [
    ...['StartQueryExecution', 'GetQueryExecution', 'StopQueryExecution'].map((action) => ({ action: `athena:${action}`, resource: WORKGROUP })),
    { action: 'athena:GetDataCatalog', resource: `arn:aws:athena:${HERE}:datacatalog/AwsDataCatalog` },
    ...['GetTable', 'CreateTable', 'DeleteTable'].flatMap((action) =>
      [`catalog`, `database/carillon`, `table/carillon/carillon_source_r`].map((one) => ({
        action: `glue:${action}`,
        resource: `arn:aws:glue:${HERE}:${one}`,
      })),
    ),
  ],
  'states:startExecution.sync:2': [
    { action: 'states:StartExecution', resource: `arn:aws:states:${HERE}:stateMachine:carillon-copy-run` },
    ...['DescribeExecution', 'StopExecution'].map((action) => ({ action: `states:${action}`, resource: EXECUTION })),
    ...rule('StepFunctionsGetEventsForStepFunctionsExecutionRule'),
  ],
};

/** Calls of a Task. A function is named by its substitution. */
function callsOf({ Resource = '', Parameters = {} }: State): readonly Call[] {
  const call = Resource.slice(Resource.indexOf(':states:::') + ':states:::'.length);
  if (call !== 'lambda:invoke') return INTEGRATIONS[call] ?? [{ action: call, resource: 'unknown to this test' }];
  const name = String(Parameters.FunctionName)
    .slice(2, -'FunctionArn}'.length)
    .replaceAll(/(?<!^)([A-Z])/g, '-$1')
    .toLowerCase();
  return [{ action: 'lambda:InvokeFunction', resource: `arn:aws:lambda:${HERE}:function:carillon-${name}` }];
}

describe('every machine', () => {
  it.each(Object.keys(MACHINES) as (keyof typeof MACHINES)[])('%s may do what each of its Tasks does, managed rules included', (name) => {
    const { States } = definitionOf(MACHINES[name]) as { readonly States: Readonly<Record<string, State>> };
    const calls = tasks(States).flatMap(callsOf);
    expect(calls.length).toBeGreaterThan(5);
    for (const call of calls) expect(roles.may(roleOf(name), call), `${name} needs ${call.action} on ${call.resource}`).toBe(true);
  });

  it('lets Athena write where results and runs lie, and under the key', () => {
    for (const key of ['athena/x.csv', 'runs/r/diff/try-1/to-copy/x'])
      expect(roles.may(roleOf('copy-run'), { action: 's3:PutObject', resource: `arn:aws:s3:::${work}/${key}` })).toBe(true);
    expect(roles.may(roleOf('copy-run'), { action: 's3:PutObject', resource: `arn:aws:s3:::${work}/locks/l.json` })).toBe(false);
  });
});

describe('the data role', () => {
  it('reads part files, inventories and older listings where the configuration has them, and writes none', () => {
    const place = 'arn:aws:s3:::part-files/carillon/one.tsv';
    expect(roles.may('CarillonDataRole', { action: 's3:GetObject', resource: place })).toBe(true);
    expect(roles.may('CarillonDataRole', { action: 's3:ListBucket', resource: 'arn:aws:s3:::part-files' })).toBe(true);
    expect(roles.may('CarillonDataRole', { action: 's3:PutObject', resource: place })).toBe(false);
    expect(roles.may('CarillonDataRole', { action: 's3:GetObject', resource: 'arn:aws:s3:::part-files/other' })).toBe(false);
    expect(roles.may(roleOf('split-partitions'), { action: 's3:GetObject', resource: place })).toBe(false);
  });

  it('reads listings of older runs in the work bucket, under its key, and changes nothing there', () => {
    const listing = `arn:aws:s3:::${work}/runs/r/source/try-1/part-00000`;
    expect(roles.may('CarillonDataRole', { action: 's3:GetObject', resource: listing })).toBe(true);
    expect(roles.may('CarillonDataRole', { action: 's3:ListBucket', resource: `arn:aws:s3:::${work}` })).toBe(true);
    expect(roles.may('CarillonDataRole', { action: 'kms:Decrypt', resource: String(workKey) })).toBe(true);
    expect(roles.may('CarillonDataRole', { action: 's3:PutObject', resource: listing })).toBe(false);
    expect(roles.may('CarillonDataRole', { action: 's3:GetObject', resource: `arn:aws:s3:::${work}/locks/l.json` })).toBe(false);
  });

  const request = (more: object) => parseRequest({ source: { bucket: 'source-a' }, destination: { bucket: 'destination-b' }, ...more });

  const REQUESTS = [
    {},
    { copy: { mode: 'streaming', acl: 'copy', encryption: { kind: 'aws:kms', key: 'arn:aws:kms:eu-central-1:111122223333:key/1111' } } },
    { diff: { engine: 'hive' }, verify: true },
    { source: { bucket: 'source-a', role: { arn: 'arn:aws:iam::444455556666:role/carillon-reader', externalId: 'x1' } } },
    { source: { bucket: 'source-a', prefix: 'p/' }, destination: { bucket: 'destination-b', prefix: 'q/' } },
  ];

  it('may do nothing that no request needs', () => {
    const needed = REQUESTS.flatMap((more) => accessOf(request(more), { dataRole: DATA_ROLE, owners: {} }).flatMap(({ actions }) => actions));
    expect(actionsOf('CarillonDataRole').filter((action) => !needed.includes(action))).toEqual([]);
  });

  it.each(REQUESTS)('may do all that a request needs of it: %j', (more) => {
    const asked = request(more);
    const needs = accessOf(asked, { dataRole: DATA_ROLE, owners: {} }).filter(
      ({ actor, of }) => of === 'role' || actor === 'destination' || asked.source.role === undefined,
    );
    const context = { 's3:prefix': 'p/x', 'kms:ViaService': 's3.eu-central-1.amazonaws.com', 'sts:ExternalId': 'x1' };
    for (const { sid, actions, resources } of needs)
      for (const action of actions)
        for (const resource of resources)
          expect(roles.may('CarillonDataRole', { action, resource: resource.replace(/\*$/, 'some/key'), context }), `${sid}: ${action} on ${resource}`).toBe(
            true,
          );
  });

  it.each([
    ['s3:GetObject', 'arn:aws:s3:::other-bucket/key'],
    ['s3:ListBucket', 'arn:aws:s3:::other-bucket'],
    ['s3:PutObject', 'arn:aws:s3:::source-a/key'],
    ['s3:DeleteObject', 'arn:aws:s3:::destination-b/key'],
    ['s3:DeleteObjectVersion', 'arn:aws:s3:::destination-b/key'],
    ['s3:PutBucketPolicy', 'arn:aws:s3:::destination-b'],
    ['s3:PutLifecycleConfiguration', 'arn:aws:s3:::destination-b'],
    ['s3:BypassGovernanceRetention', 'arn:aws:s3:::destination-b/key'],
    ['sts:AssumeRole', 'arn:aws:iam::444455556666:role/admin'],
    ['sts:AssumeRole', 'arn:aws:iam::777788889999:role/carillon-reader'],
    ['kms:Decrypt', 'arn:aws:kms:eu-central-1:777788889999:key/2222'],
    ['kms:CreateGrant', 'arn:aws:kms:eu-central-1:111122223333:key/1111'],
    ['iam:PassRole', DATA_ROLE],
  ])('may not %s on %s', (action, resource) => {
    expect(roles.may('CarillonDataRole', { action, resource })).toBe(false);
  });
});

describe('what nobody ever does', () => {
  const NEVER: readonly Call[] = [
    { action: 'iam:PassRole', resource: 'arn:aws:iam::111122223333:role/admin', context: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
    { action: 'iam:CreateRole', resource: 'arn:aws:iam::111122223333:role/x' },
    { action: 'sts:AssumeRole', resource: 'arn:aws:iam::111122223333:role/admin' },
    { action: 's3:DeleteBucket', resource: 'arn:aws:s3:::destination-b' },
    { action: 's3:DeleteObject', resource: 'arn:aws:s3:::destination-b/key' },
    { action: 's3:DeleteObject', resource: 'arn:aws:s3:::source-a/key' },
    { action: 'kms:Decrypt', resource: 'arn:aws:kms:eu-central-1:777788889999:key/2222' },
    { action: 'kms:ScheduleKeyDeletion', resource: 'arn:aws:kms:eu-central-1:111122223333:key/1111' },
    { action: 'elasticmapreduce:TerminateJobFlows', resource: 'arn:aws:elasticmapreduce:us-east-1:111122223333:cluster/j-1' },
    { action: 'elasticmapreduce:TerminateJobFlows', resource: 'arn:aws:elasticmapreduce:eu-central-1:777788889999:cluster/j-1' },
    { action: 'elasticmapreduce:SetTerminationProtection', resource: CLUSTER },
    { action: 'ec2:RunInstances', resource: '*' },
    { action: 'ec2:ModifyVolume', resource: `arn:aws:ec2:${HERE}:volume/vol-1`, context: { 'aws:ResourceTag/carillon:workflow': 'other' } },
    { action: 'ec2:DeleteVolume', resource: `arn:aws:ec2:${HERE}:volume/vol-1` },
    { action: 'states:StartExecution', resource: `arn:aws:states:${HERE}:stateMachine:other` },
    { action: 'states:DeleteStateMachine', resource: `arn:aws:states:${HERE}:stateMachine:carillon-copy-run` },
    { action: 'lambda:InvokeFunction', resource: `arn:aws:lambda:${HERE}:function:other` },
    { action: 'lambda:UpdateFunctionCode', resource: `arn:aws:lambda:${HERE}:function:carillon-prepare-run` },
    { action: 'glue:StartJobRun', resource: `arn:aws:glue:${HERE}:job/other` },
    { action: 'athena:StartQueryExecution', resource: `arn:aws:athena:${HERE}:workgroup/primary` },
    { action: 'ssm:GetParameter', resource: `arn:aws:ssm:${HERE}:parameter/other` },
    { action: 'ssm:PutParameter', resource: `arn:aws:ssm:${HERE}:parameter/carillon/carillon/pairs/logs` },
    { action: 'secretsmanager:GetSecretValue', resource: '*' },
  ];

  it.each(NEVER)('$action on $resource', (call) => {
    expect(roles.ids.filter((id) => roles.may(id, call))).toEqual([]);
  });
});

describe('nodes', () => {
  it.each([
    ['s3:GetObject', (bucket: string) => `arn:aws:s3:::${bucket}/runs/r/partitions/part.tsv`],
    ['s3:PutObject', (bucket: string) => `arn:aws:s3:::${bucket}/runs/r/source/try-1/part-00000`],
    ['s3:DeleteObject', (bucket: string) => `arn:aws:s3:::${bucket}/runs/r/source/try-1/_temporary/0`],
    ['s3:GetObject', () => 'arn:aws:s3:::cdk-hnb659fds-assets-111122223333-eu-central-1/carillon/0a1b.tgz'],
    ['sts:AssumeRole', () => DATA_ROLE],
  ] as const)('may %s where they must', (action, resource) => {
    expect(roles.may('CarillonInstanceRole', { action, resource: resource(work) })).toBe(true);
  });

  it('grow the volumes of their own workflow', () => {
    const context = { 'aws:ResourceTag/carillon:workflow': 'carillon' };
    expect(roles.may('CarillonInstanceRole', { action: 'ec2:ModifyVolume', resource: `arn:aws:ec2:${HERE}:volume/vol-1`, context })).toBe(true);
  });

  it.each([
    ['s3:GetObject', () => 'arn:aws:s3:::source-a/key'],
    ['s3:GetObject', () => 'arn:aws:s3:::cdk-hnb659fds-assets-111122223333-eu-central-1/other/app.zip'],
    ['s3:PutObject', (bucket: string) => `arn:aws:s3:::${bucket}/locks/l.json`],
    ['s3:PutObject', (bucket: string) => `arn:aws:s3:::${bucket}/watermarks/w.json`],
  ] as const)('may not %s elsewhere', (action, resource) => {
    expect(roles.may('CarillonInstanceRole', { action, resource: resource(work) })).toBe(false);
  });
});
