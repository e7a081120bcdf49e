/** GetBucketOwnershipControls, PutBucketOwnershipControls, DeleteBucketOwnershipControls. */
import { type Answer, emptyAnswer, xmlAnswer } from '../answer.ts';
import { checkProof } from '../body/proof.ts';
import { receiveText } from '../body/receive-body.ts';
import type { BucketSettings, ObjectOwnership } from '../buckets.ts';
import type { BucketCall } from '../call.ts';
import { ServiceError } from '../service-error.ts';
import { childrenOf, parseXml, textOf } from '../xml-read.ts';
import { document, elements } from '../xml-write.ts';

const OWNERSHIPS: readonly string[] = ['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'] satisfies readonly ObjectOwnership[];

function isOwnership(name: string): name is ObjectOwnership {
  return OWNERSHIPS.includes(name);
}

/** The rule of this name; `MalformedXML`. */
export function ownershipNamed(name: string | null | undefined): ObjectOwnership {
  const trimmed = name?.trim() ?? '';
  if (!isOwnership(trimmed)) throw new ServiceError('MalformedXML');
  return trimmed;
}

/** GetBucketOwnershipControls. */
export function getBucketOwnershipControls({ bucket }: BucketCall): Answer {
  const { ownership, name } = bucket.settings;
  if (ownership === null) throw new ServiceError('OwnershipControlsNotFoundError', { elements: { BucketName: name } });
  return xmlAnswer(document('OwnershipControls', elements({ Rule: { ObjectOwnership: ownership } })));
}

/** ACLs cannot be switched off while the bucket's own gives others something. */
function checkAclOf({ acl }: BucketSettings): void {
  if (acl !== null && acl.grants.length > 1) throw new ServiceError('InvalidBucketAclWithObjectOwnership');
}

/** PutBucketOwnershipControls. */
export async function putBucketOwnershipControls({ store, request, auth, bucket }: BucketCall): Promise<Answer> {
  checkProof(request);
  const [rule] = childrenOf(parseXml(await receiveText(request, auth)), 'Rule');
  const ownership = ownershipNamed(rule === undefined ? null : textOf(rule, 'ObjectOwnership'));
  if (ownership === 'BucketOwnerEnforced') checkAclOf(bucket.settings);
  store.buckets.change(bucket, { ownership });
  return emptyAnswer(200);
}

/** DeleteBucketOwnershipControls: then the writer owns, as before there were controls. */
export function deleteBucketOwnershipControls({ store, bucket }: BucketCall): Answer {
  store.buckets.change(bucket, { ownership: null });
  return emptyAnswer(204);
}
