/** `summarize-run` in its stack, around what it needs. */
import { summarizeRunInput } from '../runtime/input-schemas.ts';
import type { Instruments } from '../runtime/instruments.ts';
import { type LambdaHandler, lambdaStack } from '../runtime/lambda-stack.ts';
import { RESERVE_MILLISECONDS, type SummarizeRunDeps, summarizeRun } from './summarize-run.ts';

/** The handler. */
export function summarizeRunHandler(deps: Omit<SummarizeRunDeps, 'hasTime'>, instruments: Instruments): LambdaHandler {
  return lambdaStack(summarizeRunInput, instruments, (input, remaining) => summarizeRun(input, { ...deps, hasTime: () => remaining() > RESERVE_MILLISECONDS }));
}
