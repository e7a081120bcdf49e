/** From the fan-out's request to its children, or one refusal with every problem of every run; then nothing was started and no lock is held. */
import { RUN_DIRECTORY_VERSION } from '../../emr-steps/run-directory/layout.ts';
import type { EventSink } from '../../workflows/events/run-event.ts';
import { type FanOutChild, type FanOutState, PARENT_MEMBER, type PrepareFanOutInput } from '../../workflows/plan/fan-out-state.ts';
import { type FanOutRequest, type FanOutRun, parseFanOut } from '../../workflows/request/fan-out-request.ts';
import { writes } from '../../workflows/request/goal.ts';
import { RequestError } from '../../workflows/request/request-error.ts';
import { lockName } from '../lock/pair-locks.ts';
import { type LockDeps, takeLocks } from '../lock/take-locks.ts';
import { writeFanOutRecord } from '../run/fan-out-record.ts';
import { RefusedError } from '../run/refused-error.ts';
import { type RunHome, runIdOfExecution } from '../run/run-home.ts';
import { type PlacesOf, partFileFindings } from './part-files.ts';

/** What the handler needs of its surroundings. */
export interface PrepareFanOutDeps extends LockDeps {
  readonly home: RunHome;
  /** Who reads part files. Default: nobody compares them here, and each run looks at its own. */
  readonly placesOf?: PlacesOf;
  readonly emit: EventSink;
  readonly now: () => Date;
}

/** Prepares a fan-out. Buckets and rights are looked at by each run. @throws RefusedError */
export async function prepareFanOut(input: PrepareFanOutInput, deps: PrepareFanOutDeps): Promise<FanOutState> {
  const { runs, ...limits } = checked(input.request);
  const { executionArn, startedAt } = input;
  const runId = runIdOfExecution(input);
  const directory = deps.home.directoryOf(runId);
  const findings = deps.placesOf === undefined ? [] : await partFileFindings(runs, runId, deps.placesOf);
  const locks = locksFor(runs);
  await takeLocks(locks, { executionArn, runId, runDirectory: directory.base, since: deps.now().toISOString() }, deps);
  try {
    const children = runs.map(({ name }) => name);
    await writeFanOutRecord(directory, { formatVersion: RUN_DIRECTORY_VERSION, executionArn, startedAt, request: input.request, children, locks });
  } catch (error) {
    for (const lock of locks) await deps.locks.release(lock, executionArn);
    throw error;
  }
  for (const finding of findings) deps.emit({ type: 'run.found', at: deps.now().toISOString(), runId, finding });
  deps.emit({ type: 'run.started', at: deps.now().toISOString(), runId, runDirectory: directory.base });
  return { ...limits, children: runs.map((run) => childOf(run, executionArn)) };
}

/** @throws RefusedError */
function checked(request: unknown): FanOutRequest {
  try {
    return parseFanOut(request);
  } catch (error) {
    throw error instanceof RequestError ? new RefusedError(error.sentences) : error;
  }
}

/** One for each pair that is written to, in an order that is the same for every fan-out, so that two never wait for each other's. */
function locksFor(runs: readonly FanOutRun[]): readonly string[] {
  const names = runs.flatMap(({ request }) => (writes(request) ? [lockName(request)] : []));
  return [...new Set(names)].toSorted();
}

function childOf({ name, input }: FanOutRun, parent: string): FanOutChild {
  return { name, input: { ...input, [PARENT_MEMBER]: parent } };
}
