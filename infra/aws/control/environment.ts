/** What each function is told by its environment; `lambdas/aws/settings.ts` reads it. */
import { Stack } from 'aws-cdk-lib';
import type { ClusterSettings } from '../cluster/cluster-settings.ts';
import type { WorkflowBase } from '../workflow-base.ts';
import type { FunctionName } from './function-table.ts';

/** What environments are made of. */
export interface EnvironmentNeeds {
  readonly cluster: ClusterSettings;
  readonly topicArn: string;
  /** Name of the bus. */
  readonly eventBus: string;
  /** ARNs by name of the machine. */
  readonly machineArns: Readonly<Record<string, string>>;
  readonly pairsPath: string;
}

/** The variables of a function. The Region is there by itself, as `AWS_REGION`. */
export function environmentOf(name: FunctionName, { scope, bucket }: WorkflowBase, needs: EnvironmentNeeds): Readonly<Record<string, string>> {
  const { cluster, topicArn, eventBus, machineArns, pairsPath } = needs;
  const base = { CARILLON_BASE: `s3://${bucket.bucketName}` };
  const dataRole = { CARILLON_DATA_ROLE_ARN: cluster.dataRole.arn, CARILLON_STS_REGION: cluster.dataRole.stsRegion };
  const channels = { CARILLON_TOPIC_ARN: topicArn, CARILLON_EVENT_BUS: eventBus };
  const machines = {
    CARILLON_STATE_MACHINE_ARN: machineArns['copy-run'] ?? '',
    ...(machineArns['fan-out'] !== undefined && { CARILLON_FAN_OUT_STATE_MACHINE_ARN: machineArns['fan-out'] }),
  };
  const own: Partial<Readonly<Record<FunctionName, Readonly<Record<string, string>>>>> = {
    'prepare-run': { ...dataRole, CARILLON_CLUSTER: Stack.of(scope).toJsonString(cluster) },
    'split-partitions': dataRole,
    'stop-cluster': dataRole,
    notify: channels,
    'conclude-run': channels,
    'start-run': { ...machines, CARILLON_PAIRS: pairsPath },
    'summarize-fan-out': machines,
  };
  return { ...base, ...own[name] };
}

/** Functions that become the data role. */
export const DATA_ROLE_FUNCTIONS: readonly FunctionName[] = ['prepare-run', 'split-partitions', 'stop-cluster'];
