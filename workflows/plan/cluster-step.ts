/** A step as every cluster takes it: EMR, any Hadoop, and the local one. */

/** What `command-runner.jar` would be given. A failed step never stops the cluster (CONTINUE). */
export interface ClusterStep {
  /** Such as `copy-objects.r1.t1`. */
  readonly name: string;
  /** `hadoop-streaming …` or `hive-script …`; together at most 10,240 characters (EMR's limit). */
  readonly args: readonly string[];
}

/** How a step ended. */
export type StepOutcome =
  | { readonly status: 'completed' }
  | { readonly status: 'cancelled' }
  | {
      readonly status: 'failed';
      /** One line: which task, which exit code or signal. */
      readonly cause: string;
      /** Last lines of standard error of the attempt that failed it. */
      readonly log: string;
    };

/** Who can run a step off AWS. On AWS the state machine calls EMR itself. */
export interface Cluster {
  run(step: ClusterStep, signal: AbortSignal): Promise<StepOutcome>;
  close(): Promise<void>;
}
