/** The function `release-lock` on AWS. */
import { baseBucket } from '../aws/base-bucket.ts';
import { telling } from '../aws/telling.ts';
import { releaseLockHandler } from './handler.ts';

/** The handler. */
export const handler = releaseLockHandler(baseBucket(process.env), telling('release-lock').instruments);
