/** Starts the multipart upload of an object with everything that its parts cannot carry. */
import { type Drift, withFates } from '../books/drift.ts';
import type { AclWriter } from '../fidelity/acl-writer.ts';
import { carriedChecksum, uploadChecksumHeaders } from '../fidelity/checksum-rule.ts';
import { changesEtags, encryptionFate, encryptionHeaders } from '../fidelity/encryption-rule.ts';
import { seenFates } from '../fidelity/fates.ts';
import type { Fidelity } from '../fidelity/fidelity.ts';
import type { ChecksumForm } from '../records/checksum-column.ts';
import { createMultipartUpload } from '../s3/create-multipart-upload.ts';
import type { ObjectHead } from '../s3/object-headers.ts';
import type { S3Client } from '../s3/s3-client.ts';
import { getObjectTagging, type Tag } from '../s3/tagging.ts';

/** The upload id of a dry run: copy's dry run accepts it, and no service has given it. */
const DRY_RUN_UPLOAD_ID = 'dry-run';

/** What to start. */
export interface UploadStart {
  readonly source: S3Client;
  readonly destination: S3Client;
  /** Whole keys. */
  readonly sourceKey: string;
  readonly destinationKey: string;
  /** Of the source object. */
  readonly head: ObjectHead;
  /** The checksum that the listing says the source has. */
  readonly listedChecksum: ChecksumForm | null;
  readonly storageClass: string;
  /** The class that the request gives every copy; null: as the source has it. */
  readonly classRule: string | null;
  readonly fidelity: Fidelity;
  readonly acl: AclWriter;
  readonly dryRun: boolean;
}

/** An upload, and what every task of it must know. */
export interface StartedUpload {
  readonly uploadId: string;
  readonly checksum: ChecksumForm | null;
  readonly drift: Drift | null;
}

/**
 * Creates the upload with the source's system headers, user metadata, website redirect and tags, the class, and what the rules say of
 * encryption, ACL and checksum. Tags are read only where the HEAD counts some: a request an object saved, and no right to read tags needed
 * where there are none.
 */
export async function startUpload(start: UploadStart, signal: AbortSignal): Promise<StartedUpload> {
  const { fidelity, head, destination } = start;
  const checksum = carriedChecksum(start.listedChecksum, fidelity);
  if (start.dryRun) return { uploadId: DRY_RUN_UPLOAD_ID, checksum, drift: null };
  const tags = await tagsOf(start, signal);
  const own = { ...encryptionHeaders(fidelity.encryption, head.encryption), ...uploadChecksumHeaders(checksum) };
  const upload = { key: start.destinationKey, storageClass: start.storageClass, kept: head.kept, tags };
  const { written, fate } = await start.acl.write(
    start.sourceKey,
    (headers) => createMultipartUpload(destination, { ...upload, headers: { ...own, ...headers } }, signal),
    signal,
  );
  const encryption = encryptionFate(fidelity.encryption, head.encryption, written.encryption);
  const drift = withFates({ ...seenFates(head, fidelity, start.classRule), ...promisedFates(start, checksum), acl: fate, encryption });
  return { uploadId: written.uploadId, checksum, drift };
}

/** What complete has yet to see: it reads `changed` of the ETag as "the rule may change it", and `kept` of the checksum as "was asked for". */
function promisedFates({ fidelity, listedChecksum }: UploadStart, carried: ChecksumForm | null) {
  const checksum = listedChecksum === null ? 'none' : carried === null ? 'lost' : 'kept';
  return { etag: changesEtags(fidelity.encryption) ? 'changed' : 'lost', checksum } as const;
}

async function tagsOf({ head, fidelity, source, sourceKey }: UploadStart, signal: AbortSignal): Promise<readonly Tag[]> {
  if (head.tagCount === 0 || fidelity.tags === 'drop') return [];
  return getObjectTagging(source, { key: sourceKey }, signal);
}
