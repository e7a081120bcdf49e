/** The function `summarize-run` on AWS. */
import { EMRClient } from '@aws-sdk/client-emr';
import { baseBucket } from '../aws/base-bucket.ts';
import { stepSeconds } from '../aws/clusters.ts';
import { telling } from '../aws/telling.ts';
import { summarizeRunHandler } from './handler.ts';

const { instruments, emit, now } = telling('summarize-run');

/** The handler. */
export const handler = summarizeRunHandler({ ...baseBucket(process.env), secondsOfSteps: stepSeconds(new EMRClient({})), emit, now }, instruments);
