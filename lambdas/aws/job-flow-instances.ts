/** The instances of a cluster as RunJobFlow takes them: Spot on TASK alone, since application masters run on CORE. */
import type { OwnCluster } from '../../workflows/request/cluster.ts';
import { defaultFleets } from '../../workflows/request/default-instances.ts';
import type { ClusterSettings } from './settings.ts';

/** `Instances` of RunJobFlow. */
export type JobFlowInstances = Readonly<Record<string, unknown>> & { readonly KeepJobFlowAliveWhenNoSteps: true };

/** They. */
export function jobFlowInstances(cluster: OwnCluster, { securityGroups, subnetIds }: ClusterSettings): JobFlowInstances {
  const subnets = cluster.subnetIds.length === 0 ? subnetIds : cluster.subnetIds;
  return {
    KeepJobFlowAliveWhenNoSteps: true,
    TerminationProtected: false,
    EmrManagedMasterSecurityGroup: securityGroups.primary,
    EmrManagedSlaveSecurityGroup: securityGroups.core,
    ServiceAccessSecurityGroup: securityGroups.serviceAccess,
    ...(cluster.groups === undefined
      ? { Ec2SubnetIds: subnets, InstanceFleets: fleetsOf(cluster) }
      : { Ec2SubnetId: subnets[0], InstanceGroups: groupsOf(cluster, cluster.groups) }),
  };
}

interface Disks {
  readonly EbsConfiguration: object;
}

function disksOf({ disks: { volumes, gigabytes, type, iops, throughput } }: OwnCluster): Disks {
  const VolumeSpecification = {
    VolumeType: type,
    SizeInGB: gigabytes,
    ...(iops === undefined ? {} : { Iops: iops }),
    ...(throughput === undefined ? {} : { Throughput: throughput }),
  };
  return { EbsConfiguration: { EbsOptimized: true, EbsBlockDeviceConfigs: [{ VolumesPerInstance: volumes, VolumeSpecification }] } };
}

type Fleets = NonNullable<OwnCluster['fleets']>;

function fleetsOf(cluster: OwnCluster): readonly object[] {
  const { primary, core, task } = cluster.fleets ?? defaultFleets(cluster.architecture);
  const disks = disksOf(cluster);
  return [
    {
      ...{ Name: 'primary', InstanceFleetType: 'MASTER', TargetOnDemandCapacity: 1 },
      InstanceTypeConfigs: primary.types.map((InstanceType) => ({ InstanceType, WeightedCapacity: 1 })),
    },
    {
      ...{ Name: 'core', InstanceFleetType: 'CORE', TargetOnDemandCapacity: core.onDemand },
      InstanceTypeConfigs: core.types.map(({ type, weight }) => ({ InstanceType: type, WeightedCapacity: weight, ...disks })),
    },
    ...(task === null ? [] : [taskFleet(task, disks)]),
  ];
}

function taskFleet({ types, onDemand, spot, bidPercent, spotTimeoutMinutes, afterTimeout }: NonNullable<Fleets['task']>, disks: Disks): object {
  const bid = bidPercent === undefined || spot === 0 ? {} : { BidPriceAsPercentageOfOnDemandPrice: bidPercent };
  const SpotSpecification = {
    TimeoutDurationMinutes: spotTimeoutMinutes,
    TimeoutAction: afterTimeout === 'on-demand' ? 'SWITCH_TO_ON_DEMAND' : 'TERMINATE_CLUSTER',
    AllocationStrategy: 'price-capacity-optimized',
  };
  return {
    ...{ Name: 'task', InstanceFleetType: 'TASK', TargetOnDemandCapacity: onDemand, TargetSpotCapacity: spot },
    InstanceTypeConfigs: types.map(({ type, weight }) => ({ InstanceType: type, WeightedCapacity: weight, ...bid, ...disks })),
    ...(spot === 0 ? {} : { LaunchSpecifications: { SpotSpecification } }),
  };
}

function groupsOf(cluster: OwnCluster, { primary, core, task }: NonNullable<OwnCluster['groups']>): readonly object[] {
  const disks = disksOf(cluster);
  return [
    { Name: 'primary', InstanceRole: 'MASTER', Market: 'ON_DEMAND', InstanceType: primary.type, InstanceCount: 1 },
    { Name: 'core', InstanceRole: 'CORE', Market: 'ON_DEMAND', InstanceType: core.type, InstanceCount: core.count, ...disks },
    ...task.map(({ type, count, market }, at) => ({
      ...{ Name: `task-${at + 1}`, InstanceRole: 'TASK', InstanceType: type, InstanceCount: count, ...disks },
      Market: market === 'spot' ? 'SPOT' : 'ON_DEMAND',
    })),
  ];
}

/** `ManagedScalingPolicy`: a member of the state can't be absent, so a cluster that is not to scale has its own size as both limits. */
export function scalingPolicy(cluster: OwnCluster): Readonly<Record<string, unknown>> {
  const { managedScaling } = cluster;
  const size = sizeOf(cluster);
  const { minimum, maximum, maximumOnDemand, maximumCore, unit } = managedScaling ?? { minimum: size, maximum: size };
  const UnitType = cluster.groups === undefined ? 'InstanceFleetUnits' : unit === 'vcpus' ? 'VCPU' : 'Instances';
  return {
    ComputeLimits: {
      UnitType,
      MinimumCapacityUnits: minimum,
      MaximumCapacityUnits: maximum,
      ...(maximumOnDemand === undefined ? {} : { MaximumOnDemandCapacityUnits: maximumOnDemand }),
      ...(maximumCore === undefined ? {} : { MaximumCoreCapacityUnits: maximumCore }),
    },
  };
}

/** Core and task nodes, as managed scaling counts them. */
function sizeOf({ groups, fleets, architecture }: OwnCluster): number {
  if (groups !== undefined) return [groups.core, ...groups.task].reduce((sum, { count }) => sum + count, 0);
  const { core, task } = fleets ?? defaultFleets(architecture);
  return core.onDemand + (task === null ? 0 : task.onDemand + task.spot);
}
