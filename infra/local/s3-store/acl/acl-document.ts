/** `<AccessControlPolicy>`: ACLs as documents. */
import { type Accounts, canonicalId } from '../accounts.ts';
import type { Acl, AclGrant, AclPermission } from '../bucket.ts';
import { ServiceError } from '../service-error.ts';
import { childrenOf, parseXml, textOf, type XmlNode } from '../xml-read.ts';
import { document, elements } from '../xml-write.ts';
import { groupGrantee } from './acl.ts';

const PERMISSIONS: readonly string[] = ['FULL_CONTROL', 'READ', 'READ_ACP', 'WRITE', 'WRITE_ACP'] satisfies readonly AclPermission[];
const MOST_GRANTS = 100;

function granteeElement({ grantee }: AclGrant): string {
  const type = grantee.kind === 'id' ? 'CanonicalUser' : 'Group';
  const inner = grantee.kind === 'id' ? elements({ ID: grantee.id }) : elements({ URI: grantee.uri });
  return `<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="${type}">${inner}</Grantee>`;
}

/** An ACL as answers give it. */
export function aclDocument({ ownerId, grants }: Acl, accounts: Accounts): string {
  const owner = elements({ Owner: { ID: canonicalId(ownerId), DisplayName: accounts.displayName(ownerId) } });
  const list = grants.map((grant) => `<Grant>${granteeElement(grant)}${elements({ Permission: grant.permission })}</Grant>`);
  return document('AccessControlPolicy', `${owner}<AccessControlList>${list.join('')}</AccessControlList>`);
}

function malformed(): ServiceError {
  return new ServiceError('MalformedACLError');
}

function isPermission(name: string): name is AclPermission {
  return PERMISSIONS.includes(name);
}

function grantOf(node: XmlNode): AclGrant {
  const [grantee] = childrenOf(node, 'Grantee');
  const permission = textOf(node, 'Permission')?.trim() ?? '';
  if (grantee === undefined || !isPermission(permission)) throw malformed();
  const [id, uri] = [textOf(grantee, 'ID')?.trim(), textOf(grantee, 'URI')?.trim()];
  if (uri !== undefined) return { grantee: groupGrantee(uri), permission };
  if (id === undefined || !/^[0-9a-f]{64}$/.test(id))
    throw new ServiceError('InvalidArgument', { message: 'Invalid id', elements: { ArgumentName: 'CanonicalUser/ID' } });
  return { grantee: { kind: 'id', id }, permission };
}

/** The ACL of a document, which must name the owner that there is. */
export function documentAcl(xml: string, ownerId: string): Acl {
  const root = parseXml(xml);
  const [owner] = childrenOf(root, 'Owner');
  const [list] = childrenOf(root, 'AccessControlList');
  if (root.name !== 'AccessControlPolicy' || owner === undefined || list === undefined) throw malformed();
  if (textOf(owner, 'ID')?.trim() !== canonicalId(ownerId)) throw new ServiceError('AccessDenied');
  const grants = childrenOf(list, 'Grant').map(grantOf);
  if (grants.length > MOST_GRANTS) throw malformed();
  return { ownerId, grants };
}
