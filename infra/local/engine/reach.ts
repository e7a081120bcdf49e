/** How `prepare-run` reaches buckets, for whoever starts runs here. */
export { type BucketReach, bucketReach } from '../../../lambdas/prepare-run/bucket-reach.ts';
