/** `conclude-run` in its stack, around what it needs. */
import type { Instruments } from '../runtime/instruments.ts';
import { type LambdaHandler, lambdaStack } from '../runtime/lambda-stack.ts';
import { RESERVE_MILLISECONDS } from '../summarize-run/summarize-run.ts';
import { type ConcludeRunDeps, concludeRun } from './conclude-run.ts';
import { endedExecution } from './ended-execution.ts';

/** Thrown where statistics are left to add up; Lambda calls a function again that was called by an event and failed. */
export class ConclusionUnfinishedError extends Error {
  override readonly name = 'ConclusionUnfinishedError';
  readonly code = 'CONCLUSION_UNFINISHED';
  readonly retryable = true;

  constructor(executionArn: string) {
    super(`the statistics of ${executionArn} are not all added up within the time of one call; call again`);
  }
}

/** The handler. */
export function concludeRunHandler(deps: Omit<ConcludeRunDeps, 'hasTime'>, instruments: Instruments): LambdaHandler {
  return lambdaStack(endedExecution, instruments, async (execution, remaining) => {
    const conclusion = await concludeRun(execution, { ...deps, hasTime: () => remaining() > RESERVE_MILLISECONDS });
    if (!conclusion.done) throw new ConclusionUnfinishedError(execution.executionArn);
    return conclusion;
  });
}
