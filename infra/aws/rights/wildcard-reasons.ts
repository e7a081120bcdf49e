/** Why a policy names more than one resource, by action or by service. Whoever adds a wildcard writes its reason here. */

const OBJECTS = 'Objects are data: their keys are not known beforehand, and the bucket (or the prefix within it) is named.';

/** The reasons. */
export const WILDCARD_REASONS: Readonly<Record<string, string>> = {
  s3: OBJECTS,
  'elasticmapreduce:RunJobFlow': 'RunJobFlow knows no resource: the cluster is not there yet.',
  'elasticmapreduce:ListClusters': 'ListClusters knows no resource; clusters of a run are found by their name.',
  elasticmapreduce: 'A cluster of a run gets its id when it is made; which cluster a request names is not known beforehand.',
  'ec2:DescribeVolumes': 'Describe calls of EC2 know no resource; a node looks at its own volumes.',
  'ec2:DescribeVolumesModifications': 'Describe calls of EC2 know no resource; a node looks at its own volumes.',
  'ec2:ModifyVolume': 'Volumes come and go with clusters; only those that carry the tag of this workflow may be grown.',
  'states:DescribeExecution': 'Executions are named when they start; the machine is named.',
  'states:StopExecution': 'Executions are named when they start; the fan-out stops those that it started.',
  'states:StartExecution': 'The owner of the stack wrote down a pattern of machines that a run may start next.',
  'sts:AssumeRole': 'The owner of the stack wrote down a pattern of roles of other accounts; each of them has to trust the data role as well.',
  athena: "One workgroup of the workflow; its name begins with the workflow's.",
  glue: 'Tables carry the id of their run; database and beginning of the name are given.',
  'iam:CreateServiceLinkedRole': 'The service ends the name of its own role; the service is named by a condition.',
  kms: 'The owner of the stack wrote down a pattern of keys of the buckets that are copied.',
  'logs:CreateLogDelivery': 'The deliveries of vended logs know no resource.',
  'logs:GetLogDelivery': 'The deliveries of vended logs know no resource.',
  'logs:UpdateLogDelivery': 'The deliveries of vended logs know no resource.',
  'logs:DeleteLogDelivery': 'The deliveries of vended logs know no resource.',
  'logs:ListLogDeliveries': 'The deliveries of vended logs know no resource.',
  'logs:PutResourcePolicy': 'The deliveries of vended logs know no resource.',
  'logs:DescribeResourcePolicies': 'The deliveries of vended logs know no resource.',
  'logs:DescribeLogGroups': 'The deliveries of vended logs know no resource.',
  'xray:PutTraceSegments': 'X-Ray knows no resources for traces.',
  'xray:PutTelemetryRecords': 'X-Ray knows no resources for traces.',
  'xray:GetSamplingRules': 'X-Ray knows no resources for traces.',
  'xray:GetSamplingTargets': 'X-Ray knows no resources for traces.',
  ssm: 'Pairs are parameters below one path, which people add without another deployment.',
  lambda: 'Versions and aliases of a function that is named.',
  events: 'The owner of the stack wrote down a pattern of buses.',
  sns: 'The owner of the stack wrote down a pattern of topics.',
};
