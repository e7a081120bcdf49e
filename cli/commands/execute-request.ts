/** Runs a request on this machine: the one way of every command that runs steps. */
import { undiciTransport } from '../../emr-steps/s3/undici-transport.ts';
import type { LocalFanOutEnd } from '../../infra/local/engine/run-fan-out.ts';
import type { LocalEnd, LocalOrder } from '../../infra/local/engine/run-request.ts';
import type { EventSink } from '../../workflows/events/run-event.ts';
import { isFanOut } from '../../workflows/request/fan-out-request.ts';
import { writes } from '../../workflows/request/goal.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import { EXIT } from '../host.ts';
import { clusterPlace, clusterProblems } from '../preflight/cluster-place.ts';
import { PreflightError } from '../preflight/preflight-error.ts';
import { readPartFile } from '../preflight/read-partitions.ts';
import type { RunsPlace } from '../preflight/run-directory.ts';
import { locksFolder, runsFolder } from '../preflight/run-folder.ts';
import { transportUntil } from '../preflight/transport-until.ts';
import { resumeHere } from './resume-hint.ts';

type Engine = typeof import('../../infra/local/engine/entry.ts');

/** What is to be run. */
export interface RequestOrder extends RunsPlace {
  /** As it came; `prepare-run` judges it. */
  readonly request: unknown;
  /** Undefined: none is given. */
  readonly partitionFile: string | undefined;
  readonly emit: EventSink;
}

/** Runs it to its end; a fan-out with all of its runs. @throws where this checkout is not built, or another process has the run */
export async function executeRequest(order: RequestOrder): Promise<LocalEnd> {
  const { bytes, problems } = await partFile(order.partitionFile);
  return await inPlace(order, async (place, { runRequest }) => runRequest({ ...place, partFile: bytes, problems: [...problems, ...place.problems] }));
}

/** As {@link executeRequest}, for the request of a fan-out. */
export async function executeFanOut(order: RequestOrder): Promise<LocalFanOutEnd> {
  const problems = order.partitionFile === undefined ? [] : ['--partitions is for one run; the request of a fan-out names its part files itself (partFiles)'];
  return await inPlace(order, async (place, { runFanOut }) => runFanOut({ ...place, problems: [...problems, ...place.problems] }));
}

/** Where a run goes on this machine; closed behind it. */
async function inPlace<T>(
  { request, runs, on = {}, host, emit }: RequestOrder,
  execute: (place: LocalOrder & { readonly problems: readonly string[] }, engine: Engine) => Promise<T>,
): Promise<T> {
  const engine = await import('../../infra/local/engine/entry.ts');
  const transport = undiciTransport({ connections: 2 });
  const asker = { env: host.env, transport: transportUntil(host.signal, transport) };
  try {
    const place = {
      ...(await clusterPlace(on, host, transport)),
      ...{ request, problems: clusterProblems(on, request), partFile: null, emit, asker },
      root: host.root,
      runs: runsFolder(runs, host.env),
      locks: locksFolder(host.env),
      buckets: engine.bucketReach(asker),
      signal: host.signal,
    };
    return await execute(place, engine);
  } finally {
    await transport.close();
  }
}

/** Tells of the run and of its steps, not of the machine's states: the events of `copy`, `diff` and `verify`. */
export function stepsAlone(emit: EventSink): EventSink {
  return (event) => {
    if (!event.type.startsWith('state.') && event.type !== 'run.notified') emit(event);
  };
}

/** What is wrong with a part file is told together with everything else. */
async function partFile(file: string | undefined): Promise<{ readonly bytes: Uint8Array | null; readonly problems: readonly string[] }> {
  try {
    return { bytes: await readPartFile(file), problems: [] };
  } catch (error) {
    if (error instanceof PreflightError) return { bytes: null, problems: error.problems };
    throw error;
  }
}

/** Tells what the printers do not, and gives the exit code. */
export function endOfRun({ end, output, runId }: LocalEnd | LocalFanOutEnd, { request, runs, on, host }: Omit<RequestOrder, 'emit'>): number {
  if (end.status === 'SUCCEEDED') return EXIT.well;
  if (end.status === 'ABORTED') {
    if (output !== null && isToGoOn(request)) host.stderr.write(`carillon: ${resumeHere(runId, runs, on)}\n`);
    return EXIT.interrupted;
  }
  // What has a directory was told by its last event.
  if (output === null) for (const line of end.cause.split('\n')) host.stderr.write(`carillon: ${line}\n`);
  return end.error === 'Carillon.Refused' ? EXIT.badInput : EXIT.failed;
}

/** Whether a run of this request, as it was given, leaves anything to go on with; the runs of a fan-out are gone on with one by one. */
function isToGoOn(request: unknown): boolean {
  return !isFanOut(request) && writes({ goal: 'copy', dryRun: false, ...(request as Partial<Pick<RunRequest, 'goal' | 'dryRun'>>) });
}
