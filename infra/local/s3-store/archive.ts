/** Archived objects: which can be read, and how answers show their state. */
import type { RestoreState, StoredObject } from './bucket.ts';
import { ServiceError } from './service-error.ts';

const ARCHIVES = ['GLACIER', 'DEEP_ARCHIVE'];

/** Whether the bytes lie in an archive, restored or not. */
export function isArchived({ storageClass, archiveStatus }: Pick<StoredObject, 'storageClass' | 'archiveStatus'>): boolean {
  return ARCHIVES.includes(storageClass) || (storageClass === 'INTELLIGENT_TIERING' && archiveStatus !== null);
}

/** Whether a restored copy is there now. */
export function isRestored(restore: RestoreState | null, now: number): boolean {
  return restore !== null && !restore.ongoing && (restore.expiry === null || restore.expiry > now);
}

/** `InvalidObjectState` for an object whose bytes lie in an archive; `access` is what an INTELLIGENT_TIERING one names besides. */
export function checkReadable(object: StoredObject, now: number): void {
  if (!isArchived(object) || isRestored(object.restore, now)) return;
  const tier = object.archiveStatus === null ? {} : { AccessTier: object.archiveStatus };
  throw new ServiceError('InvalidObjectState', { elements: { StorageClass: object.storageClass, ...tier } });
}

/** `x-amz-restore`, `x-amz-archive-status` and `x-amz-storage-class` of a read. */
export function archiveHeaders({ restore, archiveStatus, storageClass }: StoredObject): Record<string, string> {
  const headers: Record<string, string> = {};
  if (storageClass !== 'STANDARD') headers['x-amz-storage-class'] = storageClass;
  if (archiveStatus !== null) headers['x-amz-archive-status'] = archiveStatus;
  if (restore?.ongoing) headers['x-amz-restore'] = 'ongoing-request="true"';
  if (restore !== null && !restore.ongoing && restore.expiry !== null)
    headers['x-amz-restore'] = `ongoing-request="false", expiry-date="${new Date(restore.expiry).toUTCString()}"`;
  return headers;
}
