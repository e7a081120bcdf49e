/** From a run id to its execution: the id is a function of the start and ARN of the execution that began the run. */
import { DescribeExecutionCommand, type ExecutionListItem, ListExecutionsCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { runIdOf } from '../../workflows/plan/run-id.ts';
import { runOfExecution } from './execution-run.ts';

/** Pages of 1,000 executions that are looked through, the newest first. */
const MOST_PAGES = 20;

/** Executions since a run began that are asked whether they go on with it, the newest first: a request each. */
const MOST_ASKED = 200;

/** The ARN of the execution that has the run: the newest that goes on with it, else the one that began it; null where none of the machine's newest did. */
export async function findExecution(client: SFNClient, machineArn: string, runId: string, signal: AbortSignal): Promise<string | null> {
  const since: string[] = [];
  for await (const { executionArn = '', startDate = new Date(0) } of executions(client, machineArn, signal)) {
    if (runIdOf(startDate, executionArn) === runId) return (await resuming(client, since.slice(0, MOST_ASKED), runId, signal)) ?? executionArn;
    since.push(executionArn);
  }
  return null;
}

async function* executions(client: SFNClient, stateMachineArn: string, abortSignal: AbortSignal): AsyncGenerator<ExecutionListItem> {
  let nextToken: string | undefined;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const answer = await client.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 1000, nextToken }), { abortSignal });
    yield* answer.executions ?? [];
    nextToken = answer.nextToken;
    if (nextToken === undefined) return;
  }
}

async function resuming(client: SFNClient, arns: readonly string[], runId: string, abortSignal: AbortSignal): Promise<string | null> {
  for (const executionArn of arns)
    if (runOfExecution(await client.send(new DescribeExecutionCommand({ executionArn }), { abortSignal })) === runId) return executionArn;
  return null;
}
