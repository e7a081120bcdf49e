/** The cluster: given, or created for this run alone. */
import { Chain, Choice, Condition } from 'aws-cdk-lib/aws-stepfunctions';
import type { ClusterForm, ClusterParameters } from '../../plan/run-state.ts';
import { is, isTrue } from '../conditions.ts';
import { at, FAILURE_PATH, type PhaseContext } from '../phase-context.ts';
import { EMR_RETRY } from '../retry-policies.ts';
import { createClusterRights } from '../service-rights.ts';
import { ServiceTask } from '../service-task.ts';
import type { Ref } from '../state-path.ts';
import { CLUSTER_TIME } from '../time-outs.ts';

/** The parameters that are read from the state; every one of them is always there. */
const PARAMETERS: { readonly [K in keyof ClusterParameters]: Ref<ClusterParameters[K]> } = {
  Name: at('cluster.parameters.Name'),
  ReleaseLabel: at('cluster.parameters.ReleaseLabel'),
  LogUri: at('cluster.parameters.LogUri'),
  Applications: at('cluster.parameters.Applications'),
  Configurations: at('cluster.parameters.Configurations'),
  Instances: at('cluster.parameters.Instances'),
  ServiceRole: at('cluster.parameters.ServiceRole'),
  JobFlowRole: at('cluster.parameters.JobFlowRole'),
  Tags: at('cluster.parameters.Tags'),
  StepConcurrencyLevel: at('cluster.parameters.StepConcurrencyLevel'),
  AutoTerminationPolicy: at('cluster.parameters.AutoTerminationPolicy'),
  ManagedScalingPolicy: at('cluster.parameters.ManagedScalingPolicy'),
  ScaleDownBehavior: at('cluster.parameters.ScaleDownBehavior'),
  EbsRootVolumeSize: at('cluster.parameters.EbsRootVolumeSize'),
  SecurityConfiguration: at('cluster.parameters.SecurityConfiguration'),
  BootstrapActions: at('cluster.parameters.BootstrapActions'),
  VisibleToAllUsers: at('cluster.parameters.VisibleToAllUsers'),
};

/** Those that only some clusters have. A path must exist, so each form of cluster has a state of its own. */
const IMAGE = { CustomAmiId: at('cluster.parameters.CustomAmiId') };
const KERBEROS = { KerberosAttributes: at('cluster.parameters.KerberosAttributes') };
const FORMS: Readonly<Record<ClusterForm, { readonly name: string; readonly more: object }>> = {
  plain: { name: 'Create cluster', more: {} },
  image: { name: 'Create cluster from an image', more: IMAGE },
  kerberos: { name: 'Create Kerberos cluster', more: KERBEROS },
  'image-and-kerberos': { name: 'Create Kerberos cluster from an image', more: { ...IMAGE, ...KERBEROS } },
};

/** Leaves the cluster's id in the state. A time-out gives no id; `stop-cluster` then finds the cluster by its name. */
export function clusterPhase(context: PhaseContext): Chain {
  const given = new Choice(context.scope, 'Cluster of its own?', {
    comment: 'The request names a cluster that runs already, or asks for one of its own, maybe of an image or with Kerberos.',
  });
  for (const [form, { name, more }] of Object.entries(FORMS) as readonly [ClusterForm, (typeof FORMS)[ClusterForm]][]) {
    given.when(Condition.and(isTrue(at('choices.createCluster')), is(at('choices.clusterForm'), form)), createState(context, name, more));
  }
  return Chain.start(given.afterwards({ includeOtherwise: true }));
}

function createState(context: PhaseContext, name: string, more: object): ServiceTask {
  const create = new ServiceTask(context.scope, name, {
    comment: 'A cluster for this run alone, named by the run id. It terminates on every path, and by itself when it idles.',
    call: 'elasticmapreduce:createCluster.sync',
    parameters: { ...PARAMETERS, ...more },
    resultSelector: { clusterId: { path: '$.ClusterId' } },
    resultPath: '$.ready',
    timeout: CLUSTER_TIME,
    retry: EMR_RETRY,
    rights: createClusterRights(),
  });
  create.addCatch(context.onFailure, { resultPath: FAILURE_PATH });
  return create;
}
