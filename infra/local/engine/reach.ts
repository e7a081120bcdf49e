/** How `prepare-run` reaches buckets, for a command that asks one itself. */
export { type BucketReach, bucketReach } from '../../../lambdas/prepare-run/bucket-reach.ts';
