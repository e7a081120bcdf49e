/** `follow-run` in its stack, around what it needs. */
import * as z from 'zod';
import type { ExecutionContext } from '../../workflows/plan/run-state.ts';
import type { Instruments } from '../runtime/instruments.ts';
import { type LambdaHandler, lambdaStack } from '../runtime/lambda-stack.ts';
import { type FollowRunDeps, followRun } from './follow-run.ts';

/** The event of Step Functions; its times are milliseconds. */
const endedExecution: z.ZodType<ExecutionContext> = z
  .object({ detail: z.object({ executionArn: z.string().min(1).max(2048), startDate: z.number().int().positive() }) })
  .transform(({ detail: { executionArn, startDate } }) => ({ executionArn, startedAt: new Date(startDate).toISOString() }));

/** The handler. */
export function followRunHandler(deps: FollowRunDeps, instruments: Instruments): LambdaHandler {
  return lambdaStack(endedExecution, instruments, (execution) => followRun(execution, deps));
}
