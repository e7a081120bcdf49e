/** Schedules and pairs as the configuration has them; whatever is wrong ends the synthesis. */
import * as z from 'zod';
import { isFanOut, parseFanOut } from '../../../workflows/request/fan-out-request.ts';
import { parseRequest } from '../../../workflows/request/parse-request.ts';
import { RequestError } from '../../../workflows/request/request-error.ts';
import { expressionProblems, timeZoneProblem } from './schedule-expression.ts';

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/, 'is no name: 1 to 40 letters, digits, hyphens and underscores are allowed');

/** A request of a run, checked whole as `prepare-run` would. It is kept as it was written, so that later defaults hold for it. */
const request = z.record(z.string(), z.unknown()).superRefine((written, context) => {
  for (const message of requestProblems(written)) context.addIssue({ code: 'custom', message });
});

function requestProblems(written: Readonly<Record<string, unknown>>): readonly string[] {
  try {
    if (isFanOut(written)) return parseFanOut(written).runs.length > 0 ? [] : ['has no run'];
    const { cluster } = parseRequest(written) as { readonly cluster?: { readonly kerberos?: unknown } };
    return cluster?.kerberos == null
      ? []
      : ['cluster.kerberos holds passwords, and nothing that is written down here is secret; give a cluster by its id instead'];
  } catch (error) {
    if (error instanceof RequestError) return error.sentences;
    throw error;
  }
}

const overlapMinutes = z
  .int()
  .min(0)
  .max(525_600)
  .default(1440)
  .describe(
    'With incremental: how far before the watermark a run looks again. A multipart upload has the time of its beginning, so this must be longer than any upload to the source takes. Default: 1440, a day.',
  );

/** A pair of buckets that schedules name. More may be added as parameters of SSM, without another deployment. */
export const pairSchema = z.strictObject({
  request: request.describe('The request of its runs (docs/request.md).'),
  incremental: z
    .boolean()
    .default(false)
    .describe('Only objects that were modified since the last verified run, its watermark; the request then verifies. Default: false, all.'),
  overlapMinutes,
});

const when = z.string().superRefine((expression, context) => {
  for (const message of expressionProblems(expression)) context.addIssue({ code: 'custom', message });
});

const timeZone = z.string().superRefine((given, context) => {
  const message = timeZoneProblem(given);
  if (message !== null) context.addIssue({ code: 'custom', message });
});

/** A schedule. */
export const scheduleSchema = z
  .strictObject({
    when: when.describe('cron(minutes hours day-of-month month day-of-week year) or rate(number unit).'),
    timeZone: timeZone.default('UTC').describe('Of cron. Default: UTC.'),
    flexibleMinutes: z
      .int()
      .min(1)
      .max(1440)
      .nullable()
      .default(null)
      .describe('It may start this much later, so that not all start at once. Default: null, at once.'),
    enabled: z.boolean().default(true).describe('Default: true.'),
    pair: name.optional().describe('The pair that it copies, by name.'),
    request: request.optional().describe('Or a request of its own.'),
  })
  .refine(({ pair, request: own }) => (pair === undefined) !== (own === undefined), 'needs a pair or a request, and not both');

/** Pairs by name. */
export const pairsSchema = z
  .record(name, pairSchema)
  .refine((pairs) => Object.values(pairs).every(({ incremental, request: { verify } }) => !incremental || verify === true), {
    message: 'a pair that is incremental must have verify true in its request: its watermark moves after a verified end only',
  })
  .refine((pairs) => Object.values(pairs).every(({ incremental, request: { filters } }) => !incremental || !boundsTime(filters)), {
    message: 'a pair that is incremental cannot have filters.modifiedAfter or modifiedBefore: the watermark bounds the time',
  })
  .default({});

function boundsTime(filters: unknown): boolean {
  return typeof filters === 'object' && filters !== null && ('modifiedAfter' in filters || 'modifiedBefore' in filters);
}

/** Schedules by name. */
export const schedulesSchema = z.record(name, scheduleSchema).default({});

/** A pair with its defaults. */
export type Pair = z.output<typeof pairSchema>;
/** A schedule with its defaults. */
export type ScheduleEntry = z.output<typeof scheduleSchema>;
