/** `notify` in its stack, around what it needs. */
import { notifyInput } from '../runtime/input-schemas.ts';
import type { Instruments } from '../runtime/instruments.ts';
import { type LambdaHandler, lambdaStack } from '../runtime/lambda-stack.ts';
import { type NotifyDeps, notify } from './notify.ts';

/** The handler. */
export function notifyHandler(deps: NotifyDeps, instruments: Instruments): LambdaHandler {
  return lambdaStack(notifyInput, instruments, (input) => notify(input, deps));
}
