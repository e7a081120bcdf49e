/**
 * What flows through the state machine, and what each handler gets and gives. The states only move it; everything computed is computed by
 * a handler. Every member exists on every path (a JSONPath that does not exist is an error that nothing catches), so what may be absent is
 * null or has a flag beside it.
 */
import type { RunPlan } from './run-plan.ts';
import type { StepId } from './run-progress.ts';

/** Which way the diff goes. */
export type DiffEngine = 'none' | 'hive' | 'athena';

/** What the machine's Choice states ask. */
export interface RunChoices {
  /** Create a cluster of the run's own; else `cluster.id` is given. */
  readonly createCluster: boolean;
  /** Terminate the cluster at the end: it was created by this run and is not to be kept. */
  readonly terminateCluster: boolean;
  readonly splitPartitions: boolean;
  readonly listDestination: boolean;
  /** List both sides at once: the cluster runs steps concurrently. */
  readonly listTogether: boolean;
  readonly diffEngine: DiffEngine;
  /** Nothing is written: the run ends after the listings or the diff. */
  readonly readOnly: boolean;
  readonly verify: boolean;
}

/** The cluster: parameters of RunJobFlow as far as the request decides them, or the id that was given. */
export interface RunCluster {
  /** The given cluster; empty where one is to be created. */
  readonly id: string;
  /** The cluster's name: the run id. */
  readonly name: string;
  /** Members of RunJobFlow by name; CustomState reads each as `$.cluster.parameters.<Member>`. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Role that addStep runs a step with; empty for none. */
  readonly executionRoleArn: string;
}

/** An Athena query to run: the statement, where its results go, and in which workgroup. */
export interface AthenaQuery {
  readonly statement: string;
  readonly outputLocation: string;
  readonly workGroup: string;
  readonly database: string;
}

/** The queries of an Athena diff, in order; what drops the tables runs on every path. */
export interface AthenaQueries {
  readonly dropTables: readonly AthenaQuery[];
  readonly createTables: readonly AthenaQuery[];
  readonly counts: AthenaQuery;
  /** Each skipped where its count is zero. */
  readonly toCopy: AthenaQuery;
  readonly extra: AthenaQuery;
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
  /** Null but for an Athena diff. */
  readonly athena: AthenaQueries | null;
}

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

/** `assess-diff`: after the listings (sizes, the tries of both), and after the diff (rows against counts, `_SUCCESS`). */
export interface AssessDiffInput extends ExecutionContext {
  readonly after: 'listings' | 'counts' | 'diff';
  readonly plan: RunPlan;
  /** Try of each listing whose `_SUCCESS` was seen, where the listings ran in parallel branches. */
  readonly listed: { readonly source: number; readonly destination: number } | null;
  /** Execution id of the Athena query that counted; null for Hive. */
  readonly countsQueryId: string | null;
}
/** What `assess-diff` gives. */
export interface AssessDiffOutput {
  readonly plan: RunPlan;
  readonly nothingToDo: boolean;
  /** Rows by verdict, for the Choice states of an Athena diff. */
  readonly hasRowsToCopy: boolean;
  readonly hasExtraRows: boolean;
}

/** `decide-retry`: a step that failed as a whole, or a round that was counted. */
export interface DecideRetryInput extends ExecutionContext {
  readonly plan: RunPlan;
  readonly happening: { readonly type: 'step-failed'; readonly step: StepId; readonly error: CaughtError } | { readonly type: 'round-counted' };
}
/** What `decide-retry` gives. The plan is the present one where nothing follows. */
export interface DecideRetryOutput {
  readonly next: 'try' | 'round' | 'end';
  readonly why: string;
  readonly unsettled: number;
  readonly plan: RunPlan;
}

/** `summarize-run`: draws up the books, writes `summary.json` and `output.json`. */
export interface SummarizeRunInput extends ExecutionContext {
  /** Null on the good path. */
  readonly failure: CaughtError | null;
}
/** What `summarize-run` gives: what the end of the machine needs, and where the rest stands. */
export interface SummarizeRunOutput {
  readonly runId: string;
  readonly status: 'succeeded' | 'partial' | 'failed';
  /** Objects failed, but no more than the request tolerates. */
  readonly tolerated: boolean;
  /** Place of `output.json`. */
  readonly output: string;
  /** One line for people; the cause of a failed execution. */
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

/** `release-lock`: part of `stop-cluster` and `summarize-run` on AWS; only where the lock holds this execution's ARN. */
export interface ReleaseLockInput extends ExecutionContext {}
