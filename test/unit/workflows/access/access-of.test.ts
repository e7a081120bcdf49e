import { describe, expect, it } from 'vitest';
import type { AccessFacts } from '../../../../workflows/access/access-facts.ts';
import { accessOf } from '../../../../workflows/access/access-of.ts';
import { parseRequest } from '../../../../workflows/request/parse-request.ts';
import type { RunRequestInput } from '../../../../workflows/request/run-request.ts';

const DATA_ROLE = 'arn:aws:iam::111122223333:role/carillon-data';
const SOURCE_KEY = 'arn:aws:kms:eu-central-1:444455556666:key/one';
const DESTINATION_KEY = 'arn:aws:kms:us-west-2:777788889999:key/two';
const reader = { arn: 'arn:aws:iam::444455556666:role/reader', externalId: 'x1' };
const writer = { arn: 'arn:aws:iam::777788889999:role/writer' };

function needsOf(members: Partial<RunRequestInput> = {}, facts: Partial<AccessFacts> = {}) {
  const request = parseRequest({ source: { bucket: 'a' }, destination: { bucket: 'b' }, ...members });
  return accessOf(request, { dataRole: DATA_ROLE, ...facts });
}

/** `actor sid: actions` of each statement. */
function shown(...args: Parameters<typeof needsOf>): readonly string[] {
  return needsOf(...args).map(({ actor, sid, actions }) => `${actor} ${sid}: ${actions.join(' ')}`);
}

describe('the rights of a run', () => {
  it('are those of a copy that keeps tags and checksums, where nothing else is asked for', () => {
    expect(shown()).toEqual([
      'source CarillonSourceList: s3:ListBucket',
      'source CarillonSourceSettings: s3:GetEncryptionConfiguration',
      'source CarillonSourceRead: s3:GetObject s3:GetObjectAttributes',
      'source CarillonSourceTags: s3:GetObjectTagging',
      'destination CarillonDestinationList: s3:ListBucket',
      'destination CarillonDestinationSettings: s3:GetBucketObjectLockConfiguration s3:GetBucketOwnershipControls s3:GetEncryptionConfiguration s3:GetLifecycleConfiguration',
      'destination CarillonDestinationRead: s3:GetObject',
      'destination CarillonDestinationWrite: s3:PutObject',
      'destination CarillonDestinationUploads: s3:AbortMultipartUpload s3:ListMultipartUploadParts',
      'destination CarillonDestinationOpenUploads: s3:ListBucketMultipartUploads',
      'destination CarillonDestinationTags: s3:PutObjectTagging',
    ]);
  });

  it('are less where tags and checksums stay behind', () => {
    const actions = needsOf({ copy: { tags: 'drop', checksums: 'ignore' } }).flatMap((one) => one.actions);
    expect(actions.filter((action) => /Tagging|Attributes|Acl/.test(action))).toEqual([]);
  });

  it('hold ACLs only where the request speaks of them', () => {
    expect(shown({ copy: { acl: 'copy' } })).toEqual(
      expect.arrayContaining([
        'source CarillonSourceAcl: s3:GetObjectAcl',
        'destination CarillonDestinationAcl: s3:PutObjectAcl',
        'destination CarillonDestinationOwner: s3:GetBucketAcl',
      ]),
    );
    expect(shown({ copy: { acl: 'bucket-owner-full-control' } }).filter((one) => one.includes('Acl'))).toEqual([
      'destination CarillonDestinationAcl: s3:PutObjectAcl',
    ]);
  });

  it('write nothing where nothing is written', () => {
    for (const members of [
      { dryRun: true, diff: { engine: 'hive' } },
      { goal: 'diff', diff: { engine: 'hive' } },
    ] as const) {
      const actions = needsOf(members).flatMap((one) => one.actions);
      expect(actions.filter((action) => !/:(Get|List)/.test(action))).toEqual([]);
      expect(actions).not.toContain('s3:GetObject');
    }
  });

  it('let the credentials that write read the source too, where S3 copies inside itself', () => {
    const sides = { source: { bucket: 'a', role: reader }, destination: { bucket: 'b', role: writer } };
    const readers = (mode: 'server-side' | 'streaming' | 'auto') =>
      needsOf({ ...sides, copy: { mode } })
        .filter(({ sid }) => sid === 'CarillonSourceRead')
        .map(({ actor }) => actor);
    expect(readers('server-side')).toEqual(['source', 'destination']);
    expect(readers('streaming')).toEqual(['source']);
    expect(readers('auto')).toEqual(['source']);
    expect(shown({ copy: { mode: 'server-side' } }).filter((one) => one.includes('SourceRead'))).toHaveLength(1);
  });

  it('assume the roles of the sides, with their external id', () => {
    const [assume] = needsOf({ source: { bucket: 'a', role: reader } });
    expect(assume).toMatchObject({
      sid: 'CarillonAssumeSourceRole',
      actor: 'run',
      resources: [reader.arn],
      conditions: { StringEquals: { 'sts:ExternalId': ['x1'] } },
    });
  });

  it('are none at an anonymous source but for copying inside S3, which is done by the destination', () => {
    const shownOf = shown({ source: { bucket: 'a', anonymous: true } }).filter((one) => one.includes('Source'));
    expect(shownOf).toEqual(['destination CarillonSourceRead: s3:GetObject s3:GetObjectAttributes', 'destination CarillonSourceTags: s3:GetObjectTagging']);
  });

  it('read single objects for a verification by checksum, and not where a dry run or a diff leaves that out', () => {
    const compare = { diff: { engine: 'hive', compare: 'checksum' }, verify: true } as const;
    const reads = (request: Partial<RunRequestInput>) => needsOf(request).flatMap(({ sid }) => (sid.endsWith('Read') ? [sid] : []));
    expect(reads({ ...compare, goal: 'verify' })).toEqual(['CarillonSourceRead', 'CarillonDestinationRead']);
    expect(reads({ ...compare, dryRun: true })).toEqual([]);
    expect(reads({ ...compare, goal: 'diff' })).toEqual([]);
    expect(reads({ goal: 'verify' })).toEqual([]);
  });

  it('use the keys that objects are encrypted with, through S3 of their Region alone', () => {
    const sides = { source: { bucket: 'a', region: 'eu-central-1' }, destination: { bucket: 'b', region: 'us-west-2', prefix: 'in/' } };
    const keys = needsOf(sides, { keys: { source: [SOURCE_KEY], destination: [DESTINATION_KEY] } }).filter(({ of }) => of === 'key');
    expect(keys.map(({ sid, actions, resources }) => [sid, actions, resources])).toEqual([
      ['CarillonSourceDecrypt', ['kms:Decrypt'], [SOURCE_KEY]],
      ['CarillonDestinationEncrypt', ['kms:Decrypt', 'kms:GenerateDataKey'], [DESTINATION_KEY]],
    ]);
    expect(keys[1]?.conditions).toEqual({
      StringEquals: { 'kms:ViaService': ['s3.us-west-2.amazonaws.com'] },
      StringLike: { 'kms:EncryptionContext:aws:s3:arn': ['arn:aws:s3:::b', 'arn:aws:s3:::b/in/*'] },
    });
  });

  it('use the keys that the request names, and those of the source where copies keep them', () => {
    const named = needsOf({ copy: { encryption: { keyMap: { [SOURCE_KEY]: DESTINATION_KEY } } } }).filter(({ of }) => of === 'key');
    expect(named.map(({ resources }) => resources)).toEqual([[SOURCE_KEY], [DESTINATION_KEY]]);
    const kept = needsOf({ copy: { encryption: { kind: 'keep' } } }, { keys: { source: [SOURCE_KEY] } }).filter(({ of }) => of === 'key');
    expect(kept.map(({ resources }) => resources)).toEqual([[SOURCE_KEY], [SOURCE_KEY]]);
    expect(needsOf({ copy: { encryption: { kind: 'aws:kms' } } }).filter(({ of }) => of === 'key')).toEqual([]);
  });

  it('speak of what lies below the prefix, and of missing keys in a statement of its own', () => {
    const needs = needsOf({ source: { bucket: 'a', prefix: 'x/*$/' } });
    expect(
      needs.filter(({ owner, of }) => owner === 'source' && of === 'bucket').map(({ sid, resources, conditions }) => [sid, resources, conditions]),
    ).toEqual([
      ['CarillonSourceList', ['arn:aws:s3:::a'], { StringLike: { 's3:prefix': [`x/\${*}\${$}/*`] } }],
      ['CarillonSourceTellMissing', ['arn:aws:s3:::a'], { Null: { 's3:prefix': ['true'] } }],
      ['CarillonSourceSettings', ['arn:aws:s3:::a'], {}],
      ['CarillonSourceRead', [`arn:aws:s3:::a/x/\${*}\${$}/*`], {}],
      ['CarillonSourceTags', [`arn:aws:s3:::a/x/\${*}\${$}/*`], {}],
    ]);
  });

  it('reach a run directory and files of ranges that the request names', () => {
    const needs = needsOf({ runDirectory: 's3://work-bucket/runs', partitions: { from: 'inventory', manifest: 's3://inventory/a/manifest.json' } });
    expect(needs.filter(({ owner }) => owner === 'run').map(({ sid, resources }) => [sid, ...resources])).toEqual([
      ['CarillonRunDirectory', 'arn:aws:s3:::work-bucket/runs/*'],
      ['CarillonRunDirectoryList', 'arn:aws:s3:::work-bucket'],
      ['CarillonPartitions', 'arn:aws:s3:::inventory/*'],
    ]);
    expect(needsOf({ partitions: { from: 'listing', location: 's3://old/listing' } }).filter(({ owner }) => owner === 'run')).toHaveLength(2);
    expect(needsOf({ partitions: { from: 'file', location: '/tmp/parts' } }).filter(({ owner }) => owner === 'run')).toEqual([]);
  });

  it('are of the partition of AWS that the Region is in', () => {
    const [need] = needsOf({ source: { bucket: 'a', region: 'cn-north-1' } });
    expect(need?.resources).toEqual(['arn:aws-cn:s3:::a']);
  });

  it('have names that policies take, a reason each, and no action with a wildcard', () => {
    const all = needsOf({
      copy: { acl: 'copy', encryption: { kind: 'aws:kms', key: DESTINATION_KEY } },
      verify: true,
      source: { bucket: 'a', role: reader, prefix: 'p/' },
    });
    expect(all.every(({ sid }) => /^Carillon[A-Za-z0-9]+$/.test(sid))).toBe(true);
    expect(all.every(({ reason }) => /^[A-Z].*\.$/.test(reason))).toBe(true);
    expect(all.flatMap(({ actions }) => actions).filter((action) => action.includes('*'))).toEqual([]);
  });
});
