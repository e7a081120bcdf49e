/**
 * What happens after an execution, whatever the machine itself could still do: one that failed, timed out or was aborted has left a cluster
 * behind, perhaps; one that ended, in whatever way, may have something that runs next.
 */
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { WorkflowBase } from '../workflow-base.ts';

/** Who is called. */
export interface EndedRunsProps {
  readonly stopCluster: IFunction;
  readonly concludeRun: IFunction;
  readonly followRun: IFunction;
  readonly undelivered: IQueue;
  /** ARNs of the machines whose executions may leave something behind. */
  readonly machineArns: readonly string[];
  /** ARN of the machine of one run. */
  readonly copyRunArn: string;
}

/** Ends of an execution after which something may go on. */
const UNFINISHED = ['FAILED', 'TIMED_OUT', 'ABORTED'] as const;

/** The rules. */
export function endedRuns({ scope, name }: WorkflowBase, { stopCluster, concludeRun, followRun, undelivered, machineArns, copyRunArn }: EndedRunsProps): void {
  const rule = (id: string, description: string, target: IFunction, stateMachineArn: readonly string[], status: readonly string[]) =>
    new Rule(scope, `${id}-rule`, {
      ruleName: `${name}-${id}`,
      description,
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [...stateMachineArn], status: [...status] },
      },
      targets: [new LambdaFunction(target, { deadLetterQueue: undelivered, retryAttempts: 24 })],
    });
  rule('stop', 'Stops the cluster of an execution that did not end by itself', stopCluster, machineArns, UNFINISHED);
  rule('conclude', 'Draws up books and tells people where the machine could not', concludeRun, [copyRunArn], ['SUCCEEDED', ...UNFINISHED]);
  rule('follow', 'Starts what runs next, moves the watermark', followRun, [copyRunArn], ['SUCCEEDED', ...UNFINISHED]);
}
