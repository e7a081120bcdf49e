/** From the request as it came to the state of a run, or one refusal with every problem; then nothing was started and nothing is held. */
import { REQUEST_FILE } from '../../emr-steps/run-directory/layout.ts';
import type { EventSink } from '../../workflows/events/run-event.ts';
import type { ClusterFacts, RunFacts } from '../../workflows/plan/run-facts.ts';
import { planRun } from '../../workflows/plan/run-plan.ts';
import { firstProgress } from '../../workflows/plan/run-progress.ts';
import type { PrepareRunInput, RunChoices, RunCluster, RunState } from '../../workflows/plan/run-state.ts';
import { comparisonProblem } from '../../workflows/request/comparison.ts';
import { parseRequest, RequestError } from '../../workflows/request/parse-request.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import { type LockHolder, lockName, type PairLocks } from '../lock/pair-locks.ts';
import { RefusedError } from '../run/refused-error.ts';
import { type RunHome, runIdOfExecution } from '../run/run-home.ts';
import { keepPlan } from '../run/run-plans.ts';
import { writeRunRecord } from '../run/run-record.ts';
import type { BucketReach } from './bucket-reach.ts';

/** The cluster that a request gets. */
export interface ChosenCluster extends Pick<RunChoices, 'createCluster' | 'terminateCluster' | 'listTogether'> {
  readonly cluster: RunCluster;
  readonly facts: ClusterFacts;
}

/** What the handler needs of its surroundings. */
export interface PrepareRunDeps {
  readonly home: RunHome;
  readonly locks: PairLocks;
  /** Whether the execution that holds a lock still runs. */
  readonly isRunning: (holder: LockHolder) => Promise<boolean>;
  readonly buckets: BucketReach;
  readonly clusterOf: (request: RunRequest, runId: string) => ChosenCluster;
  readonly emit: EventSink;
  readonly now: () => Date;
}

/** Member of the input by which a child of a fan-out names its parent. */
const PARENT = 'AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID';

/** Codes of errors that say the input was bad. */
const BAD_INPUT = new Set(['REQUEST_INVALID', 'STEP_TOO_LONG', 'RUN_DIRECTORY_NAME_INVALID']);

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
  const runId = runIdOfExecution(input);
  const request = await reachable(checked(asked), runId, deps.buckets);
  const chosen = deps.clusterOf(request, runId);
  const directory = deps.home.directoryOf(runId);
  const facts: RunFacts = { request, runId, runDirectory: directory.base, partitions: 1, cluster: chosen.facts };
  const plan = planRun(facts, firstProgress());
  const lock = isReadOnly(request) ? null : lockName(request);
  const holder = { executionArn: parent ?? input.executionArn, runId, runDirectory: directory.base, since: deps.now().toISOString() };
  if (lock !== null) await takeLock(lock, holder, deps);
  try {
    await directory.write(REQUEST_FILE, `${JSON.stringify(request, null, 2)}\n`);
    const { executionArn, startedAt } = input;
    await writeRunRecord(directory, { formatVersion: plan.formatVersion, executionArn, startedAt, facts, givenCluster: givenCluster(chosen), lock });
    await keepPlan(directory, plan);
  } catch (error) {
    if (lock !== null) await deps.locks.release(lock, holder.executionArn);
    throw error;
  }
  deps.emit({ type: 'run.started', at: deps.now().toISOString(), runId, runDirectory: directory.base });
  return {
    run: { id: runId, directory: directory.base, startedAt: input.startedAt, executionArn: input.executionArn },
    choices: choicesOf(request, chosen),
    cluster: chosen.cluster,
    plan,
  };
}

/** A request that the machine can run. @throws RequestError, RefusedError */
function checked(asked: unknown): RunRequest {
  const request = parseRequest(asked);
  if (request.goal === 'verify') throw new RefusedError(['goal (verify) is no run of the state machine; write copy with verify true, or use carillon verify']);
  return request;
}

function withoutParent(request: unknown): { readonly parent: string | null; readonly request: unknown } {
  if (typeof request !== 'object' || request === null || !(PARENT in request)) return { parent: null, request };
  const { [PARENT]: parent, ...rest } = request;
  return { parent: String(parent), request: rest };
}

/** Both buckets, asked at the same time; the problems of both are told. */
async function reachable(request: RunRequest, runId: string, buckets: BucketReach): Promise<RunRequest> {
  const ends = await Promise.allSettled([
    buckets.regionOf('source', request.source, runId),
    buckets.regionOf('destination', request.destination, runId),
  ] as const);
  const errors = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
  const defect = errors.find((error) => !(error instanceof RefusedError));
  if (defect !== undefined) throw defect;
  if (errors.length > 0) throw new RefusedError(errors.flatMap((error) => (error as RefusedError).problems));
  const [source, destination] = ends.map((end) => (end as PromiseFulfilledResult<RunRequest['source']>).value);
  const found = { ...request, source: source as RunRequest['source'], destination: destination as RunRequest['destination'] };
  await refuseHopelessDiff(found, runId, buckets);
  return found;
}

async function refuseHopelessDiff(request: RunRequest, runId: string, buckets: BucketReach): Promise<void> {
  if (request.diff.engine === 'none') return;
  const problem = comparisonProblem(request, await buckets.defaultEncryption(request.destination, runId));
  if (problem !== null) throw new RefusedError([problem]);
}

async function takeLock(name: string, holder: LockHolder, { locks, isRunning }: PrepareRunDeps): Promise<void> {
  const other = await locks.take(name, holder, isRunning);
  if (other === null) return;
  throw new RefusedError([
    `another run of this pair of buckets is under way: ${other.runId}, since ${other.since} (${other.executionArn}); wait for its end, or stop it first`,
  ]);
}

function isReadOnly({ goal, dryRun }: RunRequest): boolean {
  return goal !== 'copy' || dryRun;
}

function givenCluster({ createCluster, cluster }: ChosenCluster): string | null {
  return createCluster ? null : cluster.id;
}

function choicesOf(request: RunRequest, { createCluster, terminateCluster, listTogether }: ChosenCluster): RunChoices {
  const diffs = request.diff.engine !== 'none';
  return {
    createCluster,
    terminateCluster,
    splitPartitions: true,
    listDestination: diffs,
    listTogether: listTogether && diffs,
    diffEngine: request.diff.engine,
    readOnly: isReadOnly(request),
    verify: request.verify,
  };
}
