/** The state machines, from the same sources as the definitions that the local engine runs. */
import { RemovalPolicy } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { definitionOf, MACHINES } from '../../../workflows/state-machine/definition.ts';
import { type HandlerName, handlerOf, placeholder, SUBSTITUTIONS } from '../../../workflows/state-machine/handlers.ts';
import type { WorkflowBase } from '../workflow-base.ts';
import { DefinitionText } from './definition-text.ts';

/** A machine of the definitions. */
export type MachineName = keyof typeof MACHINES;

/** Thrown where a definition leaves something open that the stack does not know. Final. */
export class SubstitutionError extends Error {
  override readonly name = 'SubstitutionError';
  readonly code = 'SUBSTITUTION_UNKNOWN';
  readonly retryable = false;

  constructor(machine: string, substitution: string) {
    super(`the definition ${machine} asks for ${placeholder(substitution)}, which the stack does not bind; infra/aws/copy-workflow.ts binds them`);
  }
}

/** Names of the machines in their order. */
export const MACHINE_NAMES = Object.keys(MACHINES) as readonly MachineName[];

/** What a definition leaves open, each once; the partition apart, which is always known. */
function openIn(machine: MachineName): readonly string[] {
  const text = JSON.stringify(definitionOf(MACHINES[machine]));
  return [...new Set([...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => String(name)))].filter((name) => name !== SUBSTITUTIONS.partition).toSorted();
}

/** Handlers that the machines call. */
export function handlersOf(machines: readonly MachineName[]): readonly HandlerName[] {
  return [...new Set(machines.flatMap(openIn))].flatMap((name) => handlerOf(placeholder(name)) ?? []).toSorted();
}

/** Name of a machine in the account. */
export function machineName(workflow: string, machine: MachineName): string {
  return `${workflow}-${machine}`;
}

/** A deployed machine. */
export class WorkflowMachine extends Construct {
  readonly machine: StateMachine;

  /** @param bound - values of what definitions leave open @param rights - beside those that its Tasks bring @throws SubstitutionError */
  constructor({ scope, name, key, logDays }: WorkflowBase, machine: MachineName, bound: Readonly<Record<string, string>>, rights: readonly PolicyStatement[]) {
    super(scope, machine);
    const open = openIn(machine);
    const unknown = open.find((substitution) => bound[substitution] === undefined);
    if (unknown !== undefined) throw new SubstitutionError(machine, unknown);
    const { comment, timeout, states } = MACHINES[machine];
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName: machineName(name, machine),
      stateMachineType: StateMachineType.STANDARD,
      comment,
      timeout,
      definitionBody: new DefinitionText(states(this)),
      definitionSubstitutions: Object.fromEntries(open.map((substitution) => [substitution, String(bound[substitution])])),
      tracingEnabled: true,
      logs: {
        level: LogLevel.ALL,
        // Requests and plans are in the history of the execution, which ends by itself; what is logged is who did what when.
        includeExecutionData: false,
        destination: new LogGroup(this, 'Log', {
          logGroupName: `/aws/vendedlogs/states/${machineName(name, machine)}`,
          encryptionKey: key,
          retention: logDays as RetentionDays,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      },
    });
    for (const statement of rights) this.machine.addToRolePolicy(statement);
  }
}
