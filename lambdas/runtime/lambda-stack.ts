/** What every handler is wrapped in: parse, one call, answer. */
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { parser } from '@aws-lambda-powertools/parser/middleware';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import middy from '@middy/core';
import type * as z from 'zod';
import type { Instruments } from './instruments.ts';

/** A handler as Lambda calls it, and the local engine too. */
export type LambdaHandler = (event: unknown, context: InvocationContext) => Promise<unknown>;

/** What of Lambda's context our handlers look at. */
export interface InvocationContext {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly awsRequestId: string;
  readonly callbackWaitsForEmptyEventLoop?: boolean;
  getRemainingTimeInMillis(): number;
}

/**
 * The handler around a call.
 *
 * @param schema - of its input; what does not fit never reaches the call, and is an error `ParseError`
 * @param call - the one call; gets the time that is left, in milliseconds
 */
export function lambdaStack<I>(
  schema: z.ZodType<I>,
  { logger, metrics, tracer }: Instruments,
  call: (input: I, remainingMilliseconds: () => number) => Promise<unknown>,
): LambdaHandler {
  return middy<unknown, unknown, Error, never>()
    .use(captureLambdaHandler(tracer, { captureResponse: false }))
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(logMetrics(metrics, { captureColdStartMetric: true }))
    .use(parser({ schema }))
    .handler(async (event: unknown, context: InvocationContext) => {
      try {
        return await call(event as I, () => context.getRemainingTimeInMillis());
      } catch (error) {
        logger.error('failed', error as Error);
        throw error;
      }
    }) as unknown as LambdaHandler;
}
