/** What a run does to the bucket that it writes to. */
import { writes } from '../request/goal.ts';
import type { AccessRequest } from './access-facts.ts';
import { type AccessNeed, need } from './access-need.ts';
import { listNeeds, settingsNeed } from './bucket-needs.ts';
import { bucketArn, objectsArn } from './resource-name.ts';
import { comparesChecksums } from './source-needs.ts';

/** They. */
export function destinationNeeds(request: AccessRequest): readonly AccessNeed[] {
  if (request.destination.anonymous) return [];
  const both = [...listNeeds(request, 'destination'), settingsNeed(request, 'destination')];
  if (writes(request)) return [...both, readNeed(request), ...writeNeeds(request)];
  return comparesChecksums(request) ? [...both, readNeed(request)] : both;
}

const OWN = { actor: 'destination', owner: 'destination', of: 'bucket' } as const;

function readNeed({ destination }: AccessRequest): AccessNeed {
  return need({
    ...OWN,
    sid: 'CarillonDestinationRead',
    actions: ['s3:GetObject'],
    resources: [objectsArn(destination)],
    reason: 'Looks before it writes again and proves what it wrote (HeadObject).',
  });
}

function writeNeeds({ destination, copy }: AccessRequest): readonly AccessNeed[] {
  const objects = { ...OWN, resources: [objectsArn(destination)] };
  const needs = [
    need({
      ...objects,
      sid: 'CarillonDestinationWrite',
      actions: ['s3:PutObject'],
      reason: 'Writes objects (PutObject, CopyObject) and the parts of multipart uploads.',
    }),
    need({
      ...objects,
      sid: 'CarillonDestinationUploads',
      actions: ['s3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
      reason: 'Looks at the parts of its uploads before it sends them again, and aborts uploads that do not end well.',
    }),
    need({
      ...OWN,
      sid: 'CarillonDestinationOpenUploads',
      actions: ['s3:ListBucketMultipartUploads'],
      resources: [bucketArn(destination)],
      reason: 'Finds the uploads of this run that lost attempts left open, to abort them.',
    }),
  ];
  if (copy.tags === 'keep')
    needs.push(need({ ...objects, sid: 'CarillonDestinationTags', actions: ['s3:PutObjectTagging'], reason: 'Copies keep their tags.' }));
  if (copy.acl !== 'none')
    needs.push(need({ ...objects, sid: 'CarillonDestinationAcl', actions: ['s3:PutObjectAcl'], reason: 'Copies are written with an ACL.' }));
  if (copy.acl === 'copy')
    needs.push(
      need({
        ...OWN,
        sid: 'CarillonDestinationOwner',
        actions: ['s3:GetBucketAcl'],
        resources: [bucketArn(destination)],
        reason: 'Grants of a copy name the owner of the bucket.',
      }),
    );
  return needs;
}
