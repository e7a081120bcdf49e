/** `start-run` in its stack, around what it needs. */
import { z } from 'zod';
import type { Instruments } from '../runtime/instruments.ts';
import { type LambdaHandler, lambdaStack } from '../runtime/lambda-stack.ts';
import { type StartRunDeps, type StartRunInput, startRun } from './start-run.ts';

const request = z.record(z.string(), z.unknown());

const input: z.ZodType<StartRunInput> = z.union([
  z.object({ name: z.string().min(1), request }),
  z.object({ id: z.string().min(1), detail: z.object({ name: z.string().min(1).optional(), request }) }),
]);

/** The handler. */
export function startRunHandler(deps: StartRunDeps, instruments: Instruments): LambdaHandler {
  return lambdaStack(input, instruments, (event) => startRun(event, deps));
}
