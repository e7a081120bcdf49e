import { describe, expect, it } from 'vitest';
import { comparisonProblem, hidesEtags, verifyComparison } from '../../../../workflows/request/comparison.ts';
import { runFacts } from '../../../helpers/run-facts.ts';

describe('a diff by ETag', () => {
  it.each([
    ['hive', 'etag', 'aws:kms', true],
    ['hive', 'etag', 'aws:kms:dsse', true],
    ['hive', 'etag', 'AES256', false],
    ['hive', 'etag', null, false],
    ['hive', 'size', 'aws:kms', false],
    ['none', 'etag', 'aws:kms', false],
  ] as const)('with engine %s, compare %s and default encryption %s is refused: %s', (engine, compare, algorithm, refused) => {
    const { request } = runFacts({ diff: { engine, compare } });
    const problem = comparisonProblem(request, algorithm);
    expect(problem !== null).toBe(refused);
    if (refused) expect(problem).toContain('--compare size');
  });
});

describe('a diff by ETag of copies with an encryption of their own', () => {
  it.each([
    [{ kind: 'aws:kms' }, 'AES256', 'copies are encrypted by aws:kms'],
    [{ keyMap: { a: 'b' } }, 'AES256', 'copies are encrypted by aws:kms'],
    [{ kind: 'AES256' }, 'aws:kms', null],
    [{ kind: 'keep' }, 'aws:kms', 'its default encryption is aws:kms'],
    [{ kind: 'keep' }, 'AES256', null],
  ] as const)('%j in a bucket of %s: %s', (encryption, algorithm, because) => {
    const problem = comparisonProblem(runFacts({ diff: { engine: 'hive' }, copy: { encryption } }).request, algorithm);
    if (because === null) expect(problem).toBeNull();
    else expect(problem).toContain(because);
  });
});

describe('a verification', () => {
  it.each([
    [null, 'aws:kms', 'checksum'],
    [null, 'AES256', 'etag'],
    [null, null, 'etag'],
    ['etag', 'aws:kms', 'etag'],
    ['size', null, 'size'],
  ] as const)('asked for %s compares at a destination of default encryption %s by %s', (asked, algorithm, expected) => {
    expect(verifyComparison(asked, algorithm)).toBe(expected);
    expect(hidesEtags(null)).toBe(false);
  });
});
