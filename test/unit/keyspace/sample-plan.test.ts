import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareKeys } from '../../../emr-steps/keyspace/byte-order.ts';
import { evenBounds } from '../../../emr-steps/keyspace/even-bounds.ts';
import { SamplePlan } from '../../../emr-steps/keyspace/sample-plan.ts';
import { partSizes, sampled } from './key-list.ts';

const anyKey = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
  fc.tuple(fc.constantFrom('a/', 'a/b/', 'é/', '😀/', 'z'), fc.nat(999), fc.constantFrom('', '.txt', '/x')).map(([head, number, tail]) => head + number + tail),
);
const keySpace = fc.uniqueArray(anyKey, { minLength: 1100, maxLength: 1600 }).map((keys) => keys.toSorted(compareKeys));

function numbers(count: number, name: (number: string) => string): readonly string[] {
  return Array.from({ length: count }, (_, at) => name(String(at).padStart(6, '0')));
}

describe('a sample of a key space', () => {
  it('asks an empty one a single question', () => {
    const { plan, requests } = sampled([]);
    expect({ requests, total: plan.total, bounds: plan.bounds(8) }).toEqual({ requests: 1, total: 0, bounds: [] });
  });

  it('asks one question where a page holds all keys, and counts them', () => {
    const { plan, requests } = sampled(numbers(1000, (number) => `k${number}`));
    expect({ requests, total: plan.total, bounds: plan.bounds(8) }).toEqual({ requests: 1, total: 1000, bounds: [] });
  });

  it('waits for the first answer before it asks more', () => {
    const plan = new SamplePlan('');
    expect(plan.next(0, 0)).toMatchObject({ startAfter: null, end: null, maxKeys: 1000 });
    expect(plan.next(0, 0)).toBeNull();
  });

  it('counts exactly once every cell was seen whole', () => {
    const keys = numbers(9000, (number) => `a/${number}`);
    expect(Math.round(sampled(keys).plan.total)).toBe(9000);
  });

  it('gives bounds that rise, are valid Unicode and no longer than S3 allows, whatever the keys are', () => {
    fc.assert(
      fc.property(keySpace, fc.integer({ min: 1, max: 40 }), (keys, parts) => {
        const bounds = sampled(keys, { most: 60 }).plan.bounds(parts);
        expect(bounds.length).toBeLessThan(parts);
        expect(
          bounds.every(
            (bound, at) => bound.isWellFormed() && Buffer.byteLength(bound) <= 1024 && (at === 0 || compareKeys(bounds[at - 1] as string, bound) < 0),
          ),
        ).toBe(true);
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  it('cuts numbers, folders of unequal size, and one long beginning about evenly', () => {
    const long = `${'deep/'.repeat(60)}`;
    const folders = Array.from({ length: 40 }, (_, folder) =>
      numbers(Math.floor(12_000 / (folder + 1)), (number) => `f${String(folder).padStart(2, '0')}/${number}`),
    ).flat();
    for (const keys of [numbers(30_000, (number) => `n-${number}.json`), folders, numbers(30_000, (number) => long + number)]) {
      const { plan } = sampled(keys, { share: 0.02, least: 100 });
      const sizes = partSizes(keys, plan.bounds(10));
      expect(sizes).toHaveLength(10);
      expect(Math.max(...sizes)).toBeLessThan((2.5 * keys.length) / 10);
    }
  }, 60_000);

  it('finds a giant among many small folders, though none before it was one', () => {
    const small = (from: number) =>
      Array.from({ length: 1500 }, (_, at) => numbers(4, (number) => `t${String(from + at).padStart(5, '0')}/object-${number}`)).flat();
    const keys = [...small(0), ...numbers(30_000, (number) => `t01500/object-${number}`), ...small(1501)];
    const { plan } = sampled(keys, { share: 0.02, least: 100 });
    expect(Math.max(...partSizes(keys, plan.bounds(10)))).toBeLessThan((2.5 * keys.length) / 10);
  }, 60_000);

  it('stays inside of a prefix', () => {
    const keys = ['a', ...numbers(5000, (number) => `logs/${number}`), 'z'];
    const { plan } = sampled(keys, { prefix: 'logs/' });
    expect(Math.round(plan.total)).toBe(5000);
    expect(plan.bounds(4).every((bound) => bound.startsWith('logs/'))).toBe(true);
  });
});

describe('even bounds', () => {
  const cells = (...masses: readonly number[]) => masses.map((mass, at) => ({ startAfter: at === 0 ? null : `k${at}`, end: null, mass }));

  it('end each part as near as possible to its share of what is left', () => {
    expect(evenBounds(cells(10, 10, 10, 10, 10, 10), 3)).toEqual(['k2', 'k4']);
  });

  it('give a cell that is larger than a part one for itself, and share out the rest', () => {
    expect(evenBounds(cells(10, 100, 10, 10, 10), 3)).toEqual(['k1', 'k2']);
  });

  it('do not depend on the order in which the cells come', () => {
    expect(evenBounds(cells(10, 10, 10, 10).toReversed(), 2)).toEqual(['k2']);
  });
});
