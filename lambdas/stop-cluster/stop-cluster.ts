/**
 * Stops whatever of a run still goes on, wherever the execution ended: its cluster (found by name, since a time-out of CreateCluster leaves no
 * id) or its steps on a given one, its queries, its uploads, its lock. Comes back until nothing is left to do.
 */
import type { StopClusterInput, StopClusterOutput } from '../../workflows/plan/run-state.ts';
import type { PairLocks } from '../lock/pair-locks.ts';
import { type RunHome, runOfExecution } from '../run/run-home.ts';
import { findRunRecord, type RunRecord } from '../run/run-record.ts';

/** What runs steps, as far as it is to be stopped. */
export interface Clusters {
  /** Ids of the clusters of this name that were made since then and are not gone. */
  find(name: string, since: Date): Promise<readonly string[]>;
  terminate(ids: readonly string[]): Promise<void>;
  /** Cancels what is left of a run on a given cluster. @returns how many steps */
  cancelSteps(clusterId: string, runId: string): Promise<number>;
}

/** What the handler needs of its surroundings. */
export interface StopClusterDeps {
  readonly home: RunHome;
  readonly locks: PairLocks;
  readonly clusters: Clusters;
  /** Stops queries that the run began. */
  readonly stopQueries: (record: RunRecord) => Promise<void>;
  /** Aborts open uploads of the run, as far as the time allows; called once nothing writes any more. */
  readonly sweep: (record: RunRecord) => Promise<{ readonly done: boolean; readonly aborted: number }>;
}

/** Stops. */
export async function stopCluster(input: StopClusterInput, deps: StopClusterDeps): Promise<StopClusterOutput> {
  const runId = await runOfExecution(deps.home, input);
  const record = await findRunRecord(deps.home.directoryOf(runId));
  if (record !== null && record.executionArn !== input.executionArn) return leaveToOther(input, record, deps);
  const terminated = await deps.clusters.find(runId, new Date(input.startedAt));
  if (terminated.length > 0) await deps.clusters.terminate(terminated);
  const given = record?.givenCluster ?? null;
  const cancelledSteps = given === null ? 0 : await deps.clusters.cancelSteps(given, runId);
  if (record === null) return { done: terminated.length === 0, terminated, cancelledSteps, abortedUploads: 0 };
  await deps.stopQueries(record);
  // What still runs may begin further uploads: they are swept once it is gone.
  if (terminated.length > 0 || cancelledSteps > 0) return { done: false, terminated, cancelledSteps, abortedUploads: 0 };
  const { done, aborted } = await deps.sweep(record);
  if (done && record.lock !== null) await deps.locks.release(record.lock, input.executionArn);
  return { done, terminated, cancelledSteps, abortedUploads: aborted };
}

/** Another execution has the run, which it resumed: what goes on is its. */
async function leaveToOther({ executionArn }: StopClusterInput, { lock }: RunRecord, { locks }: StopClusterDeps): Promise<StopClusterOutput> {
  if (lock !== null) await locks.release(lock, executionArn);
  return { done: true, terminated: [], cancelledSteps: 0, abortedUploads: 0 };
}
