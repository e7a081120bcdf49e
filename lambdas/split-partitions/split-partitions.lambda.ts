/** The function `split-partitions` on AWS. */
import { baseBucket } from '../aws/base-bucket.ts';
import { telling } from '../aws/telling.ts';
import { splitPartitionsHandler } from './handler.ts';

const { env } = process;
const { home, transport } = baseBucket(env);

/** The handler. */
export const handler = splitPartitionsHandler({ home, asker: { env, transport } }, telling('split-partitions').instruments);
