/** `assess-diff` in its stack, around what it needs. */
import { assessDiffInput } from '../runtime/input-schemas.ts';
import type { Instruments } from '../runtime/instruments.ts';
import { type LambdaHandler, lambdaStack } from '../runtime/lambda-stack.ts';
import { type AssessDiffDeps, assessDiff } from './assess-diff.ts';

/** The handler. */
export function assessDiffHandler(deps: AssessDiffDeps, instruments: Instruments): LambdaHandler {
  return lambdaStack(assessDiffInput, instruments, (input) => assessDiff(input, deps));
}
