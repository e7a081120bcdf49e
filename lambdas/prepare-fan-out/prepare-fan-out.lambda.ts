/** The function `prepare-fan-out` on AWS. */
import { SFNClient } from '@aws-sdk/client-sfn';
import { baseBucket } from '../aws/base-bucket.ts';
import { executionRuns } from '../aws/executions.ts';
import { telling } from '../aws/telling.ts';
import { prepareFanOutHandler } from './handler.ts';

const { home, locks } = baseBucket(process.env);
const { instruments, emit, now } = telling('prepare-fan-out');

/** The handler. */
export const handler = prepareFanOutHandler({ home, locks, isRunning: executionRuns(new SFNClient({})), emit, now }, instruments);
