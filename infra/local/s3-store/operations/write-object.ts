/** PutObject, and what every operation that ends in a new object shares: the version's id, the ETag, the conditions, the answer's headers. */
import { hash, randomBytes } from 'node:crypto';
import { authorize } from '../access/authorize.ts';
import { writtenAcl } from '../acl/acl-headers.ts';
import { type Answer, emptyAnswer } from '../answer.ts';
import { receiveBody } from '../body/receive-body.ts';
import type { Acl, Encryption, ObjectLock, StoredObject } from '../bucket.ts';
import type { Bucket } from '../buckets.ts';
import { type ObjectCall, thisSecond, writable } from '../call.ts';
import { checkWrite } from '../conditions.ts';
import { writeEncryption } from '../encryption/write-encryption.ts';
import { MAX_KEY_BYTES } from '../key-bytes.ts';
import { checksumHeaders, encryptionHeaders, objectHeaders, storageClass, versionHeaders } from '../object-headers.ts';
import { checkLockedProof, writtenLock } from '../object-lock.ts';
import { ServiceError } from '../service-error.ts';
import { headerTags } from '../tags.ts';
import { newVersionId } from '../version-id.ts';

/** Whether ETags are MD5s of the bytes: not under KMS, and not with the customer's keys. */
export function hasMd5Etags({ algorithm, customerKeyMd5 }: Encryption): boolean {
  return algorithm === 'AES256' && customerKeyMd5 === undefined;
}

/** The ETag of bytes with this MD5: the MD5, or where it is not that, 32 other digits each time. */
export function etagOf(md5: string, encryption: Encryption): string {
  return hasMd5Etags(encryption) ? md5 : hash('md5', randomBytes(16));
}

/** Everything about a new object but where it goes and when. */
export type NewObject = Omit<StoredObject, 'kind' | 'key' | 'versionId' | 'lastModified' | 'restore' | 'archiveStatus'>;

function nextVersionId({ settings }: Bucket): string {
  return settings.versioning === 'Enabled' ? newVersionId() : 'null';
}

/** Checks the write's conditions and puts the object in its place, in one go. */
export function storeObject(call: ObjectCall, made: NewObject): StoredObject {
  const objects = writable(call.bucket);
  const versionId = nextVersionId(call.bucket);
  const object: StoredObject = { ...made, kind: 'object', key: call.key, versionId, lastModified: thisSecond(call.store), restore: null, archiveStatus: null };
  checkWrite(call.request.headers, objects.find(call.key, null));
  objects.put(object);
  return object;
}

/** Keys that cannot be written: longer than S3 allows. */
export function checkNewKey({ key }: ObjectCall): void {
  if (key.length > MAX_KEY_BYTES) throw new ServiceError('KeyTooLongError', { elements: { Size: key.length, MaxSizeAllowed: MAX_KEY_BYTES } });
}

/** Headers of the answer to a write. */
function writtenHeaders({ bucket }: ObjectCall, object: StoredObject): Record<string, string> {
  return { etag: `"${object.etag}"`, ...encryptionHeaders(object.encryption), ...checksumHeaders(object), ...versionHeaders(bucket, object.versionId) };
}

/** Left out where there is none, so that most records stay small. */
export function aclAndLock(acl: Acl | undefined, lock: ObjectLock | undefined): Pick<StoredObject, 'acl' | 'lock'> {
  return { ...(acl !== undefined && { acl }), ...(lock !== undefined && { lock }) };
}

/** PutObject. */
export async function putObject(call: ObjectCall): Promise<Answer> {
  const { request, auth, bucket, key } = call;
  checkNewKey(call);
  const [acl, lock] = [writtenAcl(call), writtenLock(call)];
  checkLockedProof(call, lock, 'Put Object');
  const tags = headerTags(request);
  if (tags.length > 0) authorize(call, { bucket, key, action: 's3:PutObjectTagging', requestTags: tags });
  const kept = { headers: objectHeaders(request), tags, encryption: writeEncryption(call), storageClass: storageClass(request), ...aclAndLock(acl, lock) };
  const { content, md5, checksum } = await receiveBody({ request, auth, sink: writable(bucket).openBody() });
  const stored = checksum === null ? null : ({ ...checksum, type: 'FULL_OBJECT' } as const);
  const object = storeObject(call, { ...kept, size: content.size, etag: etagOf(md5, kept.encryption), checksum: stored, parts: null, content });
  return emptyAnswer(200, writtenHeaders(call, object));
}
