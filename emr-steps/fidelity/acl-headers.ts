/** From the source's grants to the headers of a write. Pure. */
import type { AccessControlList, Grant } from '../s3/get-acl.ts';

const GROUPS = 'http://acs.amazonaws.com/groups/global';
const ALL_USERS = `uri ${GROUPS}/AllUsers`;
const AUTHENTICATED_USERS = `uri ${GROUPS}/AuthenticatedUsers`;

/** Canned ACLs by their grants beyond the owner's full control; with these no id of the new owner is needed. */
const CANNED: ReadonlyMap<string, string> = new Map([
  [`${ALL_USERS} READ`, 'public-read'],
  [`${ALL_USERS} READ,${ALL_USERS} WRITE`, 'public-read-write'],
  [`${AUTHENTICATED_USERS} READ`, 'authenticated-read'],
]);

const HEADERS: Readonly<Record<string, string>> = {
  FULL_CONTROL: 'x-amz-grant-full-control',
  READ: 'x-amz-grant-read',
  WRITE: 'x-amz-grant-write',
  READ_ACP: 'x-amz-grant-read-acp',
  WRITE_ACP: 'x-amz-grant-write-acp',
};

/** What a source's ACL comes to. */
export type WantedAcl =
  /** The owner's own full control: what every new object has. */
  | { readonly kind: 'private' }
  | { readonly kind: 'canned'; readonly headers: Readonly<Record<string, string>> }
  /** Grants one by one; they take the place of the owner's own, so that the owner must be among them. */
  | { readonly kind: 'grants'; readonly grants: readonly Grant[] };

function nameOf({ grantee, permission }: Grant): string {
  return `${grantee.kind === 'uri' ? `uri ${grantee.uri}` : `id ${grantee.id}`} ${permission}`;
}

/** What to ask for, so that the copy grants what the source does; its owner takes the place of the source's. */
export function wantedAcl({ ownerId, grants }: AccessControlList): WantedAcl {
  const others = grants.filter(({ grantee }) => grantee.kind !== 'id' || grantee.id !== ownerId);
  const hasOwner = grants.some(({ grantee, permission }) => grantee.kind === 'id' && grantee.id === ownerId && permission === 'FULL_CONTROL');
  if (others.length === 0) return { kind: 'private' };
  const canned = hasOwner ? CANNED.get(others.map(nameOf).sort().join(',')) : undefined;
  return canned === undefined ? { kind: 'grants', grants: others } : { kind: 'canned', headers: { 'x-amz-acl': canned } };
}

/** The headers of grants one by one, with full control for the owner of the copy. Grants of a kind that S3 does not know are left out. */
export function grantHeaders(grants: readonly Grant[], ownerId: string): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const { grantee, permission } of [{ grantee: { kind: 'id', id: ownerId }, permission: 'FULL_CONTROL' } as const, ...grants]) {
    const header = HEADERS[permission];
    if (header === undefined) continue;
    const value = grantee.kind === 'uri' ? `uri="${grantee.uri}"` : `id="${grantee.id}"`;
    headers[header] = headers[header] === undefined ? value : `${headers[header]}, ${value}`;
  }
  return headers;
}
