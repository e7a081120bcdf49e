/** GetObjectAcl and GetBucketAcl: who owns it, and whom its owner let in. */
import { answerXml } from './answer-text.ts';
import type { S3Client } from './s3-client.ts';
import type { S3Request } from './s3-request.ts';
import { elementsOf, nextElement, textOf } from './xml.ts';

/** One grant: to an account by its canonical id, or to a group by its URI. */
export interface Grant {
  readonly grantee: { readonly kind: 'id'; readonly id: string } | { readonly kind: 'uri'; readonly uri: string };
  /** `FULL_CONTROL`, `READ`, `WRITE`, `READ_ACP` or `WRITE_ACP`. */
  readonly permission: string;
}

/** An access control list. */
export interface AccessControlList {
  /** The owner's canonical id; null where the answer names none. */
  readonly ownerId: string | null;
  readonly grants: readonly Grant[];
}

function granteeOf(xml: string): Grant['grantee'] | null {
  const [id, uri] = [textOf(xml, 'ID'), textOf(xml, 'URI')];
  if (uri !== null) return { kind: 'uri', uri };
  return id === null ? null : { kind: 'id', id };
}

function grantOf(xml: string): readonly Grant[] {
  const grantee = granteeOf(nextElement(xml, 'Grantee')?.content ?? '');
  const permission = textOf(xml, 'Permission');
  return grantee === null || permission === null ? [] : [{ grantee, permission }];
}

async function getAcl(client: S3Client, request: Pick<S3Request, 'operation' | 'key'>, signal: AbortSignal | undefined): Promise<AccessControlList> {
  const xml = answerXml(await client.send({ ...request, method: 'GET', query: 'acl=', root: 'AccessControlPolicy' }, signal));
  return { ownerId: textOf(nextElement(xml, 'Owner')?.content ?? '', 'ID'), grants: elementsOf(xml, 'Grant').flatMap(grantOf) };
}

/** The ACL of an object. Where a bucket has ACLs disabled it is the owner's full control and nothing else. */
export function getObjectAcl(client: S3Client, input: { readonly key: string }, signal?: AbortSignal): Promise<AccessControlList> {
  return getAcl(client, { operation: 'GetObjectAcl', key: input.key }, signal);
}

/** The ACL of the bucket. */
export function getBucketAcl(client: S3Client, signal?: AbortSignal): Promise<AccessControlList> {
  return getAcl(client, { operation: 'GetBucketAcl', key: null }, signal);
}
