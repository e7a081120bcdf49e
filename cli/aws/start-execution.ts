/** Starts a request on AWS: the same name starts it once, however often it is asked. */
import { randomUUID } from 'node:crypto';
import { DescribeExecutionCommand, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { undiciTransport } from '../../emr-steps/s3/undici-transport.ts';
import { parseRequest } from '../../workflows/request/parse-request.ts';
import { readRequest } from '../commands/request-file.ts';
import type { Host } from '../host.ts';
import { PreflightError } from '../preflight/preflight-error.ts';
import { runOfExecution } from './execution-run.ts';
import { explainStatesError } from './explain-states-error.ts';
import { machineOf, type StatesArn, statesClient } from './states-client.ts';
import type { StatesValues } from './states-options.ts';

/** What is to be started. */
export interface StartOrder {
  /** A request, or a config file. */
  readonly file: string;
  readonly values: StatesValues & { readonly name: string | undefined; readonly pair: string | undefined; readonly resume: string | undefined };
  readonly host: Host;
}

/** What was started. */
export interface StartedExecution {
  readonly executionArn: string;
  readonly runId: string;
  /** False where one of this name was there. */
  readonly isNew: boolean;
}

/** Starts it. @throws PreflightError, RequestError before anything was started */
export async function startExecution({ file, values, host }: StartOrder): Promise<StartedExecution> {
  const machine = machineOf(values, host);
  const request = await readRequest(file, values.pair, values.resume);
  parseRequest(request);
  if (machine === null) throw new PreflightError(['no state machine is named; give its ARN by --state-machine or in CARILLON_STATE_MACHINE_ARN']);
  const transport = undiciTransport({ connections: 1 });
  const client = statesClient(machine.region, values, host, transport);
  try {
    return await started(client, machine, values.name ?? `carillon-${randomUUID()}`, JSON.stringify(request), host.signal);
  } catch (error) {
    throw explainStatesError(machine.arn, error);
  } finally {
    client.destroy();
    await transport.close();
  }
}

/** While one of this name and input runs, Step Functions itself answers with that one. */
async function started(client: SFNClient, { arn }: StatesArn, name: string, input: string, abortSignal: AbortSignal): Promise<StartedExecution> {
  const before = Date.now();
  try {
    const { executionArn = '', startDate = new Date() } = await client.send(new StartExecutionCommand({ stateMachineArn: arn, name, input }), { abortSignal });
    return { executionArn, runId: runOfExecution({ executionArn, startDate, input }), isNew: startDate.getTime() >= before - CLOCK_DRIFT };
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ExecutionAlreadyExists') throw error;
    const executionArn = `${arn.replace(':stateMachine:', ':execution:')}:${name}`;
    const there = await client.send(new DescribeExecutionCommand({ executionArn }), { abortSignal });
    return { executionArn, runId: runOfExecution(there), isNew: false };
  }
}

/** Milliseconds by which clocks may differ. */
const CLOCK_DRIFT = 5_000;
