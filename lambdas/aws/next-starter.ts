/** Starts what a request wants next: a state machine, a function, a Glue job, or an event. */
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { type GlueClient, StartJobRunCommand } from '@aws-sdk/client-glue';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { RunOutput } from '../../workflows/events/run-output.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import { executionStarter } from './executions.ts';
import { putEvent } from './publishers.ts';

/** Clients of what may be started. */
export interface NextClients {
  readonly states: Pick<SFNClient, 'send'>;
  readonly lambda: Pick<LambdaClient, 'send'>;
  readonly glue: Pick<GlueClient, 'send'>;
  readonly events: Pick<EventBridgeClient, 'send'>;
}

type Next = NonNullable<RunRequest['next']>;

/** Arguments of a Glue job that the run gives it, beside those of the request. */
const JOB_ARGUMENTS = { output: '--carillon-output', run: '--carillon-run' } as const;

/** The starter. An execution bears the run's id as its name, so that it is started once. */
export function nextStarter(clients: NextClients): (next: Next, output: RunOutput, outputPlace: string) => Promise<void> {
  return async (next, output, outputPlace) => {
    switch (next.kind) {
      case 'state-machine':
        await executionStarter(clients.states, next.stateMachineArn)(output.runId, output);
        return;
      case 'lambda':
        await clients.lambda.send(new InvokeCommand({ FunctionName: next.functionArn, InvocationType: 'Event', Payload: Buffer.from(JSON.stringify(output)) }));
        return;
      case 'glue-job': {
        const Arguments = { ...next.arguments, [JOB_ARGUMENTS.output]: outputPlace, [JOB_ARGUMENTS.run]: output.runId };
        await clients.glue.send(new StartJobRunCommand({ JobName: next.jobName, Arguments }));
        return;
      }
      case 'event':
        await putEvent(clients.events, { EventBusName: next.busName, Source: next.source, DetailType: next.detailType, Detail: JSON.stringify(output) });
    }
  };
}
