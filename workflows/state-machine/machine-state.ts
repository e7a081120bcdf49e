/** What flows through the machine of one run: the answer of `prepare-run`, and beside it what the states put there. */
import type { AssessDiffOutput, CaughtError, DecideRetryOutput, RunState, StopClusterOutput, SummarizeRunOutput } from '../plan/run-state.ts';

/** The document at its fullest. What exists at which state is shown by the walk over the graph (test/unit/state-machine). */
export interface CopyRunState extends Omit<RunState, 'plan'> {
  /** The execution's input as it came; gone after `prepare-run`. */
  readonly request: unknown;
  /** The cluster that the steps run on, given or created. */
  readonly ready: { readonly clusterId: string };
  /** What the last handler decided: the plan in force, and what was found out with it. */
  readonly decided: AssessDiffOutput & DecideRetryOutput;
  /** Tries of the listings, where both were made at once. */
  readonly listed: { readonly source: number; readonly destination: number } | null;
  /** The Athena query that counted. */
  readonly counted: { readonly queryId: string };
  /** The error that was caught last. */
  readonly failure: CaughtError;
  /** A refusal, its cause taken apart. */
  readonly refusal: { readonly errorMessage: string };
  readonly stopped: StopClusterOutput;
  readonly summary: SummarizeRunOutput;
}
