/** Finding the object that a read means, and saying in S3's way that it is not there. */
import { authorize, isAllowed } from '../access/authorize.ts';
import type { ObjectVersion, StoredObject } from '../bucket.ts';
import type { Bucket } from '../buckets.ts';
import type { ObjectCall, ServiceCall } from '../call.ts';
import type { KeyBytes } from '../key-bytes.ts';
import { versionHeaders } from '../object-headers.ts';
import { queryValue } from '../request.ts';
import { ServiceError } from '../service-error.ts';

/** What is to be read, by which right. */
export interface Wanted {
  readonly bucket: Bucket;
  readonly key: KeyBytes;
  /** Null for the current version. */
  readonly versionId: string | null;
  /** Such as `s3:GetObject`; {@link actionOn} is used when a version is named. */
  readonly action: string;
}

function missing(call: ServiceCall, { bucket, key, versionId }: Wanted): ServiceError {
  if (!isAllowed(call, { bucket, key: null, action: 's3:ListBucket' })) return new ServiceError('AccessDenied');
  if (versionId !== null) return new ServiceError('NoSuchVersion', { elements: { Key: key, VersionId: versionId } });
  return new ServiceError('NoSuchKey', { elements: { Key: key } });
}

/** A delete marker is 404 when it is the current version and 405 when asked for by its id; both say that it is one. */
function refuseMarker(wanted: Wanted, marker: ObjectVersion): ServiceError {
  const headers = { 'x-amz-delete-marker': 'true', ...versionHeaders(wanted.bucket, marker.versionId) };
  if (wanted.versionId === null) return new ServiceError('NoSuchKey', { elements: { Key: wanted.key }, headers });
  return new ServiceError('MethodNotAllowed', { headers: { ...headers, 'last-modified': new Date(marker.lastModified).toUTCString() } });
}

/** The right to do to a version what `action` is the right to do to the current one: `s3:GetObjectVersion`, `s3:GetObjectVersionTagging`, … */
export function actionOn(action: string, versionId: string | null): string {
  return versionId === null ? action : action.replace(/^s3:(Get|Put|Delete)Object/, '$&Version');
}

/** The object, if the caller may know of it: `AccessDenied` where the right is missing, and instead of 404 for those who may not list. */
export function existingObject(call: ServiceCall, wanted: Wanted): StoredObject {
  const { bucket, key, versionId } = wanted;
  const version = bucket.objects.find(key, versionId);
  const object = version?.kind === 'object' ? version : null;
  authorize(call, { bucket, key, action: actionOn(wanted.action, versionId), object });
  if (version === null) throw missing(call, wanted);
  if (object === null) throw refuseMarker(wanted, version);
  return object;
}

/** The version that the query names; null for the current one. */
export function queryVersion(call: ServiceCall): string | null {
  return queryValue(call.request, 'versionId');
}

/** The object that the request itself names. */
export function requestedObject(call: ObjectCall, action: string): StoredObject {
  return existingObject(call, { bucket: call.bucket, key: call.key, versionId: queryVersion(call), action });
}
