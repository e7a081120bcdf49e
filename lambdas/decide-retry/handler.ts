/** `decide-retry` in its stack, around what it needs. */
import { decideRetryInput } from '../runtime/input-schemas.ts';
import type { Instruments } from '../runtime/instruments.ts';
import { type LambdaHandler, lambdaStack } from '../runtime/lambda-stack.ts';
import { type DecideRetryDeps, decideRetry } from './decide-retry.ts';

/** The handler. */
export function decideRetryHandler(deps: DecideRetryDeps, instruments: Instruments): LambdaHandler {
  return lambdaStack(decideRetryInput, instruments, (input) => decideRetry(input, deps));
}
