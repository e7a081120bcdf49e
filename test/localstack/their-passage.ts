/** A scenario on LocalStack: the same definition, with its substitutions filled in and its waits cut short. */

import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { MachineDefinition } from '../../infra/local/engine/definition.ts';
import type { Answer, Answers } from './answers.ts';
import { inOrder, type Passage } from './passed-states.ts';

const ACCOUNT = '000000000000';
const REGION = 'us-east-1';

/** Times that a task may be called in a scenario: a mocked task has an answer for each call and none beyond. */
const MOST_CALLS = 40;

/** A client of it. */
export function statesClient(endpoint: string): SFNClient {
  return new SFNClient({ endpoint, region: REGION, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
}

/** Creates the machine. @returns its ARN */
export async function createMachine(client: SFNClient, name: string, definition: MachineDefinition): Promise<string> {
  const text = JSON.stringify(shortened(definition))
    .replaceAll(/\$\{Partition\}/g, 'aws')
    .replaceAll(/\$\{(\w+)FunctionArn\}/g, `arn:aws:lambda:${REGION}:${ACCOUNT}:function:$1`)
    .replaceAll(/\$\{(\w+)StateMachineArn\}/g, `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:$1`);
  const { stateMachineArn = '' } = await client.send(new CreateStateMachineCommand({ name, definition: text, roleArn: `arn:aws:iam::${ACCOUNT}:role/states` }));
  return stateMachineArn;
}

/** The file of mocked answers. @param scenarios - answers by machine and by name of the case */
export function mockFile(scenarios: Readonly<Record<string, Readonly<Record<string, Answers>>>>): string {
  const StateMachines: Record<string, unknown> = {};
  const MockedResponses: Record<string, unknown> = {};
  for (const [machine, cases] of Object.entries(scenarios)) {
    const named = Object.entries(cases).map(([name, answers]) => {
      for (const [state, given] of Object.entries(answers)) MockedResponses[`${machine}/${name}/${state}`] = numbered(given);
      return [name, Object.fromEntries(Object.keys(answers).map((state) => [state, `${machine}/${name}/${state}`]))];
    });
    StateMachines[machine] = { TestCases: Object.fromEntries(named) };
  }
  return JSON.stringify({ StateMachines, MockedResponses });
}

function numbered(answers: readonly Answer[]): Readonly<Record<string, unknown>> {
  const mocked = answers.map((answer) => ('throws' in answer ? { Throw: { Error: answer.throws, Cause: answer.cause ?? '' } } : { Return: answer.returns }));
  return Object.fromEntries(mocked.map((mock, at) => [at < mocked.length - 1 ? String(at) : `${at}-${MOST_CALLS}`, mock]));
}

/** Runs a case of the file to its end. */
export async function theirPassage(client: SFNClient, machineArn: string, name: string, definition: MachineDefinition): Promise<Passage> {
  const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn: `${machineArn}#${name}`, input: '{}' }));
  for (;;) {
    const { status, error } = await client.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== 'RUNNING') {
      const entered = (await history(client, executionArn)).flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
      return { states: inOrder(definition, entered), end: status === 'FAILED' ? String(error) : String(status) };
    }
    await sleep(100);
  }
}

async function history(client: SFNClient, executionArn: string | undefined): Promise<readonly HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page: { events?: HistoryEvent[] | undefined; nextToken?: string | undefined } = await client.send(
      new GetExecutionHistoryCommand({ executionArn, nextToken, includeExecutionData: false }),
    );
    events.push(...(page.events ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return events;
}

/** Waits and those between retries last a second: what is compared is the order of states. */
function shortened(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shortened);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, inner]) => [name, SECONDS.has(name) ? 1 : shortened(inner)]);
  return Object.fromEntries(members.filter(([name]) => name !== 'MaxDelaySeconds' && name !== 'JitterStrategy'));
}

const SECONDS = new Set(['Seconds', 'IntervalSeconds', 'BackoffRate']);
