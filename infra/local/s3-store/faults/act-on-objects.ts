/** Faults that befall what the store holds, behind the back of whoever sends requests. */
import { isWritable, type ObjectTarget } from '../bucket.ts';
import type { StoreContext } from '../call.ts';
import { sourceName } from '../operations/copy-source.ts';
import { queryValue, type S3Request } from '../request.ts';

interface Named {
  readonly objects: ObjectTarget;
  readonly key: string;
}

/** The object that a request reads: the copy source, or its own key. Null where there is none that can be changed. */
function sourceOf(store: StoreContext, request: S3Request): Named | null {
  const header = request.headers['x-amz-copy-source'];
  const name = header === undefined ? { bucket: request.bucket, key: request.key } : sourceName(header);
  if (name.bucket === null || name.key === null) return null;
  const objects = store.buckets.get(name.bucket)?.objects;
  return objects !== undefined && isWritable(objects) ? { objects, key: name.key } : null;
}

/** Deletes it. */
export function removeSource(store: StoreContext, request: S3Request): boolean {
  const source = sourceOf(store, request);
  const version = source?.objects.find(source.key, null);
  return version?.kind === 'object' && source !== null && source.objects.remove(source.key, version.versionId);
}

/** Gives it another ETag, as other bytes of the same length would. */
export function changeSource(store: StoreContext, request: S3Request): boolean {
  const source = sourceOf(store, request);
  const version = source?.objects.find(source.key, null);
  if (version?.kind !== 'object' || source === null) return false;
  const etag = [...version.etag].map((digit, at) => (at === 0 ? (digit === 'f' ? '0' : 'f') : digit)).join('');
  source.objects.put({ ...version, etag, lastModified: store.now() });
  return true;
}

/** Aborts the upload that the request names. */
export function removeUpload(store: StoreContext, request: S3Request): boolean {
  const uploadId = queryValue(request, 'uploadId');
  const objects = request.bucket === null ? undefined : store.buckets.get(request.bucket)?.objects;
  if (uploadId === null || request.key === null || objects === undefined || !isWritable(objects)) return false;
  const upload = objects.uploads.find(request.key, uploadId);
  if (upload === null) return false;
  objects.uploads.end(upload);
  return true;
}
