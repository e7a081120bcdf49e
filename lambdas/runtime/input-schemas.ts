/** The schemas of the handlers' inputs, as `workflows/plan/run-state.ts` types them. Of a plan only its frame is looked at: a handler wrote it. */
import * as z from 'zod';
import { RUN_DIRECTORY_VERSION } from '../../emr-steps/run-directory/layout.ts';
import { RUN_ID_PATTERN } from '../../workflows/plan/run-id.ts';
import type { RunPlan } from '../../workflows/plan/run-plan.ts';
import { STEP_IDS } from '../../workflows/plan/run-progress.ts';
import type {
  AssessDiffInput,
  DecideRetryInput,
  NotifyInput,
  PrepareRunInput,
  ReleaseLockInput,
  SplitPartitionsInput,
  StopClusterInput,
  SummarizeRunInput,
} from '../../workflows/plan/run-state.ts';

/** What every handler is told of its execution. */
export const execution = { executionArn: z.string().min(1).max(2048), startedAt: z.iso.datetime() };

const plan = z.looseObject({
  formatVersion: z.literal(RUN_DIRECTORY_VERSION),
  runId: z.string().regex(RUN_ID_PATTERN),
  runDirectory: z.string().min(1),
  progress: z.looseObject({ plan: z.int().min(1), round: z.int().min(1), tries: z.record(z.enum(STEP_IDS), z.int().min(1)) }),
  steps: z.record(z.enum(STEP_IDS), z.looseObject({ name: z.string(), output: z.string() }).nullable()),
}) as unknown as z.ZodType<RunPlan>;

/** Of a time-out nobody promises a cause. */
const caught = z.object({ Error: z.string(), Cause: z.string().default('') });

/** `prepare-run`. The request is judged by its own schema, with every problem. */
export const prepareRunInput: z.ZodType<PrepareRunInput> = z.object({ ...execution, request: z.unknown() });

/** `split-partitions`. */
export const splitPartitionsInput: z.ZodType<SplitPartitionsInput> = z.object({ ...execution, plan });

/** `assess-diff`. */
export const assessDiffInput: z.ZodType<AssessDiffInput> = z.object({
  ...execution,
  after: z.enum(['listings', 'counts', 'diff', 'verification-listed', 'verified']),
  plan,
  listed: z.object({ source: z.int().min(1), destination: z.int().min(1) }).nullable(),
  countsQueryId: z.string().nullable(),
});

/** `decide-retry`. */
export const decideRetryInput: z.ZodType<DecideRetryInput> = z.object({
  ...execution,
  plan,
  happening: z.discriminatedUnion('type', [
    z.object({ type: z.literal('step-failed'), step: z.enum(STEP_IDS), error: caught }),
    z.object({ type: z.literal('round-counted') }),
    z.object({ type: z.literal('unsettled-collected'), unsettled: z.int().min(0) }),
    z.object({ type: z.literal('sweep-due') }),
  ]),
});

/** `summarize-run`. */
export const summarizeRunInput: z.ZodType<SummarizeRunInput> = z.object({ ...execution, failure: caught.nullable() });

/** `notify`. */
export const notifyInput: z.ZodType<NotifyInput> = z.object({
  ...execution,
  summary: z.object({
    done: z.boolean(),
    runId: z.string(),
    status: z.enum(['succeeded', 'partial', 'failed']),
    tolerated: z.boolean(),
    output: z.string(),
    cause: z.string(),
  }),
});

/** `stop-cluster`. */
export const stopClusterInput: z.ZodType<StopClusterInput> = z.object({ ...execution, reason: z.string() });

/** `release-lock`. */
export const releaseLockInput: z.ZodType<ReleaseLockInput> = z.object(execution);
