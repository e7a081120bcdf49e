/** From the request as it came to the state of a run, or one refusal with every problem; then nothing was started and nothing is held. */
import type { AthenaPlace } from '../../workflows/diff/athena-queries.ts';
import type { EventSink } from '../../workflows/events/run-event.ts';
import type { RunFinding } from '../../workflows/events/run-finding.ts';
import { PARENT_MEMBER } from '../../workflows/plan/fan-out-state.ts';
import type { ClusterFacts, RunFacts } from '../../workflows/plan/run-facts.ts';
import type { PrepareRunInput, RunChoices, RunCluster, RunState } from '../../workflows/plan/run-state.ts';
import { checkWholeRun } from '../../workflows/plan/whole-run.ts';
import { writes } from '../../workflows/request/goal.ts';
import { parseRequest } from '../../workflows/request/parse-request.ts';
import { RequestError } from '../../workflows/request/request-error.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import { withoutSecrets } from '../../workflows/request/secrets.ts';
import { lockName } from '../lock/pair-locks.ts';
import { type LockDeps, takeLocks } from '../lock/take-locks.ts';
import { RefusedError } from '../run/refused-error.ts';
import { type RunHome, runIdOfExecution } from '../run/run-home.ts';
import { begin, goOn } from './begin-run.ts';
import type { BucketReach } from './bucket-reach.ts';
import { type GivenPartitions, judgedPartitions } from './given-partitions.ts';
import { reachable } from './reached-request.ts';
import { readStoppedRun } from './resumed-run.ts';
import { placedRows, placeOfRows } from './rows-place.ts';
import { choicesOf } from './run-choices.ts';
import { readVerifiedRun } from './verified-run.ts';

/** The cluster that a request gets. */
export interface ChosenCluster extends Pick<RunChoices, 'createCluster' | 'terminateCluster' | 'listTogether'> {
  readonly cluster: RunCluster;
  readonly facts: ClusterFacts;
  /** What people should know of it. Default: nothing. */
  readonly findings?: readonly RunFinding[];
}

/** What the handler needs of its surroundings. */
export interface PrepareRunDeps extends GivenPartitions, LockDeps {
  readonly home: RunHome;
  readonly buckets: BucketReach;
  /** What else stands against the run where it is, a sentence each. Default: nothing. */
  readonly problems?: readonly string[];
  /** @throws RefusedError where the run cannot have it */
  readonly clusterOf: (request: RunRequest, runId: string) => ChosenCluster | Promise<ChosenCluster>;
  /** Where Athena compares. Default: nowhere. */
  readonly athena?: AthenaPlace;
  readonly emit: EventSink;
  readonly now: () => Date;
}

/** Codes of errors that say the input was bad. */
const BAD_INPUT = new Set(['REQUEST_INVALID', 'STEP_TOO_LONG', 'RUN_DIRECTORY_NAME_INVALID', 'RESUME_REFUSED', 'PARTITION_FILE_INVALID']);

/** Prepares a run. @throws RefusedError */
export async function prepareRun(input: PrepareRunInput, deps: PrepareRunDeps): Promise<RunState> {
  try {
    return await prepare(input, deps);
  } catch (error) {
    if (error instanceof RequestError) throw new RefusedError(error.sentences);
    if (error instanceof Error && 'code' in error && BAD_INPUT.has(String(error.code))) throw new RefusedError([error.message]);
    throw error;
  }
}

async function prepare(input: PrepareRunInput, deps: PrepareRunDeps): Promise<RunState> {
  const { parent, request: asked } = withoutParent(input.request);
  const wanted = parseRequest(asked);
  const runId = wanted.resume ?? runIdOfExecution(input);
  const atHome = deps.home.directoryOf(runId);
  if (wanted.resume !== null) await readStoppedRun(atHome, withoutSecrets(wanted));
  const reached = await reachable(wanted, asked, runId, deps);
  const chosen = await deps.clusterOf(reached, runId);
  const request = withoutSecrets(reached);
  const examined = (await deps.buckets.examine?.(request, runId)) ?? [];
  const judged = await judgedPartitions(request, runId, parent !== null, deps);
  const findings = [...examined, ...judged.findings, ...(chosen.findings ?? [])];
  const earlier = request.verifiedRun === null ? null : await readVerifiedRun(deps.home.directoryOf(request.verifiedRun), request);
  const rows = placeOfRows(request, runId, atHome.base);
  const lock = writes(request) ? lockName(request) : null;
  const holder = { executionArn: parent ?? input.executionArn, runId, runDirectory: rows, since: deps.now().toISOString() };
  const athena = request.diff.engine === 'athena' ? (deps.athena ?? null) : null;
  const facts: RunFacts = { request, runId, runDirectory: rows, partitions: 1, cluster: chosen.facts, athena, verified: earlier?.verified ?? null };
  // What a cluster would refuse is found before anything is held.
  checkWholeRun(facts);
  await takeLocks(lock === null ? [] : [lock], holder, deps);
  try {
    const directory = rows === atHome.base ? atHome : await placedRows(runId, rows, deps.home);
    const ranges = earlier?.partitions ?? judged.lines;
    const run = { input, directory, facts, ranges, givenCluster: givenCluster(chosen), lock, lockHolder: holder.executionArn };
    const { plan, partitioned } = wanted.resume === null ? await begin(run) : await goOn(run, deps.home);
    const { round } = plan.progress;
    const told = { at: deps.now().toISOString(), runId, runDirectory: rows };
    for (const finding of findings) deps.emit({ type: 'run.found', at: told.at, runId, finding });
    deps.emit(wanted.resume === null ? { type: 'run.started', ...told } : { type: 'run.resumed', ...told, round });
    return {
      run: { id: runId, directory: rows, startedAt: input.startedAt, executionArn: input.executionArn },
      choices: choicesOf(request, chosen, partitioned),
      cluster: chosen.cluster,
      plan,
      findings,
    };
  } catch (error) {
    // A parent's lock is its other children's too.
    if (lock !== null && parent === null) await deps.locks.release(lock, holder.executionArn);
    throw error;
  }
}

function withoutParent(request: unknown): { readonly parent: string | null; readonly request: unknown } {
  if (typeof request !== 'object' || request === null || !(PARENT_MEMBER in request)) return { parent: null, request };
  const { [PARENT_MEMBER]: parent, ...rest } = request;
  return { parent: String(parent), request: rest };
}

function givenCluster({ createCluster, cluster }: ChosenCluster): string | null {
  return createCluster ? null : cluster.id;
}
