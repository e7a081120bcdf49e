/** What is asked of both buckets alike: listing, and what is found out beforehand. */

import type { AccessRequest } from './access-facts.ts';
import { type AccessNeed, need, type SideName } from './access-need.ts';
import { bucketArn, literal } from './resource-name.ts';

/** The names of the statements of a side. */
function sidOf(side: SideName, what: string): string {
  return `Carillon${side === 'source' ? 'Source' : 'Destination'}${what}`;
}

/**
 * Listing. A statement with a condition on `s3:prefix` does not speak of requests that have none, and S3 tells a missing key (404) only to
 * those who may list: hence the second statement where the run has a prefix.
 */
export function listNeeds(request: AccessRequest, side: SideName): readonly AccessNeed[] {
  const { prefix } = request[side];
  const own = { actor: side, owner: side, of: 'bucket', actions: ['s3:ListBucket'], resources: [bucketArn(request[side])] } as const;
  const why = 'Lists the bucket (ListObjectsV2).';
  const missing = 'S3 then answers 404 for an object that is not there (any more); without it 403, which looks like a missing right.';
  if (prefix === '') return [need({ ...own, sid: sidOf(side, 'List'), reason: `${why} ${missing}` })];
  return [
    need({ ...own, sid: sidOf(side, 'List'), conditions: { StringLike: { 's3:prefix': [`${literal(prefix)}*`] } }, reason: why }),
    need({ ...own, sid: sidOf(side, 'TellMissing'), conditions: { Null: { 's3:prefix': ['true'] } }, reason: missing }),
  ];
}

/** Reading how a bucket is set up. The run works without it and then cannot warn. */
export function settingsNeed(request: AccessRequest, side: SideName): AccessNeed {
  const always = ['s3:GetEncryptionConfiguration'];
  const ofWrites = ['s3:GetBucketObjectLockConfiguration', 's3:GetBucketOwnershipControls', 's3:GetLifecycleConfiguration'];
  return need({
    sid: sidOf(side, 'Settings'),
    actor: side,
    owner: side,
    of: 'bucket',
    actions: side === 'source' ? always : [...always, ...ofWrites],
    resources: [bucketArn(request[side])],
    reason: 'Finds out beforehand what default encryption, ownership of objects, lifecycle rules and Object Lock mean for the run.',
    essential: false,
  });
}
