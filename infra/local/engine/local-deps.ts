/** What the handlers need, as this machine has it. */
import { isAbsolute, join } from 'node:path';
import { fileRunDirectory } from '../../../emr-steps/run-directory/file-run-directory.ts';
import { filePairLocks } from '../../../lambdas/lock/file-pair-locks.ts';
import type { LockHolder } from '../../../lambdas/lock/pair-locks.ts';
import type { NotifyDeps, Publisher } from '../../../lambdas/notify/notify.ts';
import type { PrepareFanOutDeps } from '../../../lambdas/prepare-fan-out/prepare-fan-out.ts';
import type { BucketReach } from '../../../lambdas/prepare-run/bucket-reach.ts';
import { oneMachine } from '../../../lambdas/prepare-run/one-machine.ts';
import type { ChosenCluster, PrepareRunDeps } from '../../../lambdas/prepare-run/prepare-run.ts';
import { ownClient } from '../../../lambdas/run/own-client.ts';
import { readPlaces } from '../../../lambdas/run/read-places.ts';
import { RefusedError } from '../../../lambdas/run/refused-error.ts';
import type { RunHome } from '../../../lambdas/run/run-home.ts';
import type { Asker } from '../../../lambdas/run/side-client.ts';
import type { SplitPartitionsDeps } from '../../../lambdas/split-partitions/split-partitions.ts';
import type { EventSink } from '../../../workflows/events/run-event.ts';
import type { ClusterFacts } from '../../../workflows/plan/run-facts.ts';
import type { ClusterParameters } from '../../../workflows/plan/run-state.ts';
import { isUnderWay } from '../run-lock.ts';
import type { AthenaEngine } from './local-athena.ts';

/** What is the same for all handlers of a run. */
export interface CommonDeps
  extends Pick<PrepareRunDeps, 'home' | 'locks' | 'isRunning' | 'buckets' | 'problems' | 'clusterOf' | 'athena' | 'emit' | 'now'>,
    Pick<SplitPartitionsDeps, 'asker'>,
    Pick<PrepareFanOutDeps, 'placesOf'>,
    NotifyDeps {}

/** This machine, as the command knows it. */
export interface LocalPlace {
  /** Folder of the runs: their locks and scratch space, and their directories where these have no home of their own. */
  readonly runs: string;
  /** Where the run directories lie. Default: in `runs`. */
  readonly home?: RunHome;
  /** Folder of the locks: one for all runs of this machine, wherever their directories lie. */
  readonly locks: string;
  readonly cluster: ClusterFacts;
  readonly buckets: BucketReach;
  /** What else stands against the run, a sentence each: told with what `prepare-run` finds. Default: nothing. */
  readonly problems?: readonly string[];
  /** Who answers in Athena's place. Default: DuckDB. */
  readonly athena?: AthenaEngine;
  /** Who reads what a request names of partitions. Default: nobody reads buckets for it. */
  readonly asker?: Asker;
  readonly emit: EventSink;
}

/** The directories below a folder. */
function localHome(runs: string): RunHome {
  return { directoryOf: (runId) => fileRunDirectory(join(runs, runId)) };
}

/** They. */
export function commonDeps({ runs, home = localHome(runs), locks, cluster, buckets, problems = [], athena, asker, emit }: LocalPlace): CommonDeps {
  return {
    home,
    locks: filePairLocks(locks),
    isRunning: ({ runId, runDirectory }: LockHolder) => isUnderWay(isAbsolute(runDirectory) ? runDirectory : join(runs, runId)),
    buckets,
    problems,
    clusterOf: (request, runId) => localCluster(request, runId, cluster),
    ...(athena === undefined ? {} : { athena: athena.place }),
    ...(asker === undefined ? {} : { asker }),
    placesOf: (source, runId) => readPlaces((bucket) => ownClient(bucket, source, runId, asker)),
    publishers: [eventPublisher(emit)],
    emit,
    now: () => new Date(),
  };
}

/** People at a machine are told by its event log. */
function eventPublisher(emit: EventSink): Publisher {
  return { name: 'events', publish: async ({ title, text }) => emit({ type: 'run.notified', at: new Date().toISOString(), title, text }) };
}

/** A cluster is created and terminated as on AWS, though nothing starts or stops by it. @throws RefusedError at what can't be done here */
function localCluster(request: Parameters<typeof oneMachine>[0], runId: string, facts: ClusterFacts): ChosenCluster {
  const { findings, problems } = oneMachine(request);
  if (problems.length > 0) throw new RefusedError(problems);
  const cluster = { id: '', name: runId, parameters: parametersOf(runId) };
  return { createCluster: true, terminateCluster: true, listTogether: true, cluster, facts, findings };
}

function parametersOf(runId: string): ClusterParameters {
  return {
    Name: runId,
    ReleaseLabel: 'local',
    LogUri: '',
    Applications: [],
    Configurations: [],
    Instances: { KeepJobFlowAliveWhenNoSteps: true },
    ServiceRole: 'local',
    JobFlowRole: 'local',
    Tags: [],
    StepConcurrencyLevel: 2,
    AutoTerminationPolicy: { IdleTimeout: 3600 },
    ManagedScalingPolicy: {},
    ScaleDownBehavior: 'TERMINATE_AT_TASK_COMPLETION',
    EbsRootVolumeSize: 30,
    SecurityConfiguration: 'local',
    BootstrapActions: [],
    VisibleToAllUsers: true,
  };
}
