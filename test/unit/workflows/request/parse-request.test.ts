import { describe, expect, it } from 'vitest';
import { plannedCopyMode } from '../../../../workflows/request/access.ts';
import { parseRequest } from '../../../../workflows/request/parse-request.ts';
import { least, problemsOf } from '../../../helpers/request-refusal.ts';

describe('a request', () => {
  it('needs two buckets and nothing else', () => {
    const side = { prefix: '', addressingStyle: 'auto', requestPayer: false, anonymous: false };
    expect(parseRequest(least)).toEqual({
      version: 1,
      goal: 'copy',
      source: { bucket: 'a', ...side },
      destination: { bucket: 'b', ...side },
      filters: { include: [], exclude: [], includeExpressions: [], excludeExpressions: [], classes: [], exceptClasses: [] },
      diff: { engine: 'none', compare: 'etag', extras: false },
      copy: {
        mode: 'auto',
        encryption: { kind: 'bucket-default', bucketKey: false },
        acl: 'none',
        tags: 'keep',
        checksums: 'keep',
        redirects: false,
      },
      work: { maxAttempts: 8, maxRequestsPerSecond: 0, memoryMegabytes: 256, spillAboveBytes: 134_217_728, spillDirectories: [], tries: 2 },
      partitions: { from: 'automatic' },
      cluster: {
        use: 'own',
        releaseLabel: 'emr-7.10.0',
        architecture: 'arm64',
        managedScaling: null,
        disks: { rootGigabytes: 30, volumes: 2, gigabytes: 64, type: 'gp3' },
        subnetIds: [],
        idleMinutes: 120,
        keep: false,
        bootstrapActions: [],
        kerberos: null,
        tags: {},
      },
      workDirectory: 'run',
      rounds: 3,
      verify: false,
      toleratedFailures: 0,
      notify: { topicArns: [], eventBusName: null, on: 'always' },
      next: null,
      resume: null,
      verifiedRun: null,
      dryRun: false,
    });
  });

  it('reads back as itself once its defaults are filled in', () => {
    const request = parseRequest({ ...least, diff: { engine: 'hive' }, copy: { storageClass: 'GLACIER_IR' } });
    expect(parseRequest(JSON.parse(JSON.stringify(request)))).toEqual(request);
  });

  it('tells every problem at once, each with its path', () => {
    const input = {
      source: { bucket: 'A b', prefx: 'x' },
      destination: { bucket: 'b', region: 'mars' },
      copy: { mode: 'fast' },
      work: { mappers: 0 },
      verion: 1,
    };
    expect(problemsOf(input).map((problem) => problem.path)).toEqual([
      'source.bucket',
      'source.prefx',
      'destination.region',
      'copy.mode',
      'work.mappers',
      'verion',
    ]);
    expect(() => parseRequest(input)).toThrow(
      /^the request has 6 problems: source\.bucket \("A b"\) is no bucket name: .*; copy\.mode \("fast"\) is not allowed; allowed are auto, server-side, streaming; work\.mappers \(0\) is too small; at least 1 is needed; verion is not known here$/,
    );
  });

  it('tells what does not go together even beside other problems', () => {
    const both = { bucket: 'a', anonymous: true, profile: 'p' };
    expect(problemsOf({ source: both, destination: both, rounds: 0 }).map((problem) => problem.path)).toEqual([
      'rounds',
      'destination',
      'destination.anonymous',
      'source.anonymous',
      'destination.anonymous',
    ]);
  });

  it.each([
    [null, '', '(null) is not an object'],
    [{ source: { bucket: 'a' } }, 'destination', 'is missing; an object is needed'],
    [{ ...least, source: { bucket: 'a--use1-az4--x-s3' } }, 'source.bucket', 'directory bucket'],
    [{ ...least, source: { bucket: 'a', prefix: '\ud800' } }, 'source.prefix', 'lone surrogate'],
    [{ ...least, source: { bucket: 'a', prefix: 'é'.repeat(513) } }, 'source.prefix', '1,024 bytes'],
    [{ ...least, source: { bucket: 'a', endpointUrl: 'https://u:p@h' } }, 'source.endpointUrl', 'is no endpoint'],
    [{ ...least, source: { bucket: 'a', endpointUrl: 'http://h/path' } }, 'source.endpointUrl', 'is no endpoint'],
    [{ ...least, source: { bucket: 'a', role: { arn: 'reader' } } }, 'source.role.arn', 'is no role'],
    [{ ...least, source: { bucket: 'a', expectedOwner: '12' } }, 'source.expectedOwner', '12 digits'],
    [{ ...least, destination: { bucket: 'a' } }, 'destination', 'is the source itself'],
    [{ ...least, goal: 'diff' }, 'diff.engine', 'the goal is a diff'],
    [{ ...least, version: 2 }, 'version', 'allowed is 1'],
  ])('refuses %j at %s', (input, path, message) => {
    expect(problemsOf(input)).toEqual([{ path, message: expect.stringContaining(message) }]);
  });

  it('takes another prefix of one bucket, and one name behind two endpoints', () => {
    expect(problemsOf({ source: { bucket: 'a', prefix: 'x/' }, destination: { bucket: 'a', prefix: 'y/' } })).toEqual([]);
    expect(problemsOf({ source: { bucket: 'a' }, destination: { bucket: 'a', endpointUrl: 'http://127.0.0.1:9000' } })).toEqual([]);
  });
});

describe('the copy mode', () => {
  const role = { arn: 'arn:aws:iam::111122223333:role/reader' };
  it.each([
    ['auto with one set of credentials', {}, {}, 'auto'],
    ['auto with one profile on both sides', { profile: 'p' }, { profile: 'p' }, 'auto'],
    ['streaming with two profiles', { profile: 'p' }, { profile: 'q' }, 'streaming'],
    ['streaming with a profile on one side', {}, { profile: 'q' }, 'streaming'],
    ['streaming with a role on one side', { role }, {}, 'streaming'],
    ['streaming between two endpoints', {}, { endpointUrl: 'http://127.0.0.1:9000' }, 'streaming'],
    ['auto from a public bucket', { anonymous: true }, { profile: 'q' }, 'auto'],
  ] as const)('is %s', (_, source, destination, mode) => {
    expect(plannedCopyMode(parseRequest({ source: { bucket: 'a', ...source }, destination: { bucket: 'b', ...destination } }))).toBe(mode);
  });

  it('is what was asked for, whatever the credentials', () => {
    const input = { source: { bucket: 'a', profile: 'p' }, destination: { bucket: 'b' }, copy: { mode: 'server-side' } } as const;
    expect(plannedCopyMode(parseRequest(input))).toBe('server-side');
  });
});
