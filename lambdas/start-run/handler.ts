/** `start-run` in its stack, around what it needs. */
import * as z from 'zod';
import type { Instruments } from '../runtime/instruments.ts';
import { type LambdaHandler, lambdaStack } from '../runtime/lambda-stack.ts';
import { type StartRunDeps, type StartRunInput, startRun } from './start-run.ts';

const request = z.record(z.string(), z.unknown());
const pair = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/);
const name = z.string().min(1);

const input: z.ZodType<StartRunInput> = z.union([
  z.object({ name, request }),
  z.object({ name, pair }),
  z.object({ id: name, detail: z.union([z.object({ name: name.optional(), request }), z.object({ name: name.optional(), pair })]) }),
]);

/** The handler. */
export function startRunHandler(deps: StartRunDeps, instruments: Instruments): LambdaHandler {
  return lambdaStack(input, instruments, (event) => startRun(event, deps));
}
