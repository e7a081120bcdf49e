import { describe, expect, it } from 'vitest';
import type { LifecycleRule } from '../../../../emr-steps/s3/get-lifecycle.ts';
import type { Asked, DestinationSettings } from '../../../../lambdas/rights/bucket-settings.ts';
import { regionFindings } from '../../../../lambdas/rights/region-findings.ts';
import { settingsFindings } from '../../../../lambdas/rights/settings-findings.ts';
import { parseRequest } from '../../../../workflows/request/parse-request.ts';
import type { RunRequestInput } from '../../../../workflows/request/run-request.ts';

const known = <T>(value: T): Asked<T> => ({ known: true, value });
const denied = { known: false, why: 'denied' } as const;
const PLAIN: DestinationSettings = {
  encryption: known({ algorithm: 'AES256', kmsKeyId: null }),
  ownership: known('BucketOwnerEnforced'),
  lifecycle: known([]),
  objectLock: known(null),
};
const RULE: LifecycleRule = { id: 'r', prefix: '', isNarrower: false, expires: null, abortsUploadsAfterDays: null, transitions: [] };

function requestOf(members: Partial<RunRequestInput> = {}) {
  return parseRequest({ source: { bucket: 'a' }, destination: { bucket: 'b' }, ...members });
}

function codes(settings: Partial<DestinationSettings> = {}, members: Partial<RunRequestInput> = {}, crosses: boolean | null = null) {
  const found = settingsFindings(requestOf(members), { encryption: PLAIN.encryption }, { ...PLAIN, ...settings }, crosses);
  return found.map(({ code }) => code);
}

describe('the settings of the destination', () => {
  it('say nothing where they are as new buckets have them', () => {
    expect(codes()).toEqual([]);
  });

  it('say that ETags change where keys of KMS are the default, unless the request asks for something else', () => {
    const encryption = known({ algorithm: 'aws:kms', kmsKeyId: 'arn:k' });
    expect(codes({ encryption })).toEqual(['etags-change']);
    expect(codes({ encryption }, { copy: { encryption: { kind: 'AES256' } } })).toEqual([]);
  });

  it('say that grants are lost where ACLs are disabled', () => {
    expect(codes({}, { copy: { acl: 'copy' } })).toEqual(['acls-disabled']);
    expect(codes({}, { copy: { acl: 'bucket-owner-full-control' } })).toEqual([]);
  });

  it('say who owns what is written where ACLs are enabled and another account writes', () => {
    for (const ownership of [known(null), known('ObjectWriter')]) expect(codes({ ownership }, {}, true)).toEqual(['writer-owns-objects']);
    expect(codes({ ownership: known(null) }, {}, false)).toEqual([]);
    expect(codes({ ownership: known(null) }, {}, null)).toEqual([]);
    expect(codes({ ownership: known(null) }, { copy: { acl: 'bucket-owner-full-control' } }, true)).toEqual([]);
  });

  it.each([
    [{ abortsUploadsAfterDays: 1 }, ['uploads-aborted-by-lifecycle']],
    [{ abortsUploadsAfterDays: 7 }, []],
    [{ expires: 30 }, ['copies-expire']],
    [{ expires: '2027-01-01T00:00:00Z', isNarrower: true }, ['copies-expire']],
    [{ transitions: [{ storageClass: 'GLACIER', days: 1 }] }, ['copies-change-class']],
    [{ expires: 30, prefix: 'other/' }, []],
    [{ expires: 30, prefix: 'in/deep/' }, ['copies-expire']],
    [{ expires: 30, prefix: 'i' }, ['copies-expire']],
  ] as const)('of a lifecycle rule with %o say %j', (rule, expected) => {
    expect(codes({ lifecycle: known([{ ...RULE, ...rule }]) }, { destination: { bucket: 'b', prefix: 'in/' } })).toEqual(expected);
  });

  it('say for how long copies are locked', () => {
    const lock = (days: number | null, years: number | null) => ({ objectLock: known({ retention: { mode: 'GOVERNANCE', days, years } }) });
    const [finding] = settingsFindings(requestOf(), { encryption: PLAIN.encryption }, { ...PLAIN, ...lock(7, null) }, null);
    expect(finding?.message).toContain('for 7 days (GOVERNANCE)');
    expect(codes(lock(null, 2))).toEqual(['copies-are-locked']);
    expect(codes({ objectLock: known({ retention: null }) })).toEqual([]);
  });

  it('say by which statement they may be read, where they may not', () => {
    const found = settingsFindings(requestOf(), { encryption: denied }, { ...PLAIN, ownership: denied, lifecycle: denied }, null);
    expect(found.map(({ about, message }) => [about, message])).toEqual([
      [
        'source',
        expect.stringContaining('(encryption) may not be read, so that nothing can be said of them; the statement CarillonSourceSettings would allow it'),
      ],
      ['destination', expect.stringContaining('(ownership, lifecycle)')],
    ]);
    expect(codes({ lifecycle: { known: false, why: 'unknown' } })).toEqual([]);
  });

  it('are of no concern where nothing is written', () => {
    const lifecycle = known([{ ...RULE, expires: 1 }]);
    expect(codes({ lifecycle, ownership: denied }, { dryRun: true })).toEqual([]);
    expect(codes({ lifecycle }, { goal: 'diff', diff: { engine: 'hive' } })).toEqual([]);
  });
});

describe('two Regions', () => {
  const pair = { source: { bucket: 'a', region: 'eu-central-1' }, destination: { bucket: 'b', region: 'us-west-2' } };
  const levels = (members: Partial<RunRequestInput>) => regionFindings(requestOf({ ...pair, ...members })).map(({ level }) => level);

  it('need a way round the gateway endpoint: a warning where S3 copies inside itself', () => {
    expect(levels({})).toEqual(['warning']);
    expect(regionFindings(requestOf(pair))[0]?.message).toMatch(/CopyObject and UploadPartCopy between Regions \(403\).*NAT.*copy\.mode streaming/);
    expect(levels({ copy: { mode: 'streaming' } })).toEqual(['notice']);
  });

  it('are one where they are the same, off AWS, or nothing is written', () => {
    expect(levels({ destination: { ...pair.destination, region: 'eu-central-1' } })).toEqual([]);
    expect(levels({ source: { ...pair.source, endpointUrl: 'http://127.0.0.1:1' } })).toEqual([]);
    expect(levels({ dryRun: true })).toEqual([]);
  });
});
