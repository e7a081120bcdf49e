/** The function `summarize-fan-out` on AWS. */
import { SFNClient } from '@aws-sdk/client-sfn';
import { baseBucket } from '../aws/base-bucket.ts';
import { executionOfMachine } from '../aws/executions.ts';
import { stateMachineArn } from '../aws/settings.ts';
import { telling } from '../aws/telling.ts';
import { summarizeFanOutHandler } from './handler.ts';

const { home } = baseBucket(process.env);
const { instruments, emit, now } = telling('summarize-fan-out');

/** The handler. */
export const handler = summarizeFanOutHandler(
  { home, executionOf: executionOfMachine(new SFNClient({}), stateMachineArn(process.env)), emit, now },
  instruments,
);
