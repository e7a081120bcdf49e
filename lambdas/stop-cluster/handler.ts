/** `stop-cluster` in its stack, around what it needs. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Instruments } from '../runtime/instruments.ts';
import { type LambdaHandler, lambdaStack } from '../runtime/lambda-stack.ts';
import { type StopClusterDeps, stopCluster } from './stop-cluster.ts';
import { stopCall } from './stop-event.ts';
import { RESERVE, stopUntilDone } from './stop-until-done.ts';

/** The handler. The machine is answered after one look and comes back; an event is nobody who could. */
export function stopClusterHandler(deps: StopClusterDeps, instruments: Instruments): LambdaHandler {
  return lambdaStack(stopCall, instruments, ({ input, callsAgain }, remaining) =>
    callsAgain ? stopCluster(input, deps, remaining() - RESERVE) : stopUntilDone(input, deps, { remaining, pause }),
  );
}
