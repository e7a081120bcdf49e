/**
 * The handlers of the state machines by name, and how a definition names them. A state calls a handler through `lambda:invoke` with the
 * FunctionName `${<substitution>}`: CloudFormation puts the function's ARN there (`DefinitionSubstitutions`), the local engine looks the
 * handler up. Plain data, without CDK, so that both may import it.
 */
import type { FanOutState, PrepareFanOutInput, SummarizeFanOutInput, SummarizeFanOutOutput } from '../plan/fan-out-state.ts';
import type {
  AssessDiffInput,
  AssessDiffOutput,
  DecideRetryInput,
  DecideRetryOutput,
  NotifyInput,
  PrepareRunInput,
  ReleaseLockInput,
  RunState,
  SplitPartitionsInput,
  SplitPartitionsOutput,
  StopClusterInput,
  StopClusterOutput,
  SummarizeRunInput,
  SummarizeRunOutput,
} from '../plan/run-state.ts';

/** Substitution of each handler that a state machine calls. (`start-run` is called by events, never by a state.) */
export const HANDLERS = {
  'prepare-run': 'PrepareRunFunctionArn',
  'split-partitions': 'SplitPartitionsFunctionArn',
  'assess-diff': 'AssessDiffFunctionArn',
  'decide-retry': 'DecideRetryFunctionArn',
  'summarize-run': 'SummarizeRunFunctionArn',
  notify: 'NotifyFunctionArn',
  'stop-cluster': 'StopClusterFunctionArn',
  'release-lock': 'ReleaseLockFunctionArn',
  'prepare-fan-out': 'PrepareFanOutFunctionArn',
  'summarize-fan-out': 'SummarizeFanOutFunctionArn',
} as const;

/** A handler that a state machine calls. */
export type HandlerName = keyof typeof HANDLERS;

/** What each handler gets and gives. */
export interface HandlerContracts {
  readonly 'prepare-run': { readonly input: PrepareRunInput; readonly output: RunState };
  readonly 'split-partitions': { readonly input: SplitPartitionsInput; readonly output: SplitPartitionsOutput };
  readonly 'assess-diff': { readonly input: AssessDiffInput; readonly output: AssessDiffOutput };
  readonly 'decide-retry': { readonly input: DecideRetryInput; readonly output: DecideRetryOutput };
  readonly 'summarize-run': { readonly input: SummarizeRunInput; readonly output: SummarizeRunOutput };
  readonly notify: { readonly input: NotifyInput; readonly output: unknown };
  readonly 'stop-cluster': { readonly input: StopClusterInput; readonly output: StopClusterOutput };
  readonly 'release-lock': { readonly input: ReleaseLockInput; readonly output: unknown };
  readonly 'prepare-fan-out': { readonly input: PrepareFanOutInput; readonly output: FanOutState };
  readonly 'summarize-fan-out': { readonly input: SummarizeFanOutInput; readonly output: SummarizeFanOutOutput };
}

/** What else a definition leaves open. */
export const SUBSTITUTIONS = {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  partition: 'Partition',
  /** The machine of one run, which the fan-out starts. */
  copyRun: 'CopyRunStateMachineArn',
} as const;

/** How a definition writes a substitution. */
export function placeholder(substitution: string): string {
  return `\${${substitution}}`;
}

/** The handler behind a FunctionName of a definition; null: none of ours. */
export function handlerOf(functionName: string): HandlerName | null {
  const found = Object.entries(HANDLERS).find(([, substitution]) => placeholder(substitution) === functionName);
  return found === undefined ? null : (found[0] as HandlerName);
}
