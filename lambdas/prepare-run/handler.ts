/** `prepare-run` in its stack, around what it needs. */
import { prepareRunInput } from '../runtime/input-schemas.ts';
import type { Instruments } from '../runtime/instruments.ts';
import { type LambdaHandler, lambdaStack } from '../runtime/lambda-stack.ts';
import { type PrepareRunDeps, prepareRun } from './prepare-run.ts';

/** The handler. */
export function prepareRunHandler(deps: PrepareRunDeps, instruments: Instruments): LambdaHandler {
  return lambdaStack(prepareRunInput, instruments, (input) => prepareRun(input, deps));
}
