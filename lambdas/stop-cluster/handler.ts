/** `stop-cluster` in its stack, around what it needs. */
import { stopClusterInput } from '../runtime/input-schemas.ts';
import type { Instruments } from '../runtime/instruments.ts';
import { type LambdaHandler, lambdaStack } from '../runtime/lambda-stack.ts';
import { type StopClusterDeps, stopCluster } from './stop-cluster.ts';

/** The handler. */
export function stopClusterHandler(deps: StopClusterDeps, instruments: Instruments): LambdaHandler {
  return lambdaStack(stopClusterInput, instruments, (input) => stopCluster(input, deps));
}
