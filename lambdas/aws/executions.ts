/** Executions of state machines. */
import { DescribeExecutionCommand, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { LockHolder } from '../lock/pair-locks.ts';
import type { EndedExecution } from '../summarize-fan-out/summarize-fan-out.ts';

/** Whether the execution that holds a lock still runs; one that the service has forgotten does not. */
export function executionRuns(client: Pick<SFNClient, 'send'>): (holder: LockHolder) => Promise<boolean> {
  return async ({ executionArn }) => {
    try {
      const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
      return status === 'RUNNING' || status === 'PENDING_REDRIVE';
    } catch (error) {
      if (error instanceof Error && error.name === 'ExecutionDoesNotExist') return false;
      throw error;
    }
  };
}

/** Starts executions by name. */
export function executionStarter(client: Pick<SFNClient, 'send'>, stateMachineArn: string): (name: string, input: unknown) => Promise<boolean> {
  return async (name, input) => {
    try {
      await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === 'ExecutionAlreadyExists') return false;
      throw error;
    }
  };
}

/** An execution of a machine by its name; null where the service has forgotten it, or never knew it. */
export function executionOfMachine(client: Pick<SFNClient, 'send'>, stateMachineArn: string): (name: string) => Promise<EndedExecution | null> {
  return async (name) => {
    const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    try {
      const { startDate, error, cause } = await client.send(new DescribeExecutionCommand({ executionArn }));
      return startDate === undefined ? null : { executionArn, startedAt: startDate, cause: cause ?? error ?? null };
    } catch (error) {
      if (error instanceof Error && error.name === 'ExecutionDoesNotExist') return null;
      throw error;
    }
  };
}
