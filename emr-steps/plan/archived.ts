/** Which objects cannot be read because they lie in an archive: the listing says it for whole classes, HEAD for the rest. */
import type { ObjectRecord } from '../records/object-record.ts';
import type { ObjectHead } from '../s3/object-headers.ts';

/** Classes whose objects cannot be read until they are restored. GLACIER_IR is none of them: it reads at once. */
const ARCHIVE_CLASSES: ReadonlySet<string> = new Set(['GLACIER', 'DEEP_ARCHIVE']);

/**
 * Whether the listing says that the object is archived and not restored. Restored ones are told apart only where the listing was made
 * with the restore status; without it every object of the two classes counts as archived.
 */
export function isListedAsArchived(record: ObjectRecord): boolean {
  return record.storageClass !== null && ARCHIVE_CLASSES.has(record.storageClass) && record.restoreStatus !== 'restored';
}

/** Why the object cannot be read, such as `storage class GLACIER`; null where it can. INTELLIGENT_TIERING shows its archive tiers only here. */
export function archivedBecause(head: ObjectHead): string | null {
  const archived = ARCHIVE_CLASSES.has(head.storageClass) || head.archiveStatus !== null;
  if (!archived || head.restore?.includes('ongoing-request="false"') === true) return null;
  const tier = head.archiveStatus === null ? '' : `, ${head.archiveStatus}`;
  return `storage class ${head.storageClass}${tier}${head.restore === null ? '' : ', being restored'}`;
}
