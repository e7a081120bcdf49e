/** A definition whose partition is CloudFormation's own reference: every other substitution is a name, but this one stands within ARNs that checks of templates read. */
import { Aws, Stack } from 'aws-cdk-lib';
import type { IPrincipal } from 'aws-cdk-lib/aws-iam';
import { ChainDefinitionBody, type DefinitionConfig, type StateGraph, type StateMachineProps } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { placeholder, SUBSTITUTIONS } from '../../../workflows/state-machine/handlers.ts';

/** The body of a machine. */
export class DefinitionText extends ChainDefinitionBody {
  override bind(scope: Construct, principal: IPrincipal, props: StateMachineProps, graph?: StateGraph): DefinitionConfig {
    const { definitionString } = super.bind(scope, principal, props, graph);
    const text = String(Stack.of(scope).resolve(definitionString));
    return { definitionString: text.replaceAll(placeholder(SUBSTITUTIONS.partition), Aws.PARTITION) };
  }
}
