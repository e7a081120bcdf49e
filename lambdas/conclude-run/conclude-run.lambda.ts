/** The function `conclude-run` on AWS. */
import { EMRClient } from '@aws-sdk/client-emr';
import { baseBucket } from '../aws/base-bucket.ts';
import { stepSeconds } from '../aws/clusters.ts';
import { stackPublishers } from '../aws/stack-publishers.ts';
import { telling } from '../aws/telling.ts';
import { concludeRunHandler } from './handler.ts';

const { instruments, emit, now } = telling('conclude-run');
const publishers = stackPublishers(process.env);

/** The handler. */
export const handler = concludeRunHandler({ ...baseBucket(process.env), publishers, secondsOfSteps: stepSeconds(new EMRClient({})), emit, now }, instruments);
