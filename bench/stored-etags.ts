/** What a bucket that really holds objects holds: looked at in the store itself, so that no client's reading of keys comes between. */
import { keyText } from '../infra/local/s3-store/key-bytes.ts';
import type { Store } from '../infra/local/s3-store/store.ts';

/** ETags by key. */
export function etagsIn({ context }: Store, bucket: string): ReadonlyMap<string, string> {
  const objects = context.buckets.get(bucket)?.objects.scan('') ?? [];
  return new Map(Array.from(objects, ({ key, etag }) => [keyText(key), etag]));
}
