/** The function `decide-retry` on AWS. */
import { baseBucket } from '../aws/base-bucket.ts';
import { telling } from '../aws/telling.ts';
import { decideRetryHandler } from './handler.ts';

const { instruments, emit, now } = telling('decide-retry');

/** The handler. */
export const handler = decideRetryHandler({ ...baseBucket(process.env), emit, now }, instruments);
