/** A fan-out on this machine: the machine above runs here as on AWS, and each child is a run with a cluster of its own. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { OUTPUT_FILE } from '../../../emr-steps/run-directory/layout.ts';
import { notifyHandler } from '../../../lambdas/notify/handler.ts';
import { prepareFanOutHandler } from '../../../lambdas/prepare-fan-out/handler.ts';
import { releaseLockHandler } from '../../../lambdas/release-lock/handler.ts';
import { silentInstruments } from '../../../lambdas/runtime/instruments.ts';
import { summarizeFanOutHandler } from '../../../lambdas/summarize-fan-out/handler.ts';
import type { EndedExecution } from '../../../lambdas/summarize-fan-out/summarize-fan-out.ts';
import type { FanOutOutput } from '../../../workflows/events/fan-out-output.ts';
import type { FanOutResult } from '../../../workflows/plan/fan-out-state.ts';
import { runIdOf } from '../../../workflows/plan/run-id.ts';
import { type ExecutionContext, REFUSED_ERROR } from '../../../workflows/plan/run-state.ts';
import { childEvents } from './child-events.ts';
import { readDefinition } from './definition.ts';
import { type ExecutionEnd, execute } from './execute.ts';
import { type ChildExecution, type KnownExecution, type LocalExecutions, localExecutions } from './execution-binding.ts';
import { functionNames, invoke, lambdaBinding } from './lambda-binding.ts';
import { type CommonDeps, commonDeps } from './local-deps.ts';
import { runPlace } from './run-place.ts';
import { type LocalOrder, runRequest, WAIT_FACTOR } from './run-request.ts';

/** How a fan-out ended. */
export interface LocalFanOutEnd {
  readonly runId: string;
  readonly end: ExecutionEnd;
  /** Null where the fan-out was refused. */
  readonly output: FanOutOutput | null;
}

const MACHINE = 'fan-out';

/** Runs it. @throws DefinitionMissingError; whatever else happens is the execution's end */
export async function runFanOut(order: LocalOrder): Promise<LocalFanOutEnd> {
  const definition = await readDefinition(order.root, MACHINE);
  const name = randomUUID();
  const arn = `arn:aws:states:local:000000000000:execution:${MACHINE}:${name}`;
  const startedAt = new Date();
  const runId = runIdOf(startedAt, arn);
  const place = await runPlace(join(order.runs, runId));
  const common = commonDeps(order);
  const executions = localExecutions((child) => runChild(order, child));
  const handlers = fanOutHandlers(common, executions);
  const { request: input, emit, signal, waitFactor = WAIT_FACTOR, bind = (same) => same } = order;
  const problems = [...(order.problems ?? []), ...place.problems];
  try {
    if (problems.length > 0) return { runId, end: refusal(problems), output: null };
    const calls = { 'lambda:invoke': lambdaBinding(handlers), ...executions.bindings };
    const bindings = bind({ calls, functions: functionNames(handlers) });
    const end = await execute({ definition, arn, name, startedAt, input, bindings, emit, signal, waitFactor });
    const context = { executionArn: arn, startedAt: startedAt.toISOString() };
    if (end.status !== 'SUCCEEDED') await afterwards(handlers, context, executions, (await outputOf(common, runId)) === null);
    return { runId, end, output: await outputOf(common, runId) };
  } finally {
    await place.release();
  }
}

function refusal(problems: readonly string[]): ExecutionEnd {
  return { status: 'FAILED', error: REFUSED_ERROR, cause: problems.join('\n') };
}

/** A child is told apart by the beginning of its name, which the fan-out gave it. */
async function runChild(order: LocalOrder, { input, signal, ...execution }: ChildExecution): Promise<ExecutionEnd> {
  const { bind: _, ...rest } = order;
  const emit = childEvents(childOf(execution.name), order.emit);
  return (await runRequest({ ...rest, request: input, execution, signal, emit })).end;
}

/** Behind it stands a UUID. */
function childOf(execution: string): string {
  return execution.slice(0, -37);
}

function fanOutHandlers(common: CommonDeps, { known }: LocalExecutions) {
  const executionOf = async (name: string): Promise<EndedExecution | null> => {
    const found = known.get(name);
    return found === undefined ? null : { executionArn: found.arn, startedAt: found.startedAt, cause: causeOf(found.end) };
  };
  return {
    'prepare-fan-out': prepareFanOutHandler(common, silentInstruments('prepare-fan-out')),
    'summarize-fan-out': summarizeFanOutHandler({ ...common, executionOf }, silentInstruments('summarize-fan-out')),
    notify: notifyHandler(common, silentInstruments('notify')),
    'release-lock': releaseLockHandler(common, silentInstruments('release-lock')),
  };
}

function causeOf(end: ExecutionEnd | null): string | null {
  if (end === null || end.status === 'SUCCEEDED') return null;
  return end.status === 'ABORTED' ? 'the run was interrupted' : end.cause;
}

/** What a rule does on AWS: the locks are given back. Here the books follow where children began and nobody has drawn them up. */
async function afterwards(
  handlers: ReturnType<typeof fanOutHandlers>,
  context: ExecutionContext,
  { known }: LocalExecutions,
  isWithoutBooks: boolean,
): Promise<void> {
  if (isWithoutBooks && known.size > 0) {
    const children = [...known.values()].map(resultOf);
    await invoke('summarize-fan-out', handlers['summarize-fan-out'], { ...context, children, toleratedFailures: 0 });
  }
  await invoke('release-lock', handlers['release-lock'], context);
}

function resultOf({ name, end }: KnownExecution): FanOutResult {
  return { child: childOf(name), execution: name, succeeded: end?.status === 'SUCCEEDED', runId: '' };
}

async function outputOf({ home }: CommonDeps, runId: string): Promise<FanOutOutput | null> {
  const bytes = await home.directoryOf(runId).read(OUTPUT_FILE);
  return bytes === null ? null : (JSON.parse(Buffer.from(bytes).toString('utf8')) as FanOutOutput);
}
