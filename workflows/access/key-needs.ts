/** What a run does with keys of KMS. It never calls KMS itself: S3 does in its name, for these buckets alone. */
import { writes } from '../request/goal.ts';
import type { AccessFacts, AccessRequest } from './access-facts.ts';
import { type AccessNeed, type Conditions, need, type SideName } from './access-need.ts';
import { bucketArn, objectsArn, viaS3 } from './resource-name.ts';
import { comparesChecksums, readersOf } from './source-needs.ts';

/** They. A key that AWS manages (`aws/s3`) serves everybody of its account and nobody else: no statement can change that. */
export function keyNeeds(request: AccessRequest, facts: AccessFacts): readonly AccessNeed[] {
  return [...sourceKeyNeeds(request, facts), ...destinationKeyNeeds(request, facts)];
}

/** Customer keys that objects of a side are, or will be, encrypted with. */
export function keysOf(request: AccessRequest, facts: AccessFacts, side: SideName): readonly string[] {
  const { keyMap, key, kind } = request.copy.encryption;
  const known = facts.keys?.[side] ?? [];
  const named = side === 'source' ? Object.keys(keyMap ?? {}) : [...Object.values(keyMap ?? {}), ...(key === undefined ? [] : [key])];
  const kept = side === 'destination' && kind === 'keep' ? (facts.keys?.source ?? []) : [];
  return [...new Set([...named, ...known, ...kept])].filter((arn) => arn.startsWith('arn:')).sort();
}

function sourceKeyNeeds(request: AccessRequest, facts: AccessFacts): readonly AccessNeed[] {
  const keys = keysOf(request, facts, 'source');
  if (keys.length === 0 || !(writes(request) || comparesChecksums(request))) return [];
  return readersOf(request)
    .filter((actor) => !request[actor].anonymous)
    .map((actor) =>
      need({
        sid: 'CarillonSourceDecrypt',
        actor,
        owner: 'source',
        of: 'key',
        actions: ['kms:Decrypt'],
        resources: keys,
        conditions: throughS3(request, 'source'),
        reason: 'Reads objects that are encrypted with this key, and the checksums of such objects.',
      }),
    );
}

function destinationKeyNeeds(request: AccessRequest, facts: AccessFacts): readonly AccessNeed[] {
  const keys = keysOf(request, facts, 'destination');
  if (keys.length === 0 || request.destination.anonymous) return [];
  const own = { actor: 'destination', owner: 'destination', of: 'key', resources: keys, conditions: throughS3(request, 'destination') } as const;
  if (writes(request))
    return [
      need({
        ...own,
        sid: 'CarillonDestinationEncrypt',
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        reason: 'Writes objects that are encrypted with this key; S3 decrypts the parts of an upload to complete it.',
      }),
    ];
  if (!comparesChecksums(request)) return [];
  return [
    need({ ...own, sid: 'CarillonDestinationDecrypt', actions: ['kms:Decrypt'], reason: 'Reads the checksums of objects that are encrypted with this key.' }),
  ];
}

/** Only through S3 of the bucket's Region, for objects below the prefix; with a bucket key S3 names the bucket alone. */
function throughS3(request: AccessRequest, side: SideName): Conditions {
  const place = request[side];
  return {
    [place.region === undefined ? 'StringLike' : 'StringEquals']: { 'kms:ViaService': [viaS3(place)] },
    [place.region === undefined ? 'ArnLike' : 'StringLike']: { 'kms:EncryptionContext:aws:s3:arn': [bucketArn(place), objectsArn(place)] },
  };
}
