/** The functions: Node 24 on arm64, from the bundles of `make build`; each with a role of its own and a log group that ends. */
import { join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, type IFunction, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { allow } from '../rights/allow.ts';
import type { WorkflowBase } from '../workflow-base.ts';
import { FUNCTIONS, type FunctionName } from './function-table.ts';

/** What a function is made with. */
export interface FunctionProps {
  readonly name: FunctionName;
  /** Folder of the bundles, one folder a function. */
  readonly bundles: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly rights: readonly PolicyStatement[];
  /** What events could not be delivered. */
  readonly undelivered: IQueue;
}

/** A function and its role. */
export class WorkflowFunction extends Construct {
  readonly name: FunctionName;
  readonly function: IFunction;
  readonly role: Role;

  constructor({ scope, name: workflow, key, logDays }: WorkflowBase, { name, bundles, environment, rights, undelivered }: FunctionProps) {
    super(scope, name);
    this.name = name;
    const { memory, minutes, byEvents, description } = FUNCTIONS[name];
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${workflow}-${name}`,
      encryptionKey: key,
      retention: logDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), description });
    for (const statement of rights) this.role.addToPolicy(statement);
    this.role.addToPolicy(allow('logs', ['CreateLogStream', 'PutLogEvents'], [logGroup.logGroupArn]));
    this.function = new LambdaFunction(this, 'Function', {
      functionName: `${workflow}-${name}`,
      description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(join(bundles, name), { exclude: ['*.map'] }),
      memorySize: memory,
      timeout: Duration.minutes(minutes),
      role: this.role,
      environment: { POWERTOOLS_SERVICE_NAME: name, POWERTOOLS_METRICS_NAMESPACE: 'Carillon', ...environment },
      environmentEncryption: key,
      tracing: Tracing.ACTIVE,
      logGroup,
      ...(byEvents && { deadLetterQueue: undelivered, retryAttempts: 2, maxEventAge: Duration.hours(6) }),
    });
  }
}
