/** A run on this machine from a request: the definition that AWS runs, the handlers that AWS runs, a cluster of processes. */
import { randomUUID } from 'node:crypto';
import { rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { OUTPUT_FILE } from '../../../emr-steps/run-directory/layout.ts';
import { makeFolder } from '../../../emr-steps/run-directory/make-folder.ts';
import type { EventSink } from '../../../workflows/events/run-event.ts';
import type { RunOutput } from '../../../workflows/events/run-output.ts';
import type { Cluster } from '../../../workflows/plan/cluster-step.ts';
import { runIdOf } from '../../../workflows/plan/run-id.ts';
import { lockRun } from '../run-lock.ts';
import { athenaBindings } from './athena-binding.ts';
import type { Bindings } from './bindings.ts';
import { readDefinition } from './definition.ts';
import { localEmr } from './emr-bindings.ts';
import { eventLog } from './event-log.ts';
import { type ExecutionEnd, execute } from './execute.ts';
import { functionNames, invoke, lambdaBinding } from './lambda-binding.ts';
import { type CommonDeps, commonDeps, type LocalPlace } from './local-deps.ts';
import { localHandlers } from './local-handlers.ts';
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
  /** For rehearsals of failures: changes what calls mean. */
  readonly bind?: (bindings: Bindings) => Bindings;
}

/** How a run ended. */
export interface LocalEnd {
  readonly runId: string;
  readonly end: ExecutionEnd;
  /** `output.json`; null where the run was refused. */
  readonly output: RunOutput | null;
}

/** Waits of the machine are for clusters that take minutes; here they take a hundredth. */
export const WAIT_FACTOR = 0.01;

const MACHINE = 'copy-run';

/** Runs it. @throws DefinitionMissingError; whatever else happens is the execution's end */
export async function runRequest(order: LocalOrder): Promise<LocalEnd> {
  const definition = await readDefinition(order.root, MACHINE);
  const startedAt = new Date();
  const name = randomUUID();
  const arn = `arn:aws:states:local:000000000000:execution:${MACHINE}:${name}`;
  const runId = runIdOf(startedAt, arn);
  const folder = join(order.runs, runId);
  await makeFolder(folder);
  const release = await lockRun(folder);
  const log = eventLog(folder);
  const emit: EventSink = (event) => {
    order.emit(event);
    log.sink(event);
  };
  const common = commonDeps({ ...order, emit });
  const cluster = order.clusterIn(folder, runId, emit);
  const steps = stepRecords(common.home.directoryOf(runId), common.now);
  const emr = localEmr(cluster, steps);
  const handlers = localHandlers(common, { emr, sweep: { cluster, steps, signal: order.signal }, partFile: order.partFile });
  const bindings: Bindings = {
    calls: { 'lambda:invoke': lambdaBinding(handlers), ...emr.bindings, ...athenaBindings },
    functions: functionNames(handlers),
  };
  try {
    const { request: input, signal, waitFactor = WAIT_FACTOR, bind = (same) => same } = order;
    const end = await execute({ definition, arn, name, startedAt, input, bindings: bind(bindings), emit, signal, waitFactor });
    if (end.status !== 'SUCCEEDED') await afterwards(handlers, common, runId, { executionArn: arn, startedAt: startedAt.toISOString() }, end);
    return { runId, end, output: await outputOf(common, runId) };
  } finally {
    await cluster.close();
    log.close();
    await release();
    // Of a run that was refused nothing is left.
    await rmdir(folder).catch(() => {});
  }
}

/** What a rule does on AWS when an execution did not succeed: whatever its machine left is stopped. Here the books follow, where it drew none up. */
async function afterwards(
  handlers: ReturnType<typeof localHandlers>,
  common: CommonDeps,
  runId: string,
  execution: { readonly executionArn: string; readonly startedAt: string },
  end: Exclude<ExecutionEnd, { readonly status: 'SUCCEEDED' }>,
): Promise<void> {
  for (let done = false; !done; )
    ({ done } = (await invoke('stop-cluster', handlers['stop-cluster'], { ...execution, reason: end.status })) as { done: boolean });
  if ((await outputOf(common, runId)) !== null) return;
  const failure = end.status === 'ABORTED' ? { Error: end.status, Cause: INTERRUPTED } : { Error: end.error, Cause: end.cause };
  await invoke('summarize-run', handlers['summarize-run'], { ...execution, failure });
}

/** As a function's error tells its cause. */
const INTERRUPTED = JSON.stringify({ errorMessage: 'the run was interrupted' });

async function outputOf({ home }: CommonDeps, runId: string): Promise<RunOutput | null> {
  const bytes = await home.directoryOf(runId).read(OUTPUT_FILE);
  return bytes === null ? null : (JSON.parse(Buffer.from(bytes).toString('utf8')) as RunOutput);
}
