/** The event of an execution that has ended, as EventBridge documents it, and as the local engine calls. */
import * as z from 'zod';
import { execution } from '../runtime/input-schemas.ts';
import type { EndedExecution } from './conclude-run.ts';

const event = z
  .object({
    source: z.literal('aws.states'),
    'detail-type': z.literal('Step Functions Execution Status Change'),
    detail: z.object({
      executionArn: execution.executionArn,
      status: z.enum(['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']),
      /** Milliseconds since 1970. */
      startDate: z.number().int().positive(),
      error: z.string().nullish(),
      cause: z.string().nullish(),
    }),
  })
  .transform(({ detail: { executionArn, startDate, status, error, cause } }): EndedExecution => {
    const failure = status === 'SUCCEEDED' ? null : { Error: error ?? status, Cause: cause ?? '' };
    return { executionArn, startedAt: new Date(startDate).toISOString(), failure };
  });

const call = z.object({
  ...execution,
  failure: z.object({ Error: z.string(), Cause: z.string() }).nullable(),
});

/** The schema of both. */
export const endedExecution: z.ZodType<EndedExecution> = z.union([event, call]);
