/**
 * What flows through the state machine, and what each handler gets and gives. The states only move it; everything computed is computed by
 * a handler. Every member exists on every path (a JSONPath that does not exist is an error that nothing catches), so what may be absent is
 * null or has a flag beside it.
 */
import type { RunFinding } from '../events/run-finding.ts';
import type { RunPlan } from './run-plan.ts';
import type { StepId } from './run-progress.ts';

/**
 * What follows the listings. `copy`: rounds. `count`: a dry run without a diff counts what a round would copy. `compare`: nothing beyond the
 * listings and the diff. `verify`: the destination is held against the source.
 */
export type RunPurpose = 'copy' | 'count' | 'compare' | 'verify';

/** Which way the diff goes. */
export type DiffEngine = 'none' | 'hive' | 'athena';

/** Forms of a cluster that is created, by the parameters that not every cluster has. */
export type ClusterForm = 'plain' | 'image' | 'kerberos' | 'image-and-kerberos';

/** What the machine's Choice states ask. */
export interface RunChoices {
  /** Create a cluster of the run's own; else `cluster.id` is given. */
  readonly createCluster: boolean;
  /** Terminate the cluster at the end: it was created by this run and is not to be kept. */
  readonly terminateCluster: boolean;
  /** Which parameters the cluster to be created has beside those that all have: a member that is not there can't be read, so each form has a state. */
  readonly clusterForm: ClusterForm;
  readonly splitPartitions: boolean;
  /** Not so where a verification takes the listing of an earlier run. */
  readonly listSource: boolean;
  readonly listDestination: boolean;
  /** List both sides at once: the cluster runs steps concurrently. */
  readonly listTogether: boolean;
  readonly diffEngine: DiffEngine;
  readonly purpose: RunPurpose;
  /** A copy is verified after its rounds, or where there was nothing to copy. */
  readonly verify: boolean;
}

/** The cluster: parameters of RunJobFlow as far as the request decides them, or the id that was given. */
export interface RunCluster {
  /** The given cluster; empty where one is to be created. */
  readonly id: string;
  /** The cluster's name: the run id. */
  readonly name: string;
  /** What RunJobFlow is asked; on a run with a given cluster nothing reads it, but it stands there all the same. */
  readonly parameters: ClusterParameters & Partial<FormParameters>;
}

/** Parameters that only some forms have; not there in the others. */
export interface FormParameters {
  readonly CustomAmiId: string;
  readonly KerberosAttributes: Readonly<Record<string, string>>;
}

/**
 * Members of RunJobFlow, each read as `$.cluster.parameters.<Member>`, so each is always there. `createCluster.sync` takes no `Steps` and
 * demands `Instances.KeepJobFlowAliveWhenNoSteps: true`.
 */
export interface ClusterParameters {
  readonly Name: string;
  readonly ReleaseLabel: string;
  readonly LogUri: string;
  readonly Applications: readonly { readonly Name: string }[];
  readonly Configurations: readonly unknown[];
  /** Fleets or groups, subnets, security groups. */
  readonly Instances: Readonly<Record<string, unknown>> & { readonly KeepJobFlowAliveWhenNoSteps: true };
  readonly ServiceRole: string;
  readonly JobFlowRole: string;
  readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
  readonly StepConcurrencyLevel: number;
  readonly AutoTerminationPolicy: { readonly IdleTimeout: number };
  /** With the limits at the cluster's own size where it is not to scale: a member can't be absent. */
  readonly ManagedScalingPolicy: Readonly<Record<string, unknown>>;
  /** Nodes that go finish their tasks first. */
  readonly ScaleDownBehavior: 'TERMINATE_AT_TASK_COMPLETION';
  /** GiB. */
  readonly EbsRootVolumeSize: number;
  readonly SecurityConfiguration: string;
  readonly BootstrapActions: readonly {
    readonly Name: string;
    readonly ScriptBootstrapAction: { readonly Path: string; readonly Args: readonly string[] };
  }[];
  readonly VisibleToAllUsers: boolean;
}

/** The state of an execution after `prepare-run`. */
export interface RunState {
  readonly run: {
    readonly id: string;
    /** `s3://bucket/prefix/runs/<run id>` or a path. */
    readonly directory: string;
    /** ISO 8601. */
    readonly startedAt: string;
    readonly executionArn: string;
  };
  readonly choices: RunChoices;
  readonly cluster: RunCluster;
  /** Arguments of every remaining step; replaced after a new try or round. */
  readonly plan: RunPlan;
  /** What people should know before the run begins; shown with the state, and asked by nobody. */
  readonly findings: readonly RunFinding[];
}

/**
 * The error of `prepare-run` for everything that it refuses: a bad request, a lock that another run holds, a right that is missing. It then
 * holds nothing, no lock either, and nothing was started: the machine ends at once with the message as its cause. Any other error goes the
 * way of every failure.
 */
export const REFUSED_ERROR = 'Carillon.Refused';

/** What the machine knows of the execution and hands to every handler: enough to find the run again. */
export interface ExecutionContext {
  /** `$$.Execution.Id`. */
  readonly executionArn: string;
  /** `$$.Execution.StartTime`. */
  readonly startedAt: string;
}

/** A failed state, as Catch gives it. */
export interface CaughtError {
  readonly Error: string;
  readonly Cause: string;
}

/** `prepare-run`: the request as it came. */
export interface PrepareRunInput extends ExecutionContext {
  readonly request: unknown;
}

/** `split-partitions`. */
export interface SplitPartitionsInput extends ExecutionContext {
  readonly plan: RunPlan;
}
/** What `split-partitions` gives. */
export interface SplitPartitionsOutput {
  readonly plan: RunPlan;
}

/**
 * `assess-diff`: after the listings (sizes, the tries of both), after the diff (rows against counts, `_SUCCESS`), and in a verification after
 * its listing (sizes, where nobody knows them yet) and once it has counted.
 */
export interface AssessDiffInput extends ExecutionContext {
  readonly after: 'listings' | 'counts' | 'diff' | 'verification-listed' | 'verified';
  readonly plan: RunPlan;
  /** Try of each listing whose `_SUCCESS` was seen, where the listings ran in parallel branches. */
  readonly listed: { readonly source: number; readonly destination: number } | null;
  /** Execution id of the Athena query that counted; null for Hive. */
  readonly countsQueryId: string | null;
}
/** What `assess-diff` gives. Every member after every assessment; what it cannot know yet is true. */
export interface AssessDiffOutput {
  readonly plan: RunPlan;
  /** Nothing to copy; after `verified`: no difference to write. */
  readonly nothingToDo: boolean;
  /** Rows by verdict, for the Choice states of an Athena diff. */
  readonly hasRowsToCopy: boolean;
  readonly hasExtraRows: boolean;
}

/** `decide-retry`: a step that failed as a whole, or a round that was counted, or collected. */
export interface DecideRetryInput extends ExecutionContext {
  readonly plan: RunPlan;
  readonly happening: DecideRetryHappening;
}
/** What has to be decided upon. */
export type DecideRetryHappening =
  | { readonly type: 'step-failed'; readonly step: StepId; readonly error: CaughtError }
  /** After `reconcile`. */
  | { readonly type: 'round-counted' }
  /** After `reconcileUnsettled`: its rows are the next round's input, and the plan of that round is wanted. The answer is `round`. */
  | { readonly type: 'unsettled-collected'; readonly unsettled: number }
  /** Before the sweep: the plan knows then who else writes to the same place. The answer is `end`. */
  | { readonly type: 'sweep-due' };
/**
 * What `decide-retry` gives. After `step-failed` the plan holds the next try. After `round-counted` it is the present one, since
 * `reconcileUnsettled` runs before the next round can be planned. Two steps that run at once are decided upon one by one, each from a plan
 * that knows nothing of the other's tries.
 */
export interface DecideRetryOutput {
  readonly next: 'try' | 'round' | 'end';
  readonly why: string;
  readonly unsettled: number;
  readonly plan: RunPlan;
}

/**
 * `summarize-run`: draws up the books, writes `summary.json` and `output.json`. Comes back while `done` is false: the statistics of a large
 * run are tens of thousands of small files, and what was added up so far lies in the run's directory.
 */
export interface SummarizeRunInput extends ExecutionContext {
  /** Null on the good path. */
  readonly failure: CaughtError | null;
}
/** What `summarize-run` gives: what the end of the machine needs, and where the rest stands. Every member, done or not. */
export interface SummarizeRunOutput {
  /** False: call again. */
  readonly done: boolean;
  readonly runId: string;
  readonly status: 'succeeded' | 'partial' | 'failed';
  /** Objects failed, but no more than the request tolerates. */
  readonly tolerated: boolean;
  /** Place of `output.json`; empty where none could be written. */
  readonly output: string;
  /** One line for people, with the place of `output.json` in it; the cause of a failed execution. */
  readonly cause: string;
}

/** `notify`: tells people and the event bus; failing to never fails the run. */
export interface NotifyInput extends ExecutionContext {
  readonly summary: SummarizeRunOutput;
}

/** `stop-cluster`: on every failure path, and by rule on executions that ended outside the machine. Comes back while `done` is false. */
export interface StopClusterInput extends ExecutionContext {
  readonly reason: string;
}
/** What `stop-cluster` gives. */
export interface StopClusterOutput {
  readonly done: boolean;
  readonly terminated: readonly string[];
  readonly cancelledSteps: number;
  readonly abortedUploads: number;
}

/** `release-lock`: the pair's lock, only where it holds this execution's ARN. The last thing of a good run; `stop-cluster` does the same at its end. */
export interface ReleaseLockInput extends ExecutionContext {}
