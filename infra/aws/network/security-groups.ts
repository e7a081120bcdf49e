/** Three groups without any rule that lets somebody in: EMR itself adds those by which the nodes of a cluster reach each other. */
import { Tags, Validations } from 'aws-cdk-lib';
import { type IVpc, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { EMR_TAG } from '../names.ts';

/** Their ids. */
export interface SecurityGroups {
  readonly primary: string;
  readonly core: string;
  readonly serviceAccess: string;
}

/** The groups. Two workflows don't share them, since EMR's rules are for all clusters of a group. */
export function securityGroups(scope: Construct, vpc: IVpc): SecurityGroups {
  const group = (id: string, description: string, allowAllOutbound: boolean): string => {
    const made = new SecurityGroup(scope, id, { vpc, description, allowAllOutbound });
    Tags.of(made).add(EMR_TAG.key, EMR_TAG.value);
    Validations.of(made).acknowledge({ id: 'AwsSolutions-EC23', reason: 'It has no rule of ingress at all.' });
    return made.securityGroupId;
  };
  return {
    primary: group('PrimaryNodes', 'Primary nodes of clusters', true),
    core: group('CoreNodes', 'Core and task nodes of clusters', true),
    serviceAccess: group('ServiceAccess', 'Access of EMR to the nodes of a private subnet', false),
  };
}
