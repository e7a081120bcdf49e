/** Where clusters stand: private subnets, a way to S3 that costs nothing, and either NAT or endpoints for what else a node asks. */
import { Annotations, Fn, Tags } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { EMR_TAG } from '../names.ts';
import type { WorkflowBase } from '../workflow-base.ts';

/** A network that is made with the stack, or one that is there. */
export type NetworkChoice =
  | {
      readonly kind: 'new';
      /**
       * `nat`: nodes reach everything through NAT; needed for managed scaling and for pairs of buckets in two Regions. `endpoints`: they reach
       * S3, STS, KMS, EC2 and nothing else.
       */
      readonly egress: 'nat' | 'endpoints';
      /** Default: 10.64.0.0/16. */
      readonly cidr?: string;
      /** A gateway endpoint serves no request that crosses Regions (403): false takes it out, so that S3 is reached through NAT. Default: true. */
      readonly s3Endpoint?: boolean;
    }
  | {
      readonly kind: 'given';
      readonly vpcId: string;
      /** Private ones, each with the tag of EMR's service role (see docs/deploying.md). */
      readonly subnetIds: readonly string[];
    };

/** The network of a workflow. */
export interface Network {
  readonly vpc: IVpc;
  readonly subnetIds: readonly string[];
}

/** What nodes ask besides S3: sessions, keys, and, to grow their volumes, EC2. */
const ENDPOINTS = {
  Sts: InterfaceVpcEndpointAwsService.STS,
  Kms: InterfaceVpcEndpointAwsService.KMS,
  Ec2: InterfaceVpcEndpointAwsService.EC2,
} as const;

/** Addresses of a network where nobody names others. */
const CIDR = '10.64.0.0/16';

/** The network. */
export function network({ scope, key, logDays }: WorkflowBase, choice: NetworkChoice): Network {
  if (choice.kind === 'given') return given(scope, choice);
  const vpc = newVpc(scope, choice);
  const logGroup = new LogGroup(vpc, 'FlowLogs', { encryptionKey: key, retention: logDays as RetentionDays });
  vpc.addFlowLog('Traffic', { destination: FlowLogDestination.toCloudWatchLogs(logGroup), trafficType: FlowLogTrafficType.REJECT });
  if (choice.egress === 'endpoints') addEndpoints(vpc, choice.cidr ?? CIDR);
  const { subnets, subnetIds } = vpc.selectSubnets({ subnetGroupName: 'clusters' });
  for (const subnet of subnets) Tags.of(subnet).add(EMR_TAG.key, EMR_TAG.value);
  // CDK's own class does not fit CDK's interface where optional members are exact.
  return { vpc: vpc as IVpc, subnetIds };
}

/** The services inside of the network; who stands in it may ask them. */
function addEndpoints(vpc: Vpc, cidr: string): void {
  const group = new SecurityGroup(vpc, 'Endpoints', { vpc: vpc as IVpc, description: 'Endpoints of services for clusters', allowAllOutbound: false });
  group.addIngressRule(Peer.ipv4(cidr), Port.HTTPS, 'from this network');
  for (const [id, service] of Object.entries(ENDPOINTS)) vpc.addInterfaceEndpoint(id, { service, open: false, securityGroups: [group] });
}

function newVpc(scope: Construct, { egress, cidr = CIDR, s3Endpoint = true }: NetworkChoice & { readonly kind: 'new' }): Vpc {
  if (egress === 'endpoints' && !s3Endpoint)
    Annotations.of(scope).addError('without NAT the S3 endpoint is the only way to S3; leave s3Endpoint true, or take egress nat');
  const clusters = { name: 'clusters', cidrMask: 20, subnetType: egress === 'nat' ? SubnetType.PRIVATE_WITH_EGRESS : SubnetType.PRIVATE_ISOLATED };
  const nat = { name: 'nat', cidrMask: 28, subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false };
  return new Vpc(scope, 'Vpc', {
    ipAddresses: IpAddresses.cidr(cidr),
    // By themselves: a look-up would ask the account at synthesis.
    availabilityZones: [0, 1].map((zone) => Fn.select(zone, Fn.getAzs())),
    natGateways: egress === 'nat' ? 1 : 0,
    restrictDefaultSecurityGroup: false,
    subnetConfiguration: egress === 'nat' ? [nat, clusters] : [clusters],
    ...(s3Endpoint && { gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } } }),
  });
}

function given(scope: Construct, { vpcId, subnetIds }: NetworkChoice & { readonly kind: 'given' }): Network {
  // Only security groups are made in it, which need its id and nothing else.
  const vpc = Vpc.fromVpcAttributes(scope, 'Vpc', { vpcId, availabilityZones: ['unused'] });
  return { vpc, subnetIds };
}
