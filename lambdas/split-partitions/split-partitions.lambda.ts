/** The function `split-partitions` on AWS. */
import { baseBucket } from '../aws/base-bucket.ts';
import { telling } from '../aws/telling.ts';
import { splitPartitionsHandler } from './handler.ts';

/** The handler. */
export const handler = splitPartitionsHandler({ ...baseBucket(process.env), partFile: async () => null }, telling('split-partitions').instruments);
