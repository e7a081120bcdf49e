/** `summarize-fan-out` in its stack, around what it needs. */
import { summarizeFanOutInput } from '../runtime/fan-out-schemas.ts';
import type { Instruments } from '../runtime/instruments.ts';
import { type LambdaHandler, lambdaStack } from '../runtime/lambda-stack.ts';
import { type SummarizeFanOutDeps, summarizeFanOut } from './summarize-fan-out.ts';

/** The handler. */
export function summarizeFanOutHandler(deps: SummarizeFanOutDeps, instruments: Instruments): LambdaHandler {
  return lambdaStack(summarizeFanOutInput, instruments, (input) => summarizeFanOut(input, deps));
}
