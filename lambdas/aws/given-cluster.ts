/** A cluster that is there already: looked at before the run is promised anything. */
import { DescribeClusterCommand, type DescribeClusterOutput, type EMRClient, ListInstanceFleetsCommand, ListInstanceGroupsCommand } from '@aws-sdk/client-emr';
import type { RunFinding } from '../../workflows/events/run-finding.ts';
import type { ClusterParameters } from '../../workflows/plan/run-state.ts';
import { releaseProblem } from '../../workflows/request/cluster.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import type { ChosenCluster } from '../prepare-run/prepare-run.ts';
import { RefusedError } from '../run/refused-error.ts';
import { sizeFacts, taskMegabytes } from './cluster-size.ts';
import { slotsOf } from './instance-size.ts';
import { stackFacts } from './own-cluster.ts';
import type { ClusterSettings } from './settings.ts';

type Client = Pick<EMRClient, 'send'>;
type Described = NonNullable<DescribeClusterOutput['Cluster']>;

/** States in which a cluster takes steps, now or soon. */
const ALIVE = ['STARTING', 'BOOTSTRAPPING', 'RUNNING', 'WAITING'];

/** The cluster. @throws RefusedError with everything that stands against it */
export async function givenCluster(client: Client, request: RunRequest, id: string, settings: ClusterSettings): Promise<ChosenCluster> {
  const cluster = await describe(client, id);
  const problems = problemsOf(request, id, cluster);
  if (problems.length > 0) throw new RefusedError(problems);
  const slots = await slotsOfCluster(client, id, cluster, taskMegabytes(request));
  return {
    createCluster: false,
    terminateCluster: false,
    listTogether: (cluster.StepConcurrencyLevel ?? 1) > 1,
    cluster: { id, name: cluster.Name ?? id, parameters: UNUSED },
    facts: { ...stackFacts(settings), ...sizeFacts(slots) },
    findings: findingsOf(id, cluster, settings),
  };
}

async function describe(client: Client, ClusterId: string): Promise<Described> {
  try {
    const { Cluster } = await client.send(new DescribeClusterCommand({ ClusterId }));
    return Cluster ?? {};
  } catch (error) {
    if (error instanceof Error && error.name === 'InvalidRequestException') throw new RefusedError([`cluster ${ClusterId}: ${error.message}`]);
    throw error;
  }
}

function problemsOf({ diff }: RunRequest, id: string, { Status, ReleaseLabel = '', Applications = [], AutoTerminate }: Described): readonly string[] {
  const problems: string[] = [];
  const state = Status?.State ?? 'in no known state';
  if (!ALIVE.includes(state)) problems.push(`cluster ${id} is ${state}; one is needed that takes steps (${ALIVE.join(', ')})`);
  const release = releaseProblem(ReleaseLabel);
  if (release !== null) problems.push(`the release (${ReleaseLabel}) of cluster ${id} ${release}`);
  if (diff.engine === 'hive' && !Applications.some(({ Name }) => Name?.toLowerCase() === 'hive'))
    problems.push(
      `cluster ${id} has no Hive, which the diff needs; it has ${namesOf(Applications)}; compare by Athena (diff.engine athena), or use a cluster with Hive`,
    );
  if (AutoTerminate === true) problems.push(`cluster ${id} ends by itself after its last step, and this run adds steps one by one; use one that is kept alive`);
  return problems;
}

function namesOf(applications: readonly { readonly Name?: string | undefined }[]): string {
  return applications.map(({ Name }) => Name).join(', ') || 'nothing';
}

function findingsOf(
  id: string,
  { StepConcurrencyLevel = 1, Ec2InstanceAttributes }: Described,
  { instanceProfile, dataRole }: ClusterSettings,
): readonly RunFinding[] {
  const found: RunFinding[] = [];
  const profile = Ec2InstanceAttributes?.IamInstanceProfile;
  if (profile !== undefined && nameOf(profile) !== instanceProfile) {
    const message = `the nodes of cluster ${id} run as ${profile}, not as the stack's ${instanceProfile}: ${dataRole.arn} must trust that role, and the role must be allowed sts:AssumeRole on it and to read and write the stack's work bucket`;
    found.push({ code: 'nodes-of-another-role', level: 'warning', about: 'cluster', message });
  }
  if (StepConcurrencyLevel === 1) {
    const message = `cluster ${id} runs one step at a time: both sides are listed one after the other, and steps of others come between`;
    found.push({ code: 'one-step-at-a-time', level: 'notice', about: 'cluster', message });
  }
  return found;
}

function nameOf(profile: string): string {
  return profile.slice(profile.lastIndexOf('/') + 1);
}

/** Places for tasks on its core and task nodes. */
async function slotsOfCluster(client: Client, ClusterId: string, { InstanceCollectionType }: Described, megabytes: number): Promise<number> {
  const sizes = InstanceCollectionType === 'INSTANCE_FLEET' ? await fleetSlots(client, ClusterId, megabytes) : await groupSlots(client, ClusterId, megabytes);
  return Math.max(1, sizes);
}

async function groupSlots(client: Client, ClusterId: string, megabytes: number): Promise<number> {
  const { InstanceGroups = [] } = await client.send(new ListInstanceGroupsCommand({ ClusterId }));
  return InstanceGroups.filter(({ InstanceGroupType }) => InstanceGroupType !== 'MASTER').reduce(
    (sum, { InstanceType = '', RequestedInstanceCount = 0 }) => sum + RequestedInstanceCount * slotsOf(InstanceType, megabytes),
    0,
  );
}

/** A fleet says its size in units; its first type tells how much a unit is. */
async function fleetSlots(client: Client, ClusterId: string, megabytes: number): Promise<number> {
  const { InstanceFleets = [] } = await client.send(new ListInstanceFleetsCommand({ ClusterId }));
  return InstanceFleets.filter(({ InstanceFleetType }) => InstanceFleetType !== 'MASTER').reduce((sum, fleet) => {
    const { TargetOnDemandCapacity = 0, TargetSpotCapacity = 0, InstanceTypeSpecifications: [first] = [] } = fleet;
    const nodes = Math.ceil((TargetOnDemandCapacity + TargetSpotCapacity) / (first?.WeightedCapacity ?? 1));
    return sum + nodes * slotsOf(first?.InstanceType ?? '', megabytes);
  }, 0);
}

/** Stands where nothing reads it: a member of the state can't be absent. */
const UNUSED: ClusterParameters = {
  Name: '',
  ReleaseLabel: '',
  LogUri: '',
  Applications: [],
  Configurations: [],
  Instances: { KeepJobFlowAliveWhenNoSteps: true },
  ServiceRole: '',
  JobFlowRole: '',
  Tags: [],
  StepConcurrencyLevel: 1,
  AutoTerminationPolicy: { IdleTimeout: 3600 },
  ManagedScalingPolicy: {},
  ScaleDownBehavior: 'TERMINATE_AT_TASK_COMPLETION',
  EbsRootVolumeSize: 30,
  SecurityConfiguration: '',
  BootstrapActions: [],
  VisibleToAllUsers: true,
};
