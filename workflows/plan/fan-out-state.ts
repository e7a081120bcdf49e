/** What flows through the fan-out's machine, and what its handlers get and give. Every member exists on every path. */
import type { RunStatus } from '../events/run-output.ts';
import type { ExecutionContext } from './run-state.ts';

/**
 * Member of a child's input that names its parent, beside those of its request. The console of Step Functions links the two by it, and
 * `prepare-run` takes the pair's lock in the parent's name, which is how children of one parent share it.
 */
export const PARENT_MEMBER = 'AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID';

/** `prepare-fan-out`: the fan-out's request as it came. */
export interface PrepareFanOutInput extends ExecutionContext {
  readonly request: unknown;
}

/** What `prepare-fan-out` gives: one child for each part file or pair of buckets. All of it together stays far below 256 KiB. */
export interface FanOutState {
  /** At most 40, the limit of an inline Map. */
  readonly concurrency: number;
  /** Times a child is started that fails as a whole. */
  readonly tries: number;
  /** Children that may fail while the fan-out still succeeds. */
  readonly toleratedFailures: number;
  readonly children: readonly FanOutChild[];
}

/** One child of a fan-out. */
export interface FanOutChild {
  /** At most 40 of `[A-Za-z0-9_-]`: the beginning of the execution's name, which a fresh suffix completes. */
  readonly name: string;
  /** The input of its execution: a whole request, and {@link PARENT_MEMBER} with the parent's ARN beside its members. */
  readonly input: unknown;
}

/** How a child ended. What it says of itself stays with it: hundreds of causes are too long for a state. */
export interface FanOutResult {
  /** Its name in the fan-out. */
  readonly child: string;
  /** Name of the execution of its last try. */
  readonly execution: string;
  readonly succeeded: boolean;
  /** Empty where it failed. */
  readonly runId: string;
}

/** `summarize-fan-out`: adds up the books of the children. */
export interface SummarizeFanOutInput extends ExecutionContext {
  readonly children: readonly FanOutResult[];
  readonly toleratedFailures: number;
}

/** What `summarize-fan-out` gives. */
export interface SummarizeFanOutOutput {
  /** The fan-out's own id, below which its books lie. */
  readonly runId: string;
  readonly status: RunStatus;
  /** Children failed, but no more than the request tolerates. */
  readonly tolerated: boolean;
  readonly succeeded: number;
  readonly failed: number;
  /** Place of the sum. */
  readonly output: string;
  /** One line for people, with the place in it. */
  readonly cause: string;
}
