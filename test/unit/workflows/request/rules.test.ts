import { describe, expect, it } from 'vitest';
import { filtersByMoreThanKeys, filtersSchema } from '../../../../workflows/request/filters.ts';
import { parseRequest } from '../../../../workflows/request/parse-request.ts';
import { least, problemsOf } from '../../../helpers/request-refusal.ts';

describe('the filters of a request', () => {
  it('are taken as they stand', () => {
    const filters = {
      include: ['logs/*'],
      exclude: ['*.tmp'],
      includeExpressions: ['^a+$'],
      excludeExpressions: [],
      minSize: 1,
      maxSize: 1,
      modifiedAfter: '2026-01-02',
      modifiedBefore: '2026-01-02T00:00:01+00:00',
      classes: ['STANDARD'] as const,
      exceptClasses: [],
    };
    expect(parseRequest({ ...least, filters: { ...filters, classes: ['STANDARD'] } }).filters).toEqual(filters);
  });

  it.each([
    [{ include: ['ok', '[a'] }, 'filters.include.1', '("[a") has a [ without its ]'],
    [{ excludeExpressions: ['(?=a)'] }, 'filters.excludeExpressions.0', 'looks around'],
    [{ includeExpressions: ['['] }, 'filters.includeExpressions.0', 'is no regular expression'],
    [{ include: Array.from({ length: 101 }, () => '*') }, 'filters.include', 'at most 100'],
    [{ minSize: -1 }, 'filters.minSize', 'at least 0'],
    [{ minSize: 2, maxSize: 1 }, 'filters.maxSize', 'is less than minSize'],
    [{ modifiedAfter: 'yesterday' }, 'filters.modifiedAfter', 'is no time with its offset'],
    [{ modifiedAfter: '2026-01-02T03:04:05' }, 'filters.modifiedAfter', 'is no time with its offset'],
    [{ modifiedBefore: '2026-13-02' }, 'filters.modifiedBefore', 'is no time'],
    [{ modifiedAfter: '2026-01-02', modifiedBefore: '2026-01-02T00:00:00Z' }, 'filters.modifiedBefore', 'is not after modifiedAfter'],
    [{ classes: ['COLD'] }, 'filters.classes.0', 'is not allowed; allowed are STANDARD'],
    [{ size: 1 }, 'filters.size', 'is not known here'],
  ])('are refused: %j', (filters, path, message) => {
    expect(problemsOf({ ...least, filters })).toEqual([{ path, message: expect.stringContaining(message) }]);
  });

  it('by more than keys do not go with a list of what is extra', () => {
    const extras = { ...least, diff: { engine: 'hive', extras: true } };
    expect(problemsOf({ ...extras, filters: { minSize: 1 } })).toMatchObject([{ path: 'diff.extras' }]);
    expect(problemsOf({ ...extras, filters: { include: ['a*'] } })).toEqual([]);
  });

  it('are told apart by whether the destination can be filtered alike', () => {
    const more = [{ maxSize: 0 }, { modifiedAfter: '2026-01-02' }, { modifiedBefore: '2026-01-02' }, { classes: ['GLACIER'] }, { exceptClasses: ['GLACIER'] }];
    expect(more.map((filters) => filtersByMoreThanKeys(filtersSchema.parse(filters)))).toEqual(more.map(() => true));
    expect(filtersByMoreThanKeys(filtersSchema.parse({ include: ['a'], excludeExpressions: ['b'] }))).toBe(false);
  });
});

describe('the fidelity of a request', () => {
  const key = 'arn:aws:kms:eu-central-1:111122223333:key/k';

  it.each([
    { encryption: { kind: 'aws:kms', key, bucketKey: true } },
    { encryption: { kind: 'aws:kms:dsse' } },
    { encryption: { keyMap: { [key]: 'alias/there' }, key, bucketKey: true } },
    { encryption: { kind: 'keep', bucketKey: true } },
    { encryption: { kind: 'AES256' }, acl: 'copy', tags: 'drop', checksums: 'ignore', redirects: true },
  ])('is taken: %j', (copy) => {
    expect(problemsOf({ ...least, copy })).toEqual([]);
  });

  it.each([
    [{ encryption: { kind: 'SSE' } }, 'copy.encryption.kind', 'is not allowed'],
    [{ encryption: { key } }, 'copy.encryption.key', 'does not go with the kind bucket-default; write aws:kms'],
    [{ encryption: { kind: 'keep', key } }, 'copy.encryption.key', 'does not go with the kind keep'],
    [{ encryption: { kind: 'aws:kms', key: 'a b' } }, 'copy.encryption.key', 'is no KMS key'],
    [{ encryption: { keyMap: {} } }, 'copy.encryption.keyMap', 'is empty; leave it out'],
    [{ encryption: { kind: 'aws:kms', keyMap: { a: 'b' } } }, 'copy.encryption.keyMap', 'does not go with the kind aws:kms'],
    [{ encryption: { keyMap: { a: 'b,c' } } }, 'copy.encryption.keyMap.a', 'is no KMS key'],
    [{ encryption: { bucketKey: true } }, 'copy.encryption.bucketKey', 'does not go with the kind bucket-default'],
    [{ encryption: { kind: 'aws:kms:dsse', bucketKey: true } }, 'copy.encryption.bucketKey', 'is of aws:kms alone'],
    [{ acl: 'public-read' }, 'copy.acl', 'is not allowed; allowed are none, bucket-owner-full-control, copy'],
  ])('is refused: %j', (copy, path, message) => {
    expect(problemsOf({ ...least, copy })).toEqual([{ path, message: expect.stringContaining(message) }]);
  });
});

describe('where large parts lie on their way', () => {
  it.each([
    [{ spillDirectories: ['mnt'] }, 'work.spillDirectories.0'],
    [{ spillDirectories: ['/mnt,/mnt1'] }, 'work.spillDirectories.0'],
    [{ spillAboveBytes: 0 }, 'work.spillAboveBytes'],
  ])('is refused: %j', (work, path) => {
    expect(problemsOf({ ...least, work }).map((problem) => problem.path)).toEqual([path]);
  });
});
