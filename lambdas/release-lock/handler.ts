/** `release-lock` in its stack, around what it needs. */
import { releaseLockInput } from '../runtime/input-schemas.ts';
import type { Instruments } from '../runtime/instruments.ts';
import { type LambdaHandler, lambdaStack } from '../runtime/lambda-stack.ts';
import { type ReleaseLockDeps, releaseLock } from './release-lock.ts';

/** The handler. */
export function releaseLockHandler(deps: ReleaseLockDeps, instruments: Instruments): LambdaHandler {
  return lambdaStack(releaseLockInput, instruments, (input) => releaseLock(input, deps));
}
