/** Compares what two buckets of a store hold, without a client: by looking into it. */
import type { ListedObject } from '../../infra/local/s3-store/bucket.ts';
import { keyText } from '../../infra/local/s3-store/key-bytes.ts';
import type { Store } from '../../infra/local/s3-store/store.ts';

/** Keys by what a comparison found. */
export interface Comparison {
  /** At both sides with the same ETag, size and storage class. */
  readonly same: readonly string[];
  /** At both sides, but not the same. */
  readonly different: readonly string[];
  /** Only at the source. */
  readonly missing: readonly string[];
  /** Only at the destination. */
  readonly extra: readonly string[];
}

function objectsOf(store: Store, bucket: string): Map<string, ListedObject> {
  const objects = store.context.buckets.get(bucket)?.objects.scan('') ?? [];
  return new Map(Array.from(objects, (object) => [keyText(object.key), object]));
}

function isSame(a: ListedObject, b: ListedObject): boolean {
  return a.etag === b.etag && a.size === b.size && a.storageClass === b.storageClass;
}

/** Compares every object of two buckets. */
export function compareBuckets(store: Store, source: string, destination: string): Comparison {
  const [there, here] = [objectsOf(store, source), objectsOf(store, destination)];
  const [same, different, missing]: [string[], string[], string[]] = [[], [], []];
  for (const [key, object] of there) {
    const copy = here.get(key);
    (copy === undefined ? missing : isSame(object, copy) ? same : different).push(key);
  }
  return { same, different, missing, extra: [...here.keys()].filter((key) => !there.has(key)) };
}
