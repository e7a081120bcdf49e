/** From a run id to its execution: the id is a function of the execution's start and ARN. */
import { ListExecutionsCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { runIdOf } from '../../workflows/plan/run-id.ts';

/** Pages of 1,000 executions that are looked through, the newest first. */
const MOST_PAGES = 20;

/** The ARN; null where none of the machine's newest executions has this run. */
export async function findExecution(client: SFNClient, machineArn: string, runId: string, signal: AbortSignal): Promise<string | null> {
  let nextToken: string | undefined;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const answer = await client.send(new ListExecutionsCommand({ stateMachineArn: machineArn, maxResults: 1000, nextToken }), { abortSignal: signal });
    const found = (answer.executions ?? []).find(({ executionArn, startDate }) => runIdOf(startDate ?? new Date(0), executionArn ?? '') === runId);
    if (found !== undefined) return found.executionArn ?? null;
    nextToken = answer.nextToken;
    if (nextToken === undefined) return null;
  }
  return null;
}
