/**
 * Stops whatever of a run still goes on, wherever the execution ended: its cluster (found by name, since a time-out of CreateCluster leaves no
 * id) or its steps on a cluster that stays, its queries, its uploads, its lock. Each call looks anew, so it may be repeated and cut off; it
 * comes back until nothing is left to do. Of a fan-out there is only the lock: its children are executions of their own.
 */
import type { StopClusterInput, StopClusterOutput } from '../../workflows/plan/run-state.ts';
import type { PairLocks } from '../lock/pair-locks.ts';
import { locksOf } from '../run/fan-out-record.ts';
import { type RunHome, runOfExecution } from '../run/run-home.ts';
import { findRunRecord, type RunRecord } from '../run/run-record.ts';

/** What is left of a run's steps on a cluster. */
export interface StoppedSteps {
  /** No step of the run is left, and no application of it on YARN. */
  readonly done: boolean;
  /** Steps that were asked to end. */
  readonly cancelled: number;
}

/** What runs steps, as far as it is to be stopped. */
export interface Clusters {
  /** Ids of the clusters of this name that were made since then and are not gone. */
  find(name: string, since: Date): Promise<readonly string[]>;
  terminate(ids: readonly string[]): Promise<void>;
  /** Ends what is left of a run on a cluster that stays. @param since - when the run began there */
  stopSteps(clusterId: string, runId: string, since: Date): Promise<StoppedSteps>;
}

/** What the handler needs of its surroundings. */
export interface StopClusterDeps {
  readonly home: RunHome;
  readonly locks: PairLocks;
  readonly clusters: Clusters;
  /** Stops queries that the run began. */
  readonly stopQueries: (record: RunRecord) => Promise<void>;
  /** Aborts open uploads of the run, as far as the time allows; called once nothing writes any more. */
  readonly sweep: (record: RunRecord, milliseconds: number) => Promise<{ readonly done: boolean; readonly aborted: number }>;
}

/** Stops. @param milliseconds - that this call may take */
export async function stopCluster(input: StopClusterInput, deps: StopClusterDeps, milliseconds: number): Promise<StopClusterOutput> {
  const runId = await runOfExecution(deps.home, input);
  const record = await findRunRecord(deps.home.directoryOf(runId));
  // Another execution has the run, which it resumed: what goes on is its.
  if (record !== null && record.executionArn !== input.executionArn) return await released(runId, input, deps, 0);
  const { terminated, done, cancelled } = await stopWork(runId, input, record, deps);
  if (record !== null) await deps.stopQueries(record);
  // What still runs may begin further uploads: they are swept once it is gone.
  if (!done) return { done: false, terminated, cancelledSteps: cancelled, abortedUploads: 0 };
  const swept = record === null ? { done: true, aborted: 0 } : await deps.sweep(record, milliseconds);
  return swept.done ? await released(runId, input, deps, swept.aborted) : { done: false, terminated, cancelledSteps: 0, abortedUploads: swept.aborted };
}

/** A cluster of the run's own is terminated, one that stays loses its steps. */
async function stopWork(runId: string, { startedAt }: StopClusterInput, record: RunRecord | null, { clusters }: StopClusterDeps) {
  const since = new Date(startedAt);
  const own = await clusters.find(runId, since);
  if (record === null || !stays(record)) {
    if (own.length > 0) await clusters.terminate(own);
    return { terminated: own, done: own.length === 0, cancelled: 0 };
  }
  const ids = record.givenCluster === null ? own : [record.givenCluster];
  const ends = await Promise.all(ids.map((id) => clusters.stopSteps(id, runId, since)));
  return { terminated: [], done: ends.every(({ done }) => done), cancelled: ends.reduce((sum, { cancelled }) => sum + cancelled, 0) };
}

/** A given cluster is others' too; one that is to be kept is kept on every path, until it idles. */
function stays({ givenCluster, facts }: RunRecord): boolean {
  const { cluster } = facts.request;
  return givenCluster !== null || (cluster.use === 'own' && cluster.keep);
}

async function released(runId: string, { executionArn }: StopClusterInput, { home, locks }: StopClusterDeps, aborted: number): Promise<StopClusterOutput> {
  for (const name of await locksOf(home.directoryOf(runId))) await locks.release(name, executionArn);
  return { done: true, terminated: [], cancelledSteps: 0, abortedUploads: aborted };
}
