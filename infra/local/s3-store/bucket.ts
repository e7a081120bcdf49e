/**
 * The seam between the server and what a bucket holds. The server does requests, rights, conditions and answers; behind these interfaces lie objects in memory,
 * in a directory, or computed. Every method but the body's answers at once, so that the server's "look, then write" is atomic without locks.
 */
import type { BodySink, Content } from './content.ts';
import type { KeyBytes } from './key-bytes.ts';

/** The checksums that S3 stores beside an object, as named in `x-amz-checksum-algorithm`. */
export type ChecksumAlgorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';

/** A stored checksum: base64, with `-<parts>` when it was composed of the parts' checksums. */
export interface StoredChecksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
  readonly value: string;
}

/** What a row of a listing shows. */
export interface ListedObject {
  readonly key: KeyBytes;
  /** Bytes. */
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** Milliseconds since the epoch, whole seconds as S3 keeps them. */
  readonly lastModified: number;
  /** `STANDARD`, `GLACIER`, … always given. */
  readonly storageClass: string;
  /** Null for an object without one. */
  readonly checksum: StoredChecksum | null;
  /** Null unless the object was archived and a restore was asked for. */
  readonly restore: RestoreState | null;
}

/** A restored copy of an archived object, or the request for one. */
export interface RestoreState {
  readonly ongoing: boolean;
  /** Milliseconds since the epoch; null while ongoing. */
  readonly expiry: number | null;
}

/** An object tag. */
export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** One part of an object that came by multipart upload. */
export interface ObjectPart {
  readonly partNumber: number;
  /** Bytes. */
  readonly size: number;
  /** The part's own checksum, where the upload had an algorithm. */
  readonly checksum: string | null;
}

/** Server-side encryption as the answers name it; the bytes lie in the clear. */
export interface Encryption {
  readonly algorithm: 'AES256' | 'aws:kms' | 'aws:kms:dsse';
  /** As an ARN; of a bucket's default as it was given, null for the key that AWS manages. Null for AES256. */
  readonly kmsKeyId: string | null;
  /** Whether an S3 Bucket Key is used, for `aws:kms` alone. @default false */
  readonly bucketKey?: boolean;
  /** For a key that the customer sends with each request: its MD5 in base64. @default none */
  readonly customerKeyMd5?: string;
}

/** A permission of an ACL. */
export type AclPermission = 'FULL_CONTROL' | 'READ' | 'READ_ACP' | 'WRITE' | 'WRITE_ACP';

/** One line of an ACL: to an account by its canonical id, or to a group by its URI. */
export interface AclGrant {
  readonly grantee: { readonly kind: 'id'; readonly id: string } | { readonly kind: 'uri'; readonly uri: string };
  readonly permission: AclPermission;
}

/** An access control list. */
export interface Acl {
  /** The account. */
  readonly ownerId: string;
  readonly grants: readonly AclGrant[];
}

/** What keeps a version from being deleted. */
export interface ObjectLock {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE' | null;
  /** Milliseconds since the epoch; null without a mode. */
  readonly until: number | null;
  readonly hasHold: boolean;
}

/** Everything about one version of an object. Never changes: a change of tags puts a new record in its place. */
export interface StoredObject extends ListedObject {
  readonly kind: 'object';
  /** `null` as text for the version that an unversioned bucket holds. */
  readonly versionId: string;
  /** What comes back as it was sent: `content-type`, `cache-control`, …, `x-amz-website-redirect-location` and `x-amz-meta-*`, names in lower case, values as bytes. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: readonly Tag[];
  readonly encryption: Encryption;
  /** Null for an object that did not come by multipart upload. */
  readonly parts: readonly ObjectPart[] | null;
  /** `ARCHIVE_ACCESS` or `DEEP_ARCHIVE_ACCESS` for an archived INTELLIGENT_TIERING object. */
  readonly archiveStatus: string | null;
  /** Left out for objects that were written while the bucket had no ACLs. */
  readonly acl?: Acl;
  /** Left out for objects without one. */
  readonly lock?: ObjectLock;
  readonly content: Content;
}

/** What a delete leaves in a bucket with versioning. */
export interface DeleteMarker {
  readonly kind: 'delete-marker';
  readonly key: KeyBytes;
  readonly versionId: string;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
}

/** One version of a key. */
export type ObjectVersion = StoredObject | DeleteMarker;

/** A page of a listing without common prefixes, ready to be sent. */
export interface ContentsPage {
  /** The elements; valid until `release`. */
  readonly bytes: Uint8Array;
  readonly keys: number;
  /** The last key of the page; '' for an empty one. */
  readonly lastKey: KeyBytes;
  /** Whether objects with this prefix follow. */
  readonly more: boolean;
  /** Gives the memory back; called once, when the bytes were sent or are not wanted. */
  release(): void;
}

/** What can be read and listed. Enough for a bucket that is computed; a bucket with only this refuses every write with `MethodNotAllowed`. */
export interface ObjectSource {
  /**
   * Current objects in ascending byte order, beginning with the first key that is not below `from` ('' for the very first). Delete markers are left out.
   * Prefix, delimiter, start-after and page size are the caller's work: it stops reading, or scans anew from a later key to jump over a common prefix.
   */
  scan(from: KeyBytes): Iterable<ListedObject>;
  /** A version by its id, or the current one for null; null when there is none. */
  find(key: KeyBytes, versionId: string | null): ObjectVersion | null;
  /**
   * The first objects, at most `most`, that are not below `from` and begin with `prefix`, as `<Contents>` elements of a listing.
   * Left out where they cannot be made cheaper than from `scan`; a computed bucket of a billion keys writes them straight into bytes.
   */
  contentsPage?(from: KeyBytes, prefix: KeyBytes, most: number, form: 'url' | 'xml'): ContentsPage;
  /** All versions: keys ascending, of a key the newest first. Left out where there is only one version of each key. */
  scanVersions?(from: KeyBytes): Iterable<ObjectVersion>;
}

/** What can be written too. */
export interface ObjectTarget extends ObjectSource {
  readonly uploads: UploadTable;
  /** Opens a place for a body that is about to arrive (PutObject, UploadPart). */
  openBody(): BodySink;
  /** Content of another bucket or of this one, as this one may keep it (CopyObject, UploadPartCopy): the same, shared, or a copy of its own. */
  adopt(content: Content): Promise<Content>;
  /** Puts an object in the current place. A version with the same id is replaced; every other version of the key stays. */
  put(object: StoredObject): void;
  /** Puts a delete marker in the current place, likewise. */
  putMarker(marker: DeleteMarker): void;
  /** Puts a changed record (tags, a restore) in the place of the version with the same id, wherever that stands. */
  replace(object: StoredObject): void;
  /** Forgets one version for good; the next newest becomes the current one. Whether there was one. */
  remove(key: KeyBytes, versionId: string): boolean;
  /** Whether no version of any key is left, so that the bucket may be deleted. */
  isEmpty(): boolean;
}

/** What CreateMultipartUpload fixed for the object to come. */
export interface NewUpload {
  readonly key: KeyBytes;
  /** Milliseconds since the epoch. */
  readonly initiated: number;
  /** The ARN of who began it. */
  readonly initiator: string;
  readonly storageClass: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: readonly Tag[];
  readonly encryption: Encryption;
  readonly checksumAlgorithm: ChecksumAlgorithm | null;
  readonly checksumType: StoredChecksum['type'] | null;
  readonly acl?: Acl;
  readonly lock?: ObjectLock;
}

/** An upload that was begun and neither completed nor aborted. */
export interface Upload extends NewUpload {
  readonly uploadId: string;
}

/** A part that was uploaded or copied. */
export interface UploadedPart {
  readonly partNumber: number;
  /** Without quotes. */
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
  readonly checksum: string | null;
  readonly content: Content;
}

/** The open uploads of a bucket. A computed bucket may keep less than it is told, as long as `find` and `part` answer. */
export interface UploadTable {
  /** Gives the upload its id; a later id is greater, so that a listing is in the order of beginning too. */
  begin(upload: NewUpload): Upload;
  /** Null when there is no such upload of this key (NoSuchUpload). */
  find(key: KeyBytes, uploadId: string): Upload | null;
  /** Adds a part, or replaces the one with its number. */
  putPart(upload: Upload, part: UploadedPart): void;
  /** The part that CompleteMultipartUpload names by number and ETag; null when there is none of this number or its ETag is another (InvalidPart). */
  part(upload: Upload, partNumber: number, etag: string): UploadedPart | null;
  /** All parts, by ascending number. */
  parts(upload: Upload): Iterable<UploadedPart>;
  /** The upload was completed or aborted. */
  end(upload: Upload): void;
  /** Open uploads from the first key that is not below `from`: keys ascending, those of one key by ascending id, so that a page can go on behind an upload that is gone. */
  scan(from: KeyBytes): Iterable<Upload>;
}

/** Whether a bucket's objects can be written. */
export function isWritable(objects: ObjectSource): objects is ObjectTarget {
  return 'put' in objects;
}
