/** GetObject and HeadObject. */
import { isAllowed } from '../access/authorize.ts';
import { type Answer, emptyAnswer } from '../answer.ts';
import { archiveHeaders, checkReadable } from '../archive.ts';
import type { StoredObject } from '../bucket.ts';
import type { ObjectCall } from '../call.ts';
import { checkRead, preconditions } from '../conditions.ts';
import { checkCustomerKey, OWN_KEY } from '../encryption/customer-key.ts';
import { checkKeyUse } from '../encryption/kms-keys.ts';
import { refuseEncryptionHeaders } from '../encryption/write-encryption.ts';
import { checksumHeaders, encryptionHeaders, versionHeaders } from '../object-headers.ts';
import { lockHeaders } from '../object-lock.ts';
import { requestedStretch, type Stretch } from '../ranges.ts';
import { actionOn, queryVersion, requestedObject } from './existing-object.ts';

const OVERRIDES = ['cache-control', 'content-disposition', 'content-encoding', 'content-language', 'content-type', 'expires'];

/** What identifies the object; a 304 has these alone. */
function identity({ bucket }: ObjectCall, object: StoredObject): Record<string, string> {
  return { etag: `"${object.etag}"`, 'last-modified': new Date(object.lastModified).toUTCString(), ...versionHeaders(bucket, object.versionId) };
}

/** `response-content-type` and its like of the query. */
function overrides({ request }: ObjectCall): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of request.query) {
    const header = name.startsWith('response-') ? name.slice('response-'.length) : '';
    if (OVERRIDES.includes(header)) headers[header] = value;
  }
  return headers;
}

function extent(object: StoredObject, { start, end, isPartial, partNumber }: Stretch): Record<string, string> {
  const headers: Record<string, string> = { 'content-length': String(end - start), 'accept-ranges': 'bytes' };
  if (isPartial && object.size > 0) headers['content-range'] = `bytes ${start}-${end - 1}/${object.size}`;
  if (partNumber !== null && object.parts !== null) headers['x-amz-mp-parts-count'] = String(object.parts.length);
  return headers;
}

/** Whether the answer shows a checksum; under KMS that takes the key, as reading does. */
function wantsChecksum({ request }: ObjectCall, { checksum }: StoredObject): boolean {
  return checksum !== null && request.headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED';
}

/** Checksums are given when asked for, and only for bytes that they cover. */
function checksums(call: ObjectCall, object: StoredObject, { isPartial, partNumber }: Stretch): Record<string, string> {
  if (!wantsChecksum(call, object) || object.checksum === null) return {};
  if (!isPartial) return checksumHeaders(object);
  const part = partNumber === null ? null : (object.parts?.[partNumber - 1]?.checksum ?? null);
  return part === null ? {} : checksumHeaders({ checksum: { ...object.checksum, value: part } });
}

/** Those who may not read the tags are not told that there are any. */
function mayReadTags(call: ObjectCall, object: StoredObject): boolean {
  return isAllowed(call, { bucket: call.bucket, key: call.key, action: actionOn('s3:GetObjectTagging', queryVersion(call)), object });
}

function facts(call: ObjectCall, object: StoredObject, stretch: Stretch): Record<string, string> {
  const headers = {
    ...identity(call, object),
    ...object.headers,
    ...extent(object, stretch),
    ...encryptionHeaders(object.encryption),
    ...archiveHeaders(object),
    ...lockHeaders(object),
    ...checksums(call, object, stretch),
    ...overrides(call),
  };
  if (object.tags.length > 0 && mayReadTags(call, object)) headers['x-amz-tagging-count'] = String(object.tags.length);
  if (call.bucket.settings.requesterPays && call.request.headers['x-amz-request-payer'] !== undefined) headers['x-amz-request-charged'] = 'requester';
  return headers;
}

/** The bytes come only with the key: the customer's, which must be sent, or that of KMS, which the caller must be allowed to use. */
function checkKeys(call: ObjectCall, { encryption }: StoredObject, isOpened: boolean): void {
  refuseEncryptionHeaders(call.request);
  checkCustomerKey(call.request, encryption, OWN_KEY);
  if (isOpened) checkKeyUse(call, { bucket: call.bucket, key: call.key, encryption, operation: 'Decrypt' });
}

/** GetObject: archived objects are refused, everything else comes whole, by range or by part. */
export function getObject(call: ObjectCall): Answer {
  const object = requestedObject(call, 's3:GetObject');
  checkRead(preconditions(call.request.headers), object, identity(call, object));
  checkReadable(object, call.store.now());
  checkKeys(call, object, true);
  const stretch = requestedStretch(call.request, object);
  const { start, end, isPartial } = stretch;
  return { status: isPartial ? 206 : 200, headers: facts(call, object, stretch), body: { content: object.content, start, end } };
}

/** HeadObject: the same headers, archived objects too. */
export function headObject(call: ObjectCall): Answer {
  const object = requestedObject(call, 's3:GetObject');
  checkRead(preconditions(call.request.headers), object, identity(call, object));
  checkKeys(call, object, wantsChecksum(call, object));
  const stretch = requestedStretch(call.request, object);
  return emptyAnswer(stretch.isPartial ? 206 : 200, facts(call, object, stretch));
}
