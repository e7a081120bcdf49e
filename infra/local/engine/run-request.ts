/** A run on this machine from a request: the definition that AWS runs, the handlers that AWS runs, a cluster of processes. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OUTPUT_FILE } from '../../../emr-steps/run-directory/layout.ts';
import type { EventSink } from '../../../workflows/events/run-event.ts';
import type { RunOutput } from '../../../workflows/events/run-output.ts';
import type { Cluster } from '../../../workflows/plan/cluster-step.ts';
import { resumedRun, runIdOf } from '../../../workflows/plan/run-id.ts';
import { type CaughtError, type ExecutionContext, REFUSED_ERROR } from '../../../workflows/plan/run-state.ts';
import type { Bindings } from './bindings.ts';
import { type MachineDefinition, readDefinition } from './definition.ts';
import { duckdbAthena } from './duckdb-athena.ts';
import { localEmr } from './emr-bindings.ts';
import { eventLog } from './event-log.ts';
import { type ExecutionEnd, execute } from './execute.ts';
import { functionNames, invoke, lambdaBinding } from './lambda-binding.ts';
import { localAthena } from './local-athena.ts';
import { type CommonDeps, commonDeps, type LocalPlace } from './local-deps.ts';
import { concludingHandler, localHandlers } from './local-handlers.ts';
import { type RunPlace, runPlace } from './run-place.ts';
import { stepRecords } from './step-records.ts';

/** What is to be run, and where. */
export interface LocalOrder extends LocalPlace {
  readonly request: unknown;
  /** The folder that holds `build/`. */
  readonly root: string;
  /** The bytes of a part file; null: none was given. */
  readonly partFile: Uint8Array | null;
  /** Makes the cluster of a run. @param folder - of the run on this machine, wherever its directory is; `emit` tells of its steps */
  readonly clusterIn: (folder: string, runId: string, emit: EventSink) => Cluster;
  readonly emit: EventSink;
  /** Stops the run, as StopExecution does. */
  readonly signal: AbortSignal;
  /** What the machine's waits are multiplied by. Default: {@link WAIT_FACTOR}. */
  readonly waitFactor?: number;
  /** The execution where somebody has named it already. Default: a new one. */
  readonly execution?: LocalExecution;
  /** For rehearsals of failures: changes what calls mean. */
  readonly bind?: (bindings: Bindings) => Bindings;
}

/** An execution as Step Functions would name it. */
export interface LocalExecution {
  readonly name: string;
  readonly arn: string;
  readonly startedAt: Date;
}

/** How a run ended. */
export interface LocalEnd {
  readonly runId: string;
  readonly end: ExecutionEnd;
  /** `output.json` as this execution wrote it; null where it wrote none, because the run was refused or stopped before it had begun. */
  readonly output: RunOutput | null;
}

/** Waits of the machine are for clusters that take minutes; here they take a hundredth. */
export const WAIT_FACTOR = 0.01;

const MACHINE = 'copy-run';

/** Runs it. @throws DefinitionMissingError, RunUnderWayError; whatever else happens is the execution's end */
export async function runRequest(order: LocalOrder): Promise<LocalEnd> {
  const definition = await readDefinition(order.root, MACHINE);
  const execution = order.execution ?? newExecution();
  const own = runIdOf(execution.startedAt, execution.arn);
  const runId = resumedRun(order.request) ?? own;
  const place = await runPlace(join(order.runs, runId));
  try {
    return await runIn(place, { ...order, problems: [...(order.problems ?? []), ...place.problems] }, { definition, execution, runId });
  } finally {
    await place.release();
    // Where a resuming execution names the run that it resumes.
    if (own !== runId) await rm(join(order.runs, own), { recursive: true, force: true });
  }
}

function newExecution(): LocalExecution {
  const name = randomUUID();
  return { name, arn: `arn:aws:states:local:000000000000:execution:${MACHINE}:${name}`, startedAt: new Date() };
}

interface Executed {
  readonly definition: MachineDefinition;
  readonly execution: LocalExecution;
  readonly runId: string;
}

async function runIn({ folder }: RunPlace, order: LocalOrder, { definition, execution, runId }: Executed): Promise<LocalEnd> {
  const log = eventLog(folder);
  let isDrawnUp = false;
  const emit: EventSink = (event) => {
    if (event.type === 'run.finished') isDrawnUp = true;
    order.emit(event);
    log.sink(event);
  };
  const engine = order.athena ?? duckdbAthena();
  const common = notOwn(commonDeps({ ...order, athena: engine, emit }), runId);
  const cluster = order.clusterIn(folder, runId, emit);
  const steps = stepRecords(common.home.directoryOf(runId), common.now);
  const emr = localEmr(cluster, steps);
  const athena = localAthena(engine);
  const handlers = localHandlers(common, { emr, sweep: { cluster, steps, signal: order.signal }, partFile: order.partFile, athena });
  const calls = { 'lambda:invoke': lambdaBinding(handlers), ...emr.bindings, ...athena.bindings };
  try {
    const { request: input, signal, waitFactor = WAIT_FACTOR, bind = (same) => same } = order;
    const bindings = bind({ calls, functions: functionNames(handlers) });
    const end = await execute({ definition, ...execution, input, bindings, emit, signal, waitFactor });
    const context = { executionArn: execution.arn, startedAt: execution.startedAt.toISOString() };
    if (end.status !== 'SUCCEEDED') await stopLeftovers(handlers, context, end.status);
    await invoke('conclude-run', concludingHandler(common), { ...context, failure: failureOf(end) });
    return { runId, end, output: isDrawnUp ? await outputOf(common, runId) : null };
  } finally {
    await cluster.close();
    log.close();
  }
}

/** A run that goes on finds its own lock, of the process that was cut off; its folder is this process's by now. */
function notOwn(common: CommonDeps, runId: string): CommonDeps {
  return { ...common, isRunning: async (holder) => holder.runId !== runId && (await common.isRunning(holder)) };
}

/** What a rule does on AWS when an execution did not succeed: whatever its machine left is stopped. */
async function stopLeftovers(handlers: ReturnType<typeof localHandlers>, context: ExecutionContext, reason: string): Promise<void> {
  for (let done = false; !done; ) ({ done } = (await invoke('stop-cluster', handlers['stop-cluster'], { ...context, reason })) as { done: boolean });
}

/** Whether nothing was started and nothing is held. */
export function isRefusal(end: ExecutionEnd): boolean {
  return end.status === 'FAILED' && end.error === REFUSED_ERROR;
}

/** As Catch would give it, for the books that the machine drew none up of; null: there was none. */
function failureOf(end: ExecutionEnd): CaughtError | null {
  if (end.status === 'SUCCEEDED') return null;
  return end.status === 'ABORTED' ? { Error: end.status, Cause: INTERRUPTED } : { Error: end.error, Cause: end.cause };
}

/** As a function's error tells its cause. */
const INTERRUPTED = JSON.stringify({ errorMessage: 'the run was interrupted' });

async function outputOf({ home }: CommonDeps, runId: string): Promise<RunOutput | null> {
  const bytes = await home.directoryOf(runId).read(OUTPUT_FILE);
  return bytes === null ? null : (JSON.parse(Buffer.from(bytes).toString('utf8')) as RunOutput);
}
