/** Access control lists, which count only in buckets that were told to have them. */
import { type Caller, canonicalId } from '../accounts.ts';
import type { Acl, AclGrant, AclPermission } from '../bucket.ts';
import { ServiceError } from '../service-error.ts';

const GROUPS = 'http://acs.amazonaws.com/groups/';
/** Everybody, signed or not. */
const ALL_USERS = `${GROUPS}global/AllUsers`;
const AUTHENTICATED_USERS = `${GROUPS}global/AuthenticatedUsers`;
const LOG_DELIVERY = `${GROUPS}s3/LogDelivery`;
const KNOWN_GROUPS = [ALL_USERS, AUTHENTICATED_USERS, LOG_DELIVERY];

/** Everything to one account. */
export function fullControl(accountId: string): AclGrant {
  return { grantee: { kind: 'id', id: canonicalId(accountId) }, permission: 'FULL_CONTROL' };
}

/** What an owner has who said nothing. */
export function ownersAcl(ownerId: string): Acl {
  return { ownerId, grants: [fullControl(ownerId)] };
}

/** A group; `InvalidArgument` for one that S3 does not have. */
export function groupGrantee(uri: string): AclGrant['grantee'] {
  if (!KNOWN_GROUPS.includes(uri))
    throw new ServiceError('InvalidArgument', { message: 'Invalid group uri', elements: { ArgumentName: 'uri', ArgumentValue: uri } });
  return { kind: 'uri', uri };
}

function toGroup(uri: string, ...permissions: readonly AclPermission[]): readonly AclGrant[] {
  return permissions.map((permission) => ({ grantee: { kind: 'uri', uri }, permission }));
}

/** The grants of a canned ACL beside the owner's. */
function cannedGrants(name: string, bucketOwnerId: string): readonly AclGrant[] {
  switch (name) {
    case 'private':
    case 'aws-exec-read':
      return [];
    case 'public-read':
      return toGroup(ALL_USERS, 'READ');
    case 'public-read-write':
      return toGroup(ALL_USERS, 'READ', 'WRITE');
    case 'authenticated-read':
      return toGroup(AUTHENTICATED_USERS, 'READ');
    case 'log-delivery-write':
      return toGroup(LOG_DELIVERY, 'WRITE', 'READ_ACP');
    case 'bucket-owner-read':
      return [{ ...fullControl(bucketOwnerId), permission: 'READ' }];
    case 'bucket-owner-full-control':
      return [fullControl(bucketOwnerId)];
    default:
      throw new ServiceError('InvalidArgument', { elements: { ArgumentName: 'x-amz-acl', ArgumentValue: name } });
  }
}

/** A canned ACL; `InvalidArgument` for a name that S3 does not have. */
export function cannedAcl(name: string, ownerId: string, bucketOwnerId: string): Acl {
  const others = cannedGrants(name, bucketOwnerId).filter(({ grantee }) => grantee.kind === 'uri' || bucketOwnerId !== ownerId);
  return { ownerId, grants: [fullControl(ownerId), ...others] };
}

function names({ grantee }: AclGrant, { accountId }: Caller): 'caller' | 'account' | null {
  if (grantee.kind === 'uri' && grantee.uri === ALL_USERS) return accountId === null ? 'caller' : 'account';
  if (accountId === null) return null;
  if (grantee.kind === 'uri') return grantee.uri === AUTHENTICATED_USERS ? 'account' : null;
  return grantee.id === canonicalId(accountId) ? 'account' : null;
}

/** What a list says: a grant to an account leaves it to the account; null when there is none. */
export function aclVerdict({ grants }: Acl, caller: Caller, permission: AclPermission): 'Allow' | 'Delegate' | null {
  const fitting = grants.filter((grant) => grant.permission === permission || grant.permission === 'FULL_CONTROL');
  const namings = fitting.map((grant) => names(grant, caller));
  return namings.includes('caller') ? 'Allow' : namings.includes('account') ? 'Delegate' : null;
}
