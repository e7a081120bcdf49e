/** `prepare-fan-out` in its stack, around what it needs. */
import { prepareFanOutInput } from '../runtime/fan-out-schemas.ts';
import type { Instruments } from '../runtime/instruments.ts';
import { type LambdaHandler, lambdaStack } from '../runtime/lambda-stack.ts';
import { type PrepareFanOutDeps, prepareFanOut } from './prepare-fan-out.ts';

/** The handler. */
export function prepareFanOutHandler(deps: PrepareFanOutDeps, instruments: Instruments): LambdaHandler {
  return lambdaStack(prepareFanOutInput, instruments, (input) => prepareFanOut(input, deps));
}
