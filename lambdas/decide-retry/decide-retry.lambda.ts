/** The function `decide-retry` on AWS. */
import { baseBucket } from '../aws/base-bucket.ts';
import { lockedNeighbours } from '../aws/locked-neighbours.ts';
import { telling } from '../aws/telling.ts';
import { decideRetryHandler } from './handler.ts';

const { home, base } = baseBucket(process.env);
const { instruments, emit, now } = telling('decide-retry');

/** The handler. */
export const handler = decideRetryHandler({ home, neighbours: lockedNeighbours(home, base), emit, now }, instruments);
