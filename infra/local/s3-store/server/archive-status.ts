/** Marks an INTELLIGENT_TIERING object as archived, which S3 itself does after months without a read. */
import { type StoreContext, writable } from '../call.ts';
import type { KeyBytes } from '../key-bytes.ts';
import { ServiceError } from '../service-error.ts';

/** Sets or (with null) clears `ARCHIVE_ACCESS` or `DEEP_ARCHIVE_ACCESS` of the current version. */
export function setArchiveStatus(store: StoreContext, bucketName: string, key: KeyBytes, status: string | null): void {
  const bucket = store.buckets.get(bucketName);
  if (bucket === undefined) throw new ServiceError('NoSuchBucket');
  const object = bucket.objects.find(key, null);
  if (object?.kind !== 'object') throw new ServiceError('NoSuchKey');
  if (object.storageClass !== 'INTELLIGENT_TIERING') throw new ServiceError('InvalidObjectState', { elements: { StorageClass: object.storageClass } });
  writable(bucket).replace({ ...object, archiveStatus: status });
}
