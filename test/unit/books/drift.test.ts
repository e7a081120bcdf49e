import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ALL_UNSEEN,
  ASPECTS,
  type Aspect,
  drawUpDrift,
  FATES,
  type Fate,
  fateIn,
  isAspect,
  isCountedFate,
  isDrift,
  withFates,
} from '../../../emr-steps/books/drift.ts';

const fates = fc.dictionary(fc.constantFrom(...ASPECTS), fc.constantFrom(...(Object.keys(FATES) as Fate[]))) as fc.Arbitrary<Partial<Record<Aspect, Fate>>>;

describe('a drift', () => {
  test('says of every aspect what it was given, and that nobody looked at the others', () => {
    fc.assert(
      fc.property(fates, (given) => {
        const drift = withFates(given);
        expect(isDrift(drift)).toBe(true);
        expect(drift).toHaveLength(ASPECTS.length);
        for (const aspect of ASPECTS) expect(fateIn(drift, aspect)).toBe(given[aspect] ?? 'unseen');
      }),
    );
  });

  test('keeps what is not changed', () => {
    fc.assert(
      fc.property(fates, fates, (first, second) => {
        const drift = withFates(second, withFates(first));
        for (const aspect of ASPECTS) expect(fateIn(drift, aspect)).toBe(second[aspect] ?? first[aspect] ?? 'unseen');
      }),
    );
  });

  test('of an older version has fewer letters, of a newer more', () => {
    expect(fateIn('k', 'metadata')).toBe('unseen');
    expect(withFates({ tags: 'lost' }, 'k')).toBe('kuluuuuuu');
    expect(fateIn(`${ALL_UNSEEN}k`, 'object-lock')).toBe('unseen');
    expect(isDrift(`${ALL_UNSEEN}k`)).toBe(true);
  });

  test('has no two aspects or fates with one letter, and names them', () => {
    expect(new Set(Object.values(FATES)).size).toBe(Object.keys(FATES).length);
    expect([isAspect('acl'), isAspect('owner'), isCountedFate('lost'), isCountedFate('none'), isCountedFate('toString')]).toEqual([
      true,
      false,
      true,
      false,
      false,
    ]);
  });
});

describe('the drift of a run', () => {
  test('adds up the lines of all reducers and rounds, in the order of the aspects', () => {
    const report = drawUpDrift([
      { aspect: 'checksum', fate: 'lost', objects: 1, bytes: 5 },
      { aspect: 'etag', fate: 'kept', objects: 2, bytes: 20 },
      { aspect: 'checksum', fate: 'lost', objects: 3, bytes: 7 },
      { aspect: 'checksum', fate: 'kept', objects: 1, bytes: 1 },
    ]);
    expect(report).toEqual({ etag: { kept: { objects: 2, bytes: 20 } }, checksum: { lost: { objects: 4, bytes: 12 }, kept: { objects: 1, bytes: 1 } } });
    expect(Object.keys(report)).toEqual(['etag', 'checksum']);
    expect(drawUpDrift([])).toEqual({});
  });
});
