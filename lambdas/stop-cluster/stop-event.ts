/** Who calls `stop-cluster`: a state of the machine, or the rule on executions that ended otherwise than well. */
import * as z from 'zod';
import type { StopClusterInput } from '../../workflows/plan/run-state.ts';
import { execution, stopClusterInput } from '../runtime/input-schemas.ts';

/** A call, and whether anybody will call again while something is left. */
export interface StopCall {
  readonly input: StopClusterInput;
  readonly callsAgain: boolean;
}

const payload = stopClusterInput.transform((input): StopCall => ({ input, callsAgain: true }));

/** The event as EventBridge documents it; its start is in milliseconds since 1970. */
const event = z
  .object({
    source: z.literal('aws.states'),
    'detail-type': z.literal('Step Functions Execution Status Change'),
    detail: z.object({
      executionArn: execution.executionArn,
      status: z.enum(['FAILED', 'TIMED_OUT', 'ABORTED']),
      startDate: z.number().int().positive(),
    }),
  })
  .transform(({ detail: { executionArn, startDate, status } }): StopCall => {
    return { input: { executionArn, startedAt: new Date(startDate).toISOString(), reason: status }, callsAgain: false };
  });

/** The schema of both. */
export const stopCall: z.ZodType<StopCall> = z.union([event, payload]);
