/** What a run does to the objects of the source. */
import { plannedCopyMode } from '../request/access.ts';
import { verifies, writes } from '../request/goal.ts';
import type { RunRequest } from '../request/run-request.ts';
import { type AccessRequest, isOneActor } from './access-facts.ts';
import { type AccessNeed, need, type SideName } from './access-need.ts';
import { listNeeds, settingsNeed } from './bucket-needs.ts';
import { objectsArn } from './resource-name.ts';

/** Whose credentials read the objects: the source's plan and stream, the destination's copy inside S3. */
export function readersOf(request: AccessRequest): readonly SideName[] {
  if (!writes(request)) return ['source'];
  const isServerSide = plannedCopyMode(request as RunRequest) !== 'streaming';
  return isServerSide && !isOneActor(request) ? ['source', 'destination'] : ['source'];
}

/** They. */
export function sourceNeeds(request: AccessRequest): readonly AccessNeed[] {
  const own = request.source.anonymous ? [] : [...listNeeds(request, 'source'), settingsNeed(request, 'source')];
  const readers = readersOf(request).filter((actor) => !request[actor].anonymous);
  return [...own, ...(readsObjects(request) ? readers.flatMap((actor) => objectNeeds(request, actor)) : [])];
}

/** A diff of listings reads no object; one by checksum does. */
function readsObjects(request: AccessRequest): boolean {
  return writes(request) || comparesChecksums(request);
}

/** Whether a verification looks at the checksums of single objects. */
export function comparesChecksums(request: AccessRequest): boolean {
  return verifies(request) && request.diff.compare === 'checksum';
}

function objectNeeds(request: AccessRequest, actor: SideName): readonly AccessNeed[] {
  const { copy, source } = request;
  const own = { actor, owner: 'source', of: 'bucket', resources: [objectsArn(source)] } as const;
  const needs = [
    need({
      ...own,
      sid: 'CarillonSourceRead',
      actions: copy.checksums === 'keep' && writes(request) ? ['s3:GetObject', 's3:GetObjectAttributes'] : ['s3:GetObject'],
      reason:
        actor === 'destination'
          ? 'Copies inside S3 (CopyObject, UploadPartCopy) read the source with the credentials that write.'
          : 'Reads objects, their metadata and the sizes of their parts (GetObject, HeadObject, GetObjectAttributes).',
    }),
  ];
  if (!writes(request)) return needs;
  if (copy.tags === 'keep')
    needs.push(
      need({
        ...own,
        sid: 'CarillonSourceTags',
        actions: ['s3:GetObjectTagging'],
        reason: 'Copies keep their tags; without it S3 does not even say that there are some.',
      }),
    );
  if (copy.acl === 'copy' && actor === 'source')
    needs.push(need({ ...own, sid: 'CarillonSourceAcl', actions: ['s3:GetObjectAcl'], reason: 'Copies get the grants of the source.' }));
  return needs;
}
