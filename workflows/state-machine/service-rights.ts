/** What the role of a state machine may do, by the call that needs it. CDK gathers these from the Tasks when the machine is deployed. */
import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** `.sync` calls are woken by a rule that the service makes in the account; without these rights CreateStateMachine itself fails. */
function managedRule(name: string): PolicyStatement {
  return new PolicyStatement({
    actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
    resources: [`arn:${Aws.PARTITION}:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:rule/${name}`],
  });
}

function onClusters(...actions: readonly string[]): PolicyStatement {
  const clusters = `arn:${Aws.PARTITION}:elasticmapreduce:${Aws.REGION}:${Aws.ACCOUNT_ID}:cluster/*`;
  return new PolicyStatement({ actions: actions.map((action) => `elasticmapreduce:${action}`), resources: [clusters] });
}

/**
 * `createCluster.sync`. RunJobFlow knows no resource. Not here, because only the stack knows them: `iam:PassRole` on exactly the service
 * role and the role of the instance profile, and `iam:CreateServiceLinkedRole` for EMR where the account never had a cluster.
 */
export function createClusterRights(): readonly PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['elasticmapreduce:RunJobFlow'], resources: ['*'] }),
    onClusters('DescribeCluster', 'TerminateJobFlows', 'AddTags'),
    managedRule('StepFunctionsGetEventForEMRRunJobFlowRule'),
  ];
}

/** `addStep.sync`. */
export function addStepRights(): readonly PolicyStatement[] {
  return [onClusters('AddJobFlowSteps', 'DescribeStep', 'CancelSteps'), managedRule('StepFunctionsGetEventForEMRAddJobFlowStepsRule')];
}

/** `terminateCluster.sync`. */
export function terminateClusterRights(): readonly PolicyStatement[] {
  return [onClusters('TerminateJobFlows', 'DescribeCluster'), managedRule('StepFunctionsGetEventForEMRTerminateJobFlowsRule')];
}

/**
 * `startQueryExecution.sync`, in a workgroup and a database whose names begin with `carillon`. Not here: what Athena does in the caller's name on
 * the bucket of the run's directory and of its own results, which only the stack knows.
 */
export function athenaRights(): readonly PolicyStatement[] {
  const athena = `arn:${Aws.PARTITION}:athena:${Aws.REGION}:${Aws.ACCOUNT_ID}`;
  const glue = `arn:${Aws.PARTITION}:glue:${Aws.REGION}:${Aws.ACCOUNT_ID}`;
  return [
    new PolicyStatement({
      actions: ['StartQueryExecution', 'GetQueryExecution', 'StopQueryExecution', 'GetWorkGroup'].map((action) => `athena:${action}`),
      resources: [`${athena}:workgroup/carillon*`],
    }),
    new PolicyStatement({ actions: ['athena:GetDataCatalog'], resources: [`${athena}:datacatalog/AwsDataCatalog`] }),
    new PolicyStatement({
      actions: ['GetDatabase', 'GetTable', 'GetPartitions', 'CreateTable', 'DeleteTable'].map((action) => `glue:${action}`),
      resources: [`${glue}:catalog`, `${glue}:database/carillon*`, `${glue}:table/carillon*/carillon_*`],
    }),
  ];
}

/** `startExecution.sync:2`. Not here, because only the stack knows it: `states:StartExecution` on the machine of one run. */
export function startExecutionRights(): readonly PolicyStatement[] {
  const executions = `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:execution:*`;
  return [
    new PolicyStatement({ actions: ['states:DescribeExecution', 'states:StopExecution'], resources: [executions] }),
    managedRule('StepFunctionsGetEventsForStepFunctionsExecutionRule'),
  ];
}
