/** The ACL that a write asks for by its headers, and whether the bucket has ACLs at all. */
import { authorize } from '../access/authorize.ts';
import type { Acl, AclGrant, AclPermission } from '../bucket.ts';
import type { Bucket } from '../buckets.ts';
import type { BucketCall, ObjectCall } from '../call.ts';
import type { S3Request } from '../request.ts';
import { ServiceError } from '../service-error.ts';
import { cannedAcl, fullControl, groupGrantee, ownersAcl } from './acl.ts';

const GRANT_HEADERS: Readonly<Record<string, AclPermission>> = {
  'x-amz-grant-full-control': 'FULL_CONTROL',
  'x-amz-grant-read': 'READ',
  'x-amz-grant-read-acp': 'READ_ACP',
  'x-amz-grant-write': 'WRITE',
  'x-amz-grant-write-acp': 'WRITE_ACP',
};

/** Whether a bucket's ACLs count; buckets made since 2023 have none unless they were told to. */
export function hasAcls({ settings }: Bucket): boolean {
  return settings.ownership !== 'BucketOwnerEnforced';
}

function grantOf(text: string, permission: AclPermission): AclGrant {
  const [, kind, value = ''] = /^\s*(id|uri|emailAddress)="?([^"]*)"?\s*$/.exec(text) ?? [];
  if (kind === 'uri') return { grantee: groupGrantee(value), permission };
  if (kind === 'id' && /^[0-9a-f]{64}$/.test(value)) return { grantee: { kind, id: value }, permission };
  throw new ServiceError('InvalidArgument', { message: kind === 'id' ? 'Invalid id' : `${text.trim()} is no grantee; write id="…" or uri="…"` });
}

function headerGrants({ headers }: S3Request): readonly AclGrant[] {
  return Object.entries(GRANT_HEADERS).flatMap(([name, permission]) => {
    const header = headers[name];
    return header === undefined ? [] : header.split(',').map((one) => grantOf(one, permission));
  });
}

/** Null when the headers ask for nothing. */
export function requestedAcl({ request }: BucketCall, ownerId: string, bucketOwnerId: string): Acl | null {
  const canned = request.headers['x-amz-acl'];
  const grants = headerGrants(request);
  if (canned !== undefined && grants.length > 0)
    throw new ServiceError('InvalidRequest', { message: 'Specifying both Canned ACLs and Header Grants is not allowed' });
  if (canned !== undefined) return cannedAcl(canned, ownerId, bucketOwnerId);
  return grants.length === 0 ? null : { ownerId, grants };
}

function namesAcl({ headers }: S3Request): boolean {
  return headers['x-amz-acl'] !== undefined || Object.keys(headers).some((name) => name.startsWith('x-amz-grant-'));
}

/** `AccessControlListNotSupported` where the bucket has no ACLs, for everything but the one that says what is so anyway. */
function refuseAcls({ headers }: S3Request): void {
  const canned = headers['x-amz-acl'];
  const hasGrant = Object.keys(headers).some((name) => name.startsWith('x-amz-grant-'));
  if (hasGrant || (canned !== undefined && canned !== 'bucket-owner-full-control')) throw new ServiceError('AccessControlListNotSupported');
}

/** The ACL of a new object: undefined where the bucket has none. The writer owns it, but for what is handed to an owner who prefers that. */
export function writtenAcl(call: ObjectCall): Acl | undefined {
  const { bucket, request, auth } = call;
  // A word about ACLs needs the right to set one, even where it says what is so anyway.
  if (namesAcl(request)) authorize(call, { bucket, key: call.key, action: 's3:PutObjectAcl' });
  if (!hasAcls(bucket)) {
    refuseAcls(request);
    return undefined;
  }
  const { ownerId, ownership } = bucket.settings;
  const isHandedOver = ownership === 'BucketOwnerPreferred' && request.headers['x-amz-acl'] === 'bucket-owner-full-control';
  const writerId = isHandedOver ? ownerId : (auth.caller.accountId ?? ownerId);
  const acl = requestedAcl(call, writerId, ownerId) ?? ownersAcl(writerId);
  return acl.grants.length > 0 ? acl : { ownerId: writerId, grants: [fullControl(writerId)] };
}
