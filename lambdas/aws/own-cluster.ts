/** A cluster of a run's own: the parameters of RunJobFlow, from what the request asks and the stack knows. */
import type { RunFinding } from '../../workflows/events/run-finding.ts';
import type { ClusterParameters, FormParameters } from '../../workflows/plan/run-state.ts';
import type { OwnCluster } from '../../workflows/request/cluster.ts';
import { diffs } from '../../workflows/request/goal.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import type { ChosenCluster } from '../prepare-run/prepare-run.ts';
import { ownSlots, sizeFacts, taskMegabytes } from './cluster-size.ts';
import { jobFlowInstances, scalingPolicy } from './job-flow-instances.ts';
import type { ClusterSettings } from './settings.ts';

/** It, named by the run. */
export function ownCluster(request: RunRequest, cluster: OwnCluster, settings: ClusterSettings, runId: string): ChosenCluster {
  const slots = ownSlots(cluster, taskMegabytes(request));
  const parameters = jobFlow(request, cluster, settings, runId);
  return {
    createCluster: true,
    terminateCluster: !cluster.keep,
    listTogether: parameters.StepConcurrencyLevel > 1,
    cluster: { id: '', name: runId, parameters },
    facts: { ...stackFacts(settings), ...sizeFacts(slots) },
    findings: findingsOf(cluster, settings),
  };
}

/** What the stack brings to any cluster. `files` names every program and script, so that the folders are never asked. */
export function stackFacts({ nodeArchive, files, dataRole }: ClusterSettings) {
  const folder = nodeArchive.replace(/\/[^/]*$/, '');
  return { programs: folder, diffScripts: folder, nodeArchive, files, dataRole };
}

/** A diff lists both sides at once; a verification one after the other. */
function concurrencyOf(request: RunRequest, { stepConcurrency }: OwnCluster): number {
  return stepConcurrency ?? (diffs(request) ? 2 : 1);
}

function jobFlow(request: RunRequest, cluster: OwnCluster, settings: ClusterSettings, runId: string): ClusterParameters & Partial<FormParameters> {
  const tags = { ...settings.tags, ...cluster.tags, 'carillon:run': runId };
  return {
    Name: runId,
    ReleaseLabel: cluster.releaseLabel,
    LogUri: `${(cluster.logs ?? settings.logs).replace(/\/+$/, '')}/`,
    Applications: [{ Name: 'Hadoop' }, ...(request.diff.engine === 'hive' ? [{ Name: 'Hive' }] : [])],
    Configurations: CONFIGURATIONS,
    Instances: jobFlowInstances(cluster, settings),
    ServiceRole: settings.serviceRole,
    JobFlowRole: settings.instanceProfile,
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    StepConcurrencyLevel: concurrencyOf(request, cluster),
    AutoTerminationPolicy: { IdleTimeout: cluster.idleMinutes * 60 },
    ManagedScalingPolicy: scalingPolicy(cluster),
    ScaleDownBehavior: 'TERMINATE_AT_TASK_COMPLETION',
    EbsRootVolumeSize: cluster.disks.rootGigabytes,
    SecurityConfiguration: cluster.securityConfiguration ?? settings.securityConfiguration,
    BootstrapActions: [...settings.bootstrapActions, ...cluster.bootstrapActions].map(({ name, location, args }) => ({
      Name: name,
      ScriptBootstrapAction: { Path: location, Args: args },
    })),
    VisibleToAllUsers: true,
    ...(cluster.customAmi === undefined ? {} : { CustomAmiId: cluster.customAmi }),
    ...(cluster.kerberos === null ? {} : { KerberosAttributes: kerberosOf(cluster.kerberos) }),
  };
}

function kerberosOf({ realm, kdcAdminPassword, ...others }: NonNullable<OwnCluster['kerberos']>): FormParameters['KerberosAttributes'] {
  const { crossRealmTrustPrincipalPassword: trust, adDomainJoinUser: user, adDomainJoinPassword: password } = others;
  return {
    Realm: realm,
    KdcAdminPassword: kdcAdminPassword,
    ...(trust === undefined ? {} : { CrossRealmTrustPrincipalPassword: trust }),
    ...(user === undefined ? {} : { ADDomainJoinUser: user }),
    ...(password === undefined ? {} : { ADDomainJoinPassword: password }),
  };
}

/** Application masters on CORE: two lost ones fail a job, and TASK nodes are there to be lost. */
const CONFIGURATIONS = [
  {
    Classification: 'yarn-site',
    Properties: { 'yarn.node-labels.enabled': 'true', 'yarn.node-labels.am.default-node-label-expression': 'CORE' },
  },
] as const;

const POLICY_TAG = 'for-use-with-amazon-emr-managed-policies';

function findingsOf({ subnetIds, securityConfiguration, keep, idleMinutes }: OwnCluster, settings: ClusterSettings): readonly RunFinding[] {
  const found: RunFinding[] = [];
  const say = (code: string, message: string): void => {
    found.push({ code, level: 'notice', about: 'cluster', message });
  };
  const strange = subnetIds.filter((id) => !settings.subnetIds.includes(id));
  if (strange.length > 0)
    say(
      'subnets-of-others',
      `${strange.join(', ')}: EMR's service role may use subnets that bear the tag ${POLICY_TAG}=true, which only their owner can put there`,
    );
  if (securityConfiguration !== undefined && securityConfiguration !== settings.securityConfiguration)
    say(
      'security-configuration-of-others',
      `the security configuration ${securityConfiguration} decides about encryption on disk, in transit and IMDSv2, not the one of the stack`,
    );
  if (keep) say('cluster-is-kept', `the cluster stays when the run is over, and ends by itself after ${idleMinutes} minutes without a step`);
  return found;
}
