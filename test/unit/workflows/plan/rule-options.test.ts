import { describe, expect, it } from 'vitest';
import { fidelityOf } from '../../../../emr-steps/bin/fidelity-options.ts';
import { rowFilterOf } from '../../../../emr-steps/bin/list-filter.ts';
import { PROGRAM_OPTIONS, type ProgramName } from '../../../../emr-steps/records/program-options.ts';
import { decodeOptions } from '../../../../emr-steps/records/step-arguments.ts';
import { planRun } from '../../../../workflows/plan/run-plan.ts';
import { firstProgress } from '../../../../workflows/plan/run-progress.ts';
import type { RunRequestInput } from '../../../../workflows/request/run-request.ts';
import { runFacts } from '../../../helpers/run-facts.ts';

/** What a program of a step reads, cut into words as Hadoop does. */
function optionsOf<P extends ProgramName>(program: P, args: readonly string[]): ReturnType<typeof decodeOptions<(typeof PROGRAM_OPTIONS)[P]>> {
  const command = args.find((arg) => arg.startsWith(`node/run.sh ${program}.js`)) as string;
  return decodeOptions(PROGRAM_OPTIONS[program], command.split(' ').slice(2));
}

function stepsOf(request: Partial<RunRequestInput>, startedAt?: string) {
  return planRun(runFacts(request, startedAt === undefined ? {} : { startedAt }), firstProgress()).steps;
}

const key = 'arn:aws:kms:eu-central-1:111122223333:key/';

describe('the rules of fidelity', () => {
  it('reach both programs that write objects', () => {
    const copy = {
      storageClass: 'GLACIER_IR',
      encryption: { keyMap: { [`${key}a`]: `${key}b`, c: 'd' }, key: 'e', bucketKey: true },
      acl: 'copy',
      tags: 'drop',
      checksums: 'ignore',
      redirects: true,
    } as const;
    const { planParts, copyObjects } = stepsOf({ copy });
    const rules = {
      encryption: {
        kind: 'kms-map',
        keys: new Map([
          [`${key}a`, `${key}b`],
          ['c', 'd'],
        ]),
        otherwise: 'e',
        bucketKey: true,
      },
      acl: 'copy',
      tags: 'drop',
      checksums: 'ignore',
      redirects: true,
    };
    for (const options of [optionsOf('plan-parts', planParts.args), optionsOf('copy-objects', copyObjects.args)]) {
      expect(fidelityOf(options)).toEqual(rules);
      expect(options['storage-class']).toBe('GLACIER_IR');
    }
  });

  it.each([
    [{}, { kind: 'bucket-default' }],
    [{ kind: 'AES256' }, { kind: 'sse-s3' }],
    [
      { kind: 'keep', bucketKey: true },
      { kind: 'keep', bucketKey: true },
    ],
    [
      { kind: 'aws:kms', key: 'k' },
      { kind: 'kms', algorithm: 'aws:kms', key: 'k', bucketKey: false },
    ],
    [{ kind: 'aws:kms:dsse' }, { kind: 'kms', algorithm: 'aws:kms:dsse', key: null, bucketKey: false }],
  ] as const)('say the encryption %j', (encryption, rule) => {
    expect(fidelityOf(optionsOf('copy-objects', stepsOf({ copy: { encryption } }).copyObjects.args)).encryption).toEqual(rule);
  });

  it('are no words at all where nothing is asked for', () => {
    const command = stepsOf({}).copyObjects.args.find((arg) => arg.includes('copy-objects.js ')) as string;
    expect(command).not.toMatch(/--(encryption|kms|bucket-key|acl|tags|checksums|redirects|spill|storage-class)/);
  });
});

describe('the filters', () => {
  const filters = {
    include: ['a b/*', 'é'],
    exclude: ['*.tmp'],
    includeExpressions: ['^x{2}|%$'],
    excludeExpressions: ['y'],
    minSize: 1,
    maxSize: 9,
    modifiedAfter: '2026-01-02T03:04:05+01:00',
    modifiedBefore: '2026-02-01',
    classes: ['STANDARD'],
    exceptClasses: ['GLACIER', 'DEEP_ARCHIVE'],
  } satisfies RunRequestInput['filters'];

  it('reach the listing of the source whole, that of the destination as far as keys go', () => {
    const { listSource, listDestination } = stepsOf({ filters, diff: { engine: 'hive' } });
    const keys = { include: ['a b/*', 'é'], exclude: ['*.tmp'], 'include-regex': ['^x{2}|%$'], 'exclude-regex': ['y'] };
    expect(optionsOf('list-objects', listSource.args)).toMatchObject({
      ...keys,
      'min-size': 1,
      'max-size': 9,
      'modified-after': new Date('2026-01-02T02:04:05Z'),
      'modified-before': new Date('2026-02-01T00:00:00Z'),
      'only-class': ['STANDARD'],
      'except-class': ['GLACIER', 'DEEP_ARCHIVE'],
    });
    const destination = optionsOf('list-objects', listDestination?.args ?? []);
    expect(destination).toMatchObject({ ...keys, 'min-size': undefined, 'max-size': undefined, 'modified-after': undefined, 'only-class': [] });
    expect(rowFilterOf(destination)).not.toBeNull();
  });

  it('are none where nothing is asked for', () => {
    expect(rowFilterOf(optionsOf('list-objects', stepsOf({}).listSource.args))).toBeNull();
  });
});

describe('when the run began', () => {
  it('is told to every program that looks before it writes, where its id does not say it', () => {
    const { copyObjects, completeUploads } = stepsOf({}, '2026-01-02T03:04:05.678Z');
    expect(optionsOf('copy-objects', copyObjects.args)['run-started-at']).toEqual(new Date('2026-01-02T03:04:05.678Z'));
    expect(optionsOf('complete-uploads', completeUploads.args)['run-started-at']).toEqual(new Date('2026-01-02T03:04:05.678Z'));
    expect(optionsOf('copy-objects', stepsOf({}).copyObjects.args)['run-started-at']).toBeUndefined();
  });
});

describe('where large parts lie on their way', () => {
  it('is told to copy', () => {
    const { copyObjects } = stepsOf({ work: { spillAboveBytes: 7, spillDirectories: ['/mnt', '/mnt 1'] } });
    expect(optionsOf('copy-objects', copyObjects.args)).toMatchObject({ 'spill-above-bytes': 7, 'spill-directories': '/mnt,/mnt 1' });
  });
});
