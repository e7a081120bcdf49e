/** What an operation gets: the store, the request and who sent it; then the bucket and the key that it names. */
import type { Accounts } from './accounts.ts';
import { isWritable, type ObjectTarget } from './bucket.ts';
import type { Bucket, Buckets } from './buckets.ts';
import type { KeyBytes } from './key-bytes.ts';
import type { S3Request } from './request.ts';
import { ServiceError } from './service-error.ts';
import type { Authenticated } from './signatures/authenticate.ts';

/** The store as its operations see it. */
export interface StoreContext {
  readonly accounts: Accounts;
  readonly buckets: Buckets;
  /** The Region of the endpoint, which answers requests to buckets elsewhere with a redirect. */
  readonly region: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** A request to the service. */
export interface ServiceCall {
  readonly store: StoreContext;
  readonly request: S3Request;
  readonly auth: Authenticated;
}

/** A request to a bucket that exists. */
export interface BucketCall extends ServiceCall {
  readonly bucket: Bucket;
}

/** A request to a key of such a bucket, there or not. */
export interface ObjectCall extends BucketCall {
  readonly key: KeyBytes;
}

/** The objects of a bucket that can be written; `MethodNotAllowed` for one that is computed and takes nothing. */
export function writable({ objects }: Bucket): ObjectTarget {
  if (!isWritable(objects)) throw new ServiceError('MethodNotAllowed', { message: 'this bucket is computed and can only be read' });
  return objects;
}

/** Now, in the whole seconds that S3 keeps, as milliseconds since the epoch. */
export function thisSecond({ now }: StoreContext): number {
  return Math.floor(now() / 1000) * 1000;
}
