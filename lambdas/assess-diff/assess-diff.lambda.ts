/** The function `assess-diff` on AWS. */
import { AthenaClient } from '@aws-sdk/client-athena';
import { athenaCounts } from '../aws/athena.ts';
import { baseBucket } from '../aws/base-bucket.ts';
import { telling } from '../aws/telling.ts';
import { assessDiffHandler } from './handler.ts';

const { instruments, emit, now } = telling('assess-diff');

/** The handler. */
export const handler = assessDiffHandler({ ...baseBucket(process.env), athenaCounts: athenaCounts(new AthenaClient({})), emit, now }, instruments);
