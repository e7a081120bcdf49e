/** The schemas of the inputs of the fan-out's handlers, as `workflows/plan/fan-out-state.ts` types them. */
import * as z from 'zod';
import type { PrepareFanOutInput, SummarizeFanOutInput } from '../../workflows/plan/fan-out-state.ts';
import { execution } from './input-schemas.ts';

/** `prepare-fan-out`. The request is judged by its own schema, with every problem. */
export const prepareFanOutInput: z.ZodType<PrepareFanOutInput> = z.object({ ...execution, request: z.unknown() });

/** `summarize-fan-out`. */
export const summarizeFanOutInput: z.ZodType<SummarizeFanOutInput> = z.object({
  ...execution,
  children: z.array(z.object({ child: z.string().min(1), execution: z.string().min(1), succeeded: z.boolean(), runId: z.string() })),
  toleratedFailures: z.int().min(0),
});
