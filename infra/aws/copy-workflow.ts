/**
 * Carillon as one construct: everything that a stack needs to copy buckets. Publishable: it takes the folder of built artifacts and asks for
 * nothing of this repository but its definitions.
 */
import { join } from 'node:path';
import { ArnFormat, Aws, CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { HANDLERS, type HandlerName, SUBSTITUTIONS } from '../../workflows/state-machine/handlers.ts';
import { Bootstrap } from './cluster/bootstrap.ts';
import type { ClusterSettings } from './cluster/cluster-settings.ts';
import { dataRole, dataRoleArn } from './cluster/data-role.ts';
import { instanceRole } from './cluster/instance-role.ts';
import { securityConfiguration } from './cluster/security-configuration.ts';
import { serviceRole } from './cluster/service-role.ts';
import { athena } from './control/athena.ts';
import { endedRuns } from './control/ended-runs.ts';
import { DATA_ROLE_FUNCTIONS, environmentOf } from './control/environment.ts';
import { functionRights } from './control/function-rights.ts';
import { FUNCTIONS, type FunctionName } from './control/function-table.ts';
import { WorkflowFunction } from './control/functions.ts';
import { athenaStorageRights, type ClusterRoles, clusterRights } from './control/machine-rights.ts';
import { handlersOf, MACHINE_NAMES, type MachineName, machineName, WorkflowMachine } from './control/machines.ts';
import { undeliveredQueue } from './control/undelivered.ts';
import type { CopyWorkflowProps } from './copy-workflow-props.ts';
import { checkedName, EMR_TAG, WORKFLOW_TAG } from './names.ts';
import { network } from './network/network.ts';
import { securityGroups } from './network/security-groups.ts';
import { allow } from './rights/allow.ts';
import { explainWildcards } from './rights/explain-wildcards.ts';
import { pairs, pairsPath, schedules } from './schedules/schedules.ts';
import { workflowKey } from './storage/key.ts';
import { Programs } from './storage/programs.ts';
import { LOG_DAYS, workBucket } from './storage/work-bucket.ts';
import { alarms } from './watching/alarms.ts';
import { peopleTopic } from './watching/channels.ts';
import { dashboard } from './watching/dashboard.ts';
import type { Watched } from './watching/watched.ts';
import type { WorkflowBase } from './workflow-base.ts';

/** The workflow. */
export class CopyWorkflow extends Construct {
  readonly bucket: Bucket;
  readonly key: Key;
  readonly topic: Topic;
  /** Machines by name. */
  readonly machines: Readonly<Record<string, WorkflowMachine>>;
  /** ARN of the one role that the owners of other accounts and of buckets trust. */
  readonly dataRoleArn: string;
  readonly #base: WorkflowBase;
  readonly #undelivered: Queue;

  /** @throws NameError, ArtifactMissingError, SubstitutionError */
  constructor(scope: Construct, id: string, props: CopyWorkflowProps) {
    super(scope, id);
    const { retention = {} } = props;
    const name = checkedName(props.name ?? 'carillon');
    this.key = workflowKey(this, name);
    this.bucket = workBucket(this, this.key, retention);
    this.#base = { scope: this, name, key: this.key, bucket: this.bucket, logDays: retention.logDays ?? LOG_DAYS };
    this.topic = peopleTopic(this, name, this.key, props.notify?.mails ?? []);
    this.#undelivered = undeliveredQueue(this);
    this.dataRoleArn = dataRoleArn(this.#base);
    const cluster = this.#cluster(props);
    const functions = this.#functions(props, cluster.settings);
    this.machines = this.#machines(functions, cluster, props.runPlaces ?? []);
    dataRole(this.#base, { ...props.data, partitionPlaces: [...(props.runPlaces ?? []), ...(props.partitionPlaces ?? [])] }, [
      cluster.instanceRole,
      ...DATA_ROLE_FUNCTIONS.map((one) => of(functions, one).role),
    ]);
    this.#events(props, functions);
    pairs(this.#base, props.pairs ?? {});
    Tags.of(this).add(WORKFLOW_TAG, name);
    explainWildcards(this);
    this.#outputs();
  }

  /** Everything that clusters need; and what `prepare-run` is told of it. */
  #cluster(props: CopyWorkflowProps) {
    const base = this.#base;
    const { vpc, subnetIds } = network(base, props.network);
    const programs = new Programs(this, 'Programs', props.artifacts);
    const growth = props.growVolumes === undefined ? {} : props.growVolumes;
    const bootstrap = new Bootstrap(this, 'Bootstrap', join(props.artifacts, 'nodes'), growth, props.bootstrap ?? []);
    const nodes = instanceRole(base, {
      programs: [...programs.readable, ...bootstrap.readable],
      dataRoleArn: this.dataRoleArn,
      runPlaces: props.runPlaces ?? [],
      growVolumes: growth !== null,
    });
    const service = serviceRole(base, nodes.roleArn);
    const settings: ClusterSettings = {
      nodeArchive: programs.nodeArchive,
      files: programs.files,
      dataRole: { arn: this.dataRoleArn, stsRegion: Aws.REGION },
      serviceRole: service.roleArn,
      instanceProfile: nodes.roleName,
      subnetIds,
      securityGroups: securityGroups(this, vpc),
      securityConfiguration: securityConfiguration(base, props.certificates ?? null),
      logs: `s3://${this.bucket.bucketName}/logs`,
      tags: { ...props.clusterTags, [EMR_TAG.key]: EMR_TAG.value, [WORKFLOW_TAG]: base.name },
      bootstrapActions: bootstrap.actions,
      athena: athena(base),
    };
    return { settings, instanceRole: nodes, serviceRoleArn: service.roleArn, instanceRoleArn: nodes.roleArn };
  }

  #functions(props: CopyWorkflowProps, settings: ClusterSettings): readonly WorkflowFunction[] {
    const base = this.#base;
    const defaultBus = EventBus.fromEventBusName(this, 'DefaultBus', 'default');
    const { notify = {}, next = {}, runPlaces = [], artifacts } = props;
    const needs = {
      dataRoleArn: this.dataRoleArn,
      runPlaces,
      machineNames: MACHINE_NAMES.map((machine) => machineName(base.name, machine)),
      workGroup: settings.athena.workGroup,
      pairsPath: pairsPath(base.name),
      topics: [this.topic.topicArn, ...(notify.topicArns ?? [])],
      buses: [defaultBus.eventBusArn, ...(notify.busArns ?? [])],
      next,
    };
    const environment = { cluster: settings, topicArn: this.topic.topicArn, eventBus: 'default', machineArns: this.#machineArns(), pairsPath: needs.pairsPath };
    const names = Object.keys(FUNCTIONS) as readonly FunctionName[];
    return names.toSorted().map((one) => {
      const rights = functionRights(one, base, needs);
      const bundles = join(artifacts, 'lambdas');
      return new WorkflowFunction(base, { name: one, bundles, rights, environment: environmentOf(one, base, environment), undelivered: this.#undelivered });
    });
  }

  /** By their names: functions and machines name each other. */
  #machineArns(): Readonly<Record<string, string>> {
    const arnOf = (machine: MachineName) =>
      Stack.of(this).formatArn({
        service: 'states',
        resource: 'stateMachine',
        resourceName: machineName(this.#base.name, machine),
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
    return Object.fromEntries(MACHINE_NAMES.map((machine) => [machine, arnOf(machine)]));
  }

  #machines(functions: readonly WorkflowFunction[], roles: ClusterRoles, runPlaces: readonly string[]): Readonly<Record<string, WorkflowMachine>> {
    const arns = this.#machineArns();
    const bound = {
      [SUBSTITUTIONS.copyRun]: String(arns['copy-run']),
      ...Object.fromEntries(functions.filter(({ name }) => name in HANDLERS).map((fn) => [HANDLERS[fn.name as HandlerName], fn.function.functionArn])),
    };
    const invoke = (machine: MachineName) =>
      allow(
        'lambda',
        ['InvokeFunction'],
        handlersOf([machine]).map((one) => of(functions, one).function.functionArn),
      );
    const own: Readonly<Record<string, readonly PolicyStatement[]>> = {
      'copy-run': [...clusterRights(this.#base, roles), ...athenaStorageRights(this.#base, runPlaces)],
      'fan-out': [allow('states', ['StartExecution'], [String(arns['copy-run'])])],
    };
    return Object.fromEntries(
      MACHINE_NAMES.map((machine) => [machine, new WorkflowMachine(this.#base, machine, bound, [invoke(machine), ...(own[machine] ?? [])])]),
    );
  }

  /** What events set going, and what people see. */
  #events({ schedules: entries = {}, runbook = 'docs/runbook.md' }: CopyWorkflowProps, functions: readonly WorkflowFunction[]): void {
    const undelivered = this.#undelivered;
    const arns = Object.values(this.machines).map(({ machine }) => machine.stateMachineArn);
    const called = (one: FunctionName) => of(functions, one).function;
    const copyRunArn = String(this.machines['copy-run']?.machine.stateMachineArn);
    endedRuns(this.#base, {
      ...{ stopCluster: called('stop-cluster'), concludeRun: called('conclude-run'), followRun: called('follow-run') },
      ...{ undelivered, machineArns: arns, copyRunArn },
    });
    const { scheduleGroupName: scheduleGroup } = schedules(this.#base, { schedules: entries, startRun: called('start-run'), undelivered });
    const watched: Watched = { machines: Object.values(this.machines), functions, undelivered, scheduleGroup };
    dashboard(this.#base, watched, alarms(this.#base, watched, this.topic, runbook), runbook);
  }

  #outputs(): void {
    const outputs = {
      CopyRunArn: [this.machines['copy-run']?.machine.stateMachineArn, 'Start a run: an execution of this machine'],
      DataRoleArn: [this.dataRoleArn, 'The role that owners of other buckets and accounts trust'],
      WorkBucketName: [this.bucket.bucketName, 'Directories of runs, locks, watermarks'],
      PairsAt: [pairsPath(this.#base.name), 'Parameters below this path are pairs that schedules may name'],
    } as const;
    for (const [id, [value, description]] of Object.entries(outputs)) new CfnOutput(this, id, { value: String(value), description });
  }
}

function of(functions: readonly WorkflowFunction[], name: FunctionName): WorkflowFunction {
  const found = functions.find((fn) => fn.name === name);
  if (found === undefined) throw new TypeError(`the stack has no function ${name}`);
  return found;
}
