import type { EMRClient } from '@aws-sdk/client-emr';
import { describe, expect, it } from 'vitest';
import { chosenCluster } from '../../../lambdas/aws/chosen-cluster.ts';
import { ownSlots } from '../../../lambdas/aws/cluster-size.ts';
import { coresOf, slotsOf } from '../../../lambdas/aws/instance-size.ts';
import { clusterSettings } from '../../../lambdas/aws/settings.ts';
import { RefusedError } from '../../../lambdas/run/refused-error.ts';
import { parseRequest } from '../../../workflows/request/parse-request.ts';
import type { RunRequestInput } from '../../../workflows/request/run-request.ts';
import { CLUSTER_SETTINGS as SETTINGS } from '../../helpers/machine-samples.ts';

type Answers = Readonly<Record<string, () => unknown>>;

/** An EMR that answers by command. */
function emr(answers: Answers = {}): Pick<EMRClient, 'send'> {
  const send = async (command: object) => {
    const answer = answers[command.constructor.name.replace(/Command$/, '')];
    if (answer === undefined) throw new Error(`${command.constructor.name} was not expected`);
    return answer();
  };
  return { send } as unknown as Pick<EMRClient, 'send'>;
}

function chosen(cluster: RunRequestInput['cluster'], answers: Answers = {}, members: Partial<RunRequestInput> = {}) {
  const request = parseRequest({ source: { bucket: 'a' }, destination: { bucket: 'b' }, ...(cluster === undefined ? {} : { cluster }), ...members });
  return chosenCluster(SETTINGS, emr(answers), request, 'run-1');
}

const fleets = { primary: { types: ['m7g.xlarge'] }, core: { types: [{ type: 'm7g.2xlarge' }], onDemand: 2 } };
const groups = { primary: { type: 'm7g.xlarge' }, core: { type: 'm7g.2xlarge', count: 3 } };

describe('a cluster of the run’s own', () => {
  it('is named by the run, tagged as EMR’s policy wants, and ends with the run', async () => {
    const { createCluster, terminateCluster, listTogether, cluster, facts } = await chosen(undefined);
    expect({ createCluster, terminateCluster, listTogether }).toEqual({ createCluster: true, terminateCluster: true, listTogether: false });
    expect(cluster).toMatchObject({ id: '', name: 'run-1', parameters: { Name: 'run-1', ReleaseLabel: 'emr-7.10.0', LogUri: 's3://work-bucket/logs/' } });
    expect(cluster.parameters.Tags).toEqual([
      { Key: 'for-use-with-amazon-emr-managed-policies', Value: 'true' },
      { Key: 'carillon:run', Value: 'run-1' },
    ]);
    expect(cluster.parameters.Applications).toEqual([{ Name: 'Hadoop' }]);
    expect(facts).toMatchObject({
      kind: 'hadoop',
      nodeArchive: 's3://assets/1.tar.gz',
      files: SETTINGS.files,
      dataRole: SETTINGS.dataRole,
      slots: 16,
      waves: 4,
    });
  });

  it('has Spot on task nodes alone, and application masters on core nodes', async () => {
    const task = { types: [{ type: 'm7g.2xlarge', weight: 2 }], spot: 10, bidPercent: 60, afterTimeout: 'give-up' as const };
    const { cluster } = await chosen({ use: 'own', fleets: { ...fleets, task } });
    const { Instances, Configurations } = cluster.parameters;
    const [primary, core, last] = Instances.InstanceFleets as { TargetSpotCapacity?: number; LaunchSpecifications?: object; InstanceTypeConfigs: object[] }[];
    expect([primary, core].map((fleet) => fleet?.TargetSpotCapacity)).toEqual([undefined, undefined]);
    expect(last).toMatchObject({
      TargetSpotCapacity: 10,
      LaunchSpecifications: { SpotSpecification: { TimeoutAction: 'TERMINATE_CLUSTER', TimeoutDurationMinutes: 20 } },
    });
    expect(last?.InstanceTypeConfigs[0]).toMatchObject({ WeightedCapacity: 2, BidPriceAsPercentageOfOnDemandPrice: 60 });
    expect(JSON.stringify(Configurations)).toContain('"yarn.node-labels.am.default-node-label-expression":"CORE"');
  });

  it('is kept alive for steps that come one by one, in the subnets and groups of the stack', async () => {
    const { cluster } = await chosen(undefined);
    expect(cluster.parameters.Instances).toMatchObject({
      KeepJobFlowAliveWhenNoSteps: true,
      TerminationProtected: false,
      Ec2SubnetIds: SETTINGS.subnetIds,
      EmrManagedMasterSecurityGroup: 'sg-1',
      EmrManagedSlaveSecurityGroup: 'sg-2',
      ServiceAccessSecurityGroup: 'sg-3',
    });
  });

  it('has groups where the request names groups, which take one subnet', async () => {
    const { cluster } = await chosen({ use: 'own', groups: { ...groups, task: [{ type: 'c7g.xlarge', count: 4, market: 'spot' }] } });
    expect(cluster.parameters.Instances).toMatchObject({
      Ec2SubnetId: 'subnet-01234567',
      InstanceGroups: [
        { InstanceRole: 'MASTER', Market: 'ON_DEMAND', InstanceCount: 1 },
        { InstanceRole: 'CORE', Market: 'ON_DEMAND', InstanceCount: 3 },
        { InstanceRole: 'TASK', Market: 'SPOT', InstanceCount: 4 },
      ],
    });
    expect(cluster.parameters.Instances).not.toHaveProperty('Ec2SubnetIds');
    expect(cluster.parameters.ManagedScalingPolicy).toEqual({ ComputeLimits: { UnitType: 'Instances', MinimumCapacityUnits: 7, MaximumCapacityUnits: 7 } });
  });

  it('scales as asked, with no fewer places than at its largest', async () => {
    const { cluster, facts } = await chosen({ use: 'own', fleets, managedScaling: { minimum: 2, maximum: 20, maximumOnDemand: 4, maximumCore: 3 } });
    expect(cluster.parameters.ManagedScalingPolicy).toEqual({
      ComputeLimits: {
        UnitType: 'InstanceFleetUnits',
        MinimumCapacityUnits: 2,
        MaximumCapacityUnits: 20,
        MaximumOnDemandCapacityUnits: 4,
        MaximumCoreCapacityUnits: 3,
      },
    });
    expect(facts.slots).toBe(160);
  });

  it('has disks, bootstrap actions after those of the stack, and tags as asked', async () => {
    const { cluster } = await chosen({
      use: 'own',
      disks: { volumes: 4, gigabytes: 100, throughput: 250, rootGigabytes: 40 },
      bootstrapActions: [{ name: 'own', location: 's3://scripts/own.sh' }],
      tags: { cost: '42' },
      logs: 's3://logs/here',
    });
    const { parameters } = cluster;
    expect(parameters.EbsRootVolumeSize).toBe(40);
    expect(JSON.stringify(parameters.Instances)).toContain('"VolumesPerInstance":4,"VolumeSpecification":{"VolumeType":"gp3","SizeInGB":100,"Throughput":250}');
    expect(parameters.BootstrapActions.map(({ Name }) => Name)).toEqual(['grow-volumes', 'own']);
    expect(parameters.Tags).toContainEqual({ Key: 'cost', Value: '42' });
    expect(parameters.LogUri).toBe('s3://logs/here/');
  });

  it('has Hive and lists both sides at once where the diff needs it', async () => {
    const { cluster, listTogether } = await chosen(undefined, {}, { diff: { engine: 'hive' } });
    expect(cluster.parameters.Applications).toEqual([{ Name: 'Hadoop' }, { Name: 'Hive' }]);
    expect([listTogether, cluster.parameters.StepConcurrencyLevel]).toEqual([true, 2]);
  });

  it('is of an image, or with Kerberos, where the request says so, and bears no such member elsewhere', async () => {
    const kerberos = { realm: 'R', kdcAdminPassword: 'p', adDomainJoinUser: 'u' };
    const { cluster } = await chosen({ use: 'own', customAmi: 'ami-01234567', kerberos, securityConfiguration: 'kerberized' });
    expect(cluster.parameters).toMatchObject({
      CustomAmiId: 'ami-01234567',
      KerberosAttributes: { Realm: 'R', KdcAdminPassword: 'p', ADDomainJoinUser: 'u' },
      SecurityConfiguration: 'kerberized',
    });
    expect(Object.keys((await chosen(undefined)).cluster.parameters).filter((name) => /Ami|Kerberos/.test(name))).toEqual([]);
  });

  it('that is kept, or in subnets of others, is told of', async () => {
    const { terminateCluster, findings } = await chosen({ use: 'own', keep: true, subnetIds: ['subnet-00000000'], securityConfiguration: 'theirs' });
    expect(terminateCluster).toBe(false);
    expect(findings?.map(({ code }) => code)).toEqual(['subnets-of-others', 'security-configuration-of-others', 'cluster-is-kept']);
  });
});

describe('a given cluster', () => {
  const id = 'j-2AXXXXXXGAPLF';
  const described = {
    Name: 'shared',
    Status: { State: 'WAITING' },
    ReleaseLabel: 'emr-7.5.0',
    Applications: [{ Name: 'Hadoop' }, { Name: 'Hive' }],
    StepConcurrencyLevel: 4,
    InstanceCollectionType: 'INSTANCE_GROUP',
    Ec2InstanceAttributes: { IamInstanceProfile: 'carillon-nodes' },
  };
  const answering = (change: object = {}): Answers => ({
    DescribeCluster: () => ({ Cluster: { ...described, ...change } }),
    ListInstanceGroups: () => ({
      InstanceGroups: [
        { InstanceGroupType: 'MASTER', InstanceType: 'm7g.xlarge', RequestedInstanceCount: 1 },
        { InstanceGroupType: 'CORE', InstanceType: 'm7g.2xlarge', RequestedInstanceCount: 5 },
      ],
    }),
    ListInstanceFleets: () => ({
      InstanceFleets: [
        { InstanceFleetType: 'MASTER', TargetOnDemandCapacity: 1 },
        { InstanceFleetType: 'CORE', TargetOnDemandCapacity: 8, InstanceTypeSpecifications: [{ InstanceType: 'm7g.2xlarge', WeightedCapacity: 4 }] },
      ],
    }),
  });

  it('is left as it is, and is as large as its core and task nodes', async () => {
    const { createCluster, terminateCluster, listTogether, cluster, facts, findings } = await chosen({ use: 'given', id }, answering());
    expect({ createCluster, terminateCluster, listTogether, id: cluster.id }).toEqual({
      createCluster: false,
      terminateCluster: false,
      listTogether: true,
      id,
    });
    expect(facts.slots).toBe(40);
    expect(findings).toEqual([]);
    expect((await chosen({ use: 'given', id }, answering({ InstanceCollectionType: 'INSTANCE_FLEET' }))).facts.slots).toBe(16);
  });

  it.each([
    [{ Status: { State: 'TERMINATED' } }, /is TERMINATED; one is needed that takes steps/],
    [{ ReleaseLabel: 'emr-6.15.0' }, /the release \(emr-6\.15\.0\) of cluster j-\w+ is older than emr-7\.0\.0.*glibc/],
    [{ Applications: [{ Name: 'Hadoop' }] }, /has no Hive, which the diff needs; it has Hadoop; compare by Athena/],
    [{ AutoTerminate: true }, /ends by itself after its last step/],
  ])('is refused where it is %o', async (change, why) => {
    const error = await chosen({ use: 'given', id }, answering(change), { diff: { engine: 'hive' } }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RefusedError);
    expect((error as RefusedError).message).toMatch(why);
  });

  it('that is not there is refused, and no other error is taken for that', async () => {
    const failing = (name: string) => ({ DescribeCluster: () => Promise.reject(Object.assign(new Error('Cluster id is not valid'), { name })) });
    await expect(chosen({ use: 'given', id }, failing('InvalidRequestException'))).rejects.toBeInstanceOf(RefusedError);
    await expect(chosen({ use: 'given', id }, failing('ThrottlingException'))).rejects.not.toBeInstanceOf(RefusedError);
  });

  it('of another role, or of one step at a time, is told of', async () => {
    const change = { StepConcurrencyLevel: 1, Ec2InstanceAttributes: { IamInstanceProfile: 'arn:aws:iam::1:instance-profile/EMR_EC2_DefaultRole' } };
    const { findings } = await chosen({ use: 'given', id }, answering(change));
    expect(findings?.map(({ code }) => code)).toEqual(['nodes-of-another-role', 'one-step-at-a-time']);
    expect(findings?.[0]?.message).toContain('arn:aws:iam::111122223333:role/carillon-data must trust that role');
  });
});

describe('the size of instances', () => {
  it('is told by their names', () => {
    expect(['m7g.medium', 'm7g.large', 'm7g.xlarge', 'm7g.16xlarge', 'm7g.metal-48xl'].map(coresOf)).toEqual([1, 2, 4, 64, 192]);
  });

  it('is limited by memory where tasks need more of it than processors give', () => {
    expect(slotsOf('c7g.2xlarge')).toBe(8);
    expect(slotsOf('c7g.2xlarge', 3072)).toBe(4);
    expect(slotsOf('r7g.2xlarge', 3072)).toBe(8);
  });

  it('is never nothing', () => {
    const request = parseRequest({ source: { bucket: 'a' }, destination: { bucket: 'b' } });
    expect(request.cluster.use === 'own' && ownSlots(request.cluster, 1_000_000)).toBe(2);
  });
});

describe('the settings of the stack', () => {
  it('are one variable', () => {
    expect(clusterSettings({ CARILLON_CLUSTER: JSON.stringify(SETTINGS) })).toEqual(SETTINGS);
  });
});
