/** What a run does beside the two buckets: roles that it assumes, places of its own that the request names. */
import type { AccessRequest } from './access-facts.ts';
import { type AccessNeed, ASSUME_SIDS, need, type SideName } from './access-need.ts';
import { literal, partitionOf } from './resource-name.ts';

/** They. */
export function runNeeds(request: AccessRequest): readonly AccessNeed[] {
  return [...(['source', 'destination'] as const).flatMap((side) => assumeNeeds(request, side)), ...runDirectoryNeeds(request), ...partitionNeeds(request)];
}

function assumeNeeds(request: AccessRequest, side: SideName): readonly AccessNeed[] {
  const { role } = request[side];
  if (role === undefined) return [];
  const conditions = role.externalId === undefined ? {} : { StringEquals: { 'sts:ExternalId': [role.externalId] } };
  return [
    need({
      ...{ sid: ASSUME_SIDS[side], actor: 'run', owner: side, of: 'role', actions: ['sts:AssumeRole'], resources: [role.arn], conditions },
      reason: `Reaches the ${side} as this role; the session bears the run's id.`,
    }),
  ];
}

/** A place `s3://bucket/prefix` taken apart. */
function placeOf(url: string): { readonly bucket: string; readonly prefix: string } {
  const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(url) ?? [];
  return { bucket, prefix };
}

const OWN = { actor: 'run', owner: 'run', of: 'bucket' } as const;

function runDirectoryNeeds({ runDirectory, destination }: AccessRequest): readonly AccessNeed[] {
  if (runDirectory === undefined) return [];
  const { bucket, prefix } = placeOf(runDirectory);
  const arn = `arn:${partitionOf(destination)}:s3:::${bucket}`;
  return [
    need({
      ...{ ...OWN, sid: 'CarillonRunDirectory', actions: ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:GetObject', 's3:PutObject'] },
      resources: [`${arn}/${literal(prefix === '' ? '' : `${prefix}/`)}*`],
      reason: 'Listings and rows of the run lie there; Hadoop moves and removes files while it commits.',
    }),
    need({
      ...{ ...OWN, sid: 'CarillonRunDirectoryList', actions: ['s3:ListBucket'], resources: [arn] },
      reason: 'Finds which steps have ended well.',
    }),
  ];
}

/** A manifest names files beside it and beyond, so that its whole bucket is read; a listing is a folder. */
function partitionNeeds({ partitions, source }: AccessRequest): readonly AccessNeed[] {
  const url = partitions.from === 'inventory' ? partitions.manifest : partitions.from === 'automatic' ? '' : partitions.location;
  if (!url.startsWith('s3://')) return [];
  const { bucket, prefix } = placeOf(url);
  const arn = `arn:${partitionOf(source)}:s3:::${bucket}`;
  const objects = partitions.from === 'inventory' ? `${arn}/*` : `${arn}/${literal(prefix)}${partitions.from === 'listing' ? '*' : ''}`;
  const read = need({ ...{ ...OWN, sid: 'CarillonPartitions', actions: ['s3:GetObject'], resources: [objects] }, reason: 'Reads where ranges begin and end.' });
  const list = need({
    ...{ ...OWN, sid: 'CarillonPartitionsList', actions: ['s3:ListBucket'], resources: [arn] },
    reason: 'Finds the files of the older listing.',
  });
  return partitions.from === 'listing' ? [read, list] : [read];
}
