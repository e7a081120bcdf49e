/** The function `notify` on AWS. */
import { baseBucket } from '../aws/base-bucket.ts';
import { stackPublishers } from '../aws/stack-publishers.ts';
import { telling } from '../aws/telling.ts';
import { notifyHandler } from './handler.ts';

/** The handler. */
export const handler = notifyHandler({ ...baseBucket(process.env), publishers: stackPublishers(process.env) }, telling('notify').instruments);
