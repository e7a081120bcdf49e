/** An endpoint that speaks Step Functions' protocol as far as the command line asks it: executions that a test writes the history of. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One execution. */
export interface FakeExecution {
  readonly name: string;
  readonly input: string;
  /** Seconds since 1970. */
  readonly startDate: number;
  status: string;
  error?: string;
  cause?: string;
  /** Events without ids, which are numbered as they stand; `previousEventId` 0 means the one before. */
  readonly history: Record<string, unknown>[];
}

/** The endpoint. */
export interface FakeStates {
  readonly url: string;
  readonly machineArn: string;
  readonly executions: Map<string, FakeExecution>;
  /** Names of the operations that were asked for. */
  readonly asked: string[];
  close(): Promise<void>;
}

type Body = Readonly<Record<string, unknown>>;
type Answer = { readonly status?: number; readonly body: Body };

const REGION = 'eu-central-1';
const MACHINE = `arn:aws:states:${REGION}:111122223333:stateMachine:copy-run`;

/** Starts it. */
export async function fakeStates(): Promise<FakeStates> {
  const executions = new Map<string, FakeExecution>();
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    asked.push(operation);
    const signed = String(request.headers.authorization).includes('Credential=');
    const { status = 200, body } = signed ? answer(operation, await bodyOf(request), executions) : refused('MissingAuthenticationTokenException');
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ machineArn: MACHINE, executions, asked },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Body;
}

function refused(type: string, message = type): Answer {
  return { status: 400, body: { __type: `com.amazonaws.states#${type}`, message } };
}

function answer(operation: string, body: Body, executions: Map<string, FakeExecution>): Answer {
  if (operation === 'StartExecution') return start(body, executions);
  if (operation === 'ListExecutions')
    return { body: { executions: [...executions].map(([executionArn, one]) => ({ executionArn, ...one, input: undefined })).reverse() } };
  const arn = String(body.executionArn);
  const execution = executions.get(arn);
  if (execution === undefined) return refused('ExecutionDoesNotExist');
  if (operation === 'DescribeExecution') return { body: { executionArn: arn, ...execution, history: undefined } };
  if (operation === 'GetExecutionHistory') return page(body, execution);
  if (operation !== 'StopExecution') return refused('UnknownOperationException');
  Object.assign(execution, { status: 'ABORTED', error: body.error, cause: body.cause });
  return { body: { stopDate: Date.now() / 1000 } };
}

/** As documented: the same name and input answers with the execution that runs; anything else of that name is refused. */
function start({ name, input, stateMachineArn }: Body, executions: Map<string, FakeExecution>): Answer {
  if (stateMachineArn !== MACHINE) return refused('StateMachineDoesNotExist');
  const executionArn = `${MACHINE.replace(':stateMachine:', ':execution:')}:${String(name)}`;
  const there = executions.get(executionArn);
  if (there !== undefined && (there.input !== input || there.status !== 'RUNNING')) return refused('ExecutionAlreadyExists');
  const execution = there ?? { name: String(name), input: String(input), startDate: Date.now() / 1000, status: 'RUNNING', history: [] };
  executions.set(executionArn, execution);
  return { body: { executionArn, startDate: execution.startDate } };
}

/** Three events a page, so that pages are followed. */
function page({ reverseOrder, nextToken = '0' }: Body, { history }: FakeExecution): Answer {
  const events = history.map((event, at) => ({ timestamp: 1_760_000_000 + at, id: at + 1, previousEventId: at, ...event }));
  const ordered = reverseOrder === true ? events.reverse() : events;
  const from = Number(nextToken);
  return { body: { events: ordered.slice(from, from + 3), ...(from + 3 < ordered.length ? { nextToken: String(from + 3) } : {}) } };
}
