/** A Task that asks a service: CDK's base class with parameters that are references or literals, and none of CDK's own defaults. */
import type { Duration } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { JsonPath, type RetryProps, type TaskMetricsConfig, TaskStateBase, Timeout } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { placeholder, SUBSTITUTIONS } from './handlers.ts';
import { rendered } from './state-path.ts';

/** What a Task needs. */
export interface ServiceTaskProps {
  /** What the state does and why, for the console's graph. */
  readonly comment: string;
  /** Such as `elasticmapreduce:addStep.sync`. */
  readonly call: string;
  /** A template. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** A template over the answer. Always given: answers of `.sync` calls are large. */
  readonly resultSelector: Readonly<Record<string, unknown>>;
  /** Member of the state that takes the result; null: the state goes on as it was. `$`: the result becomes the state. */
  readonly resultPath: string | null;
  readonly timeout: Duration;
  readonly retry: RetryProps;
  /** Rights of the machine's role. None for handlers: the stack that holds the functions grants these. */
  readonly rights: readonly PolicyStatement[];
}

/** The Task. */
export class ServiceTask extends TaskStateBase {
  protected readonly taskMetrics: TaskMetricsConfig = {};
  protected readonly taskPolicies: PolicyStatement[];
  readonly #task: Pick<ServiceTaskProps, 'call' | 'parameters' | 'resultSelector'>;

  constructor(scope: Construct, name: string, props: ServiceTaskProps) {
    super(scope, name, { comment: props.comment, taskTimeout: Timeout.duration(props.timeout), resultPath: props.resultPath ?? JsonPath.DISCARD });
    this.#task = props;
    this.taskPolicies = [...props.rights];
    this.addRetry(props.retry);
  }

  protected _renderTask(): Record<string, unknown> {
    const { call, parameters, resultSelector } = this.#task;
    return {
      Resource: `arn:${placeholder(SUBSTITUTIONS.partition)}:states:::${call}`,
      Parameters: rendered(parameters),
      ResultSelector: rendered(resultSelector),
    };
  }
}
