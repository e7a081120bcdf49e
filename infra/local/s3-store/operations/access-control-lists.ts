/** GetObjectAcl, PutObjectAcl, GetBucketAcl, PutBucketAcl. */
import { ownersAcl } from '../acl/acl.ts';
import { aclDocument, documentAcl } from '../acl/acl-document.ts';
import { hasAcls, requestedAcl } from '../acl/acl-headers.ts';
import { type Answer, emptyAnswer, xmlAnswer } from '../answer.ts';
import { receiveText } from '../body/receive-body.ts';
import type { Acl, StoredObject } from '../bucket.ts';
import type { Bucket } from '../buckets.ts';
import { type BucketCall, type ObjectCall, writable } from '../call.ts';
import { versionHeaders } from '../object-headers.ts';
import { ServiceError } from '../service-error.ts';
import { requestedObject } from './existing-object.ts';

/** Where ACLs do not count, everything is the bucket owner's; what objects had before comes back when they do again. */
function objectAcl({ settings }: Bucket, { acl }: StoredObject): Acl {
  return settings.ownership === 'BucketOwnerEnforced' || acl === undefined ? ownersAcl(settings.ownerId) : acl;
}

function bucketAcl({ settings }: Bucket): Acl {
  return settings.acl ?? ownersAcl(settings.ownerId);
}

/** The ACL of the headers, else that of the document. */
async function givenAcl(call: BucketCall, ownerId: string): Promise<Acl> {
  const asked = requestedAcl(call, ownerId, call.bucket.settings.ownerId);
  const xml = await receiveText(call.request, call.auth);
  if (asked !== null && xml !== '') throw new ServiceError('UnexpectedContent');
  return asked ?? documentAcl(xml, ownerId);
}

/** GetObjectAcl. */
export function getObjectAcl(call: ObjectCall): Answer {
  const object = requestedObject(call, 's3:GetObjectAcl');
  return xmlAnswer(aclDocument(objectAcl(call.bucket, object), call.store.accounts), versionHeaders(call.bucket, object.versionId));
}

/** PutObjectAcl: neither ETag nor time changes. */
export async function putObjectAcl(call: ObjectCall): Promise<Answer> {
  const { ownerId } = objectAcl(call.bucket, requestedObject(call, 's3:PutObjectAcl'));
  if (!hasAcls(call.bucket)) throw new ServiceError('AccessControlListNotSupported');
  const acl = await givenAcl(call, ownerId);
  const object = requestedObject(call, 's3:PutObjectAcl');
  writable(call.bucket).replace({ ...object, acl });
  return emptyAnswer(200, versionHeaders(call.bucket, object.versionId));
}

/** GetBucketAcl. */
export function getBucketAcl(call: BucketCall): Answer {
  return xmlAnswer(aclDocument(bucketAcl(call.bucket), call.store.accounts));
}

/** PutBucketAcl. */
export async function putBucketAcl(call: BucketCall): Promise<Answer> {
  if (!hasAcls(call.bucket)) throw new ServiceError('AccessControlListNotSupported');
  call.store.buckets.change(call.bucket, { acl: await givenAcl(call, call.bucket.settings.ownerId) });
  return emptyAnswer(200);
}
