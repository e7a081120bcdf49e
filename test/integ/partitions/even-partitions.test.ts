/**
 * Every shape of key space as 100 million virtual keys in 500 partitions, and larger and smaller ones in few: how many keys each holds is computed,
 * not estimated. Questions are answered in this process.
 */
import { describe, expect, it } from 'vitest';
import { cutRange, WHOLE_RANGE } from '../../../emr-steps/keyspace/key-range.ts';
import { tilingFaults } from '../../../emr-steps/keyspace/tiling.ts';
import { SHAPE_NAMES, type ShapeName } from '../../../infra/local/s3-store/virtual/shape-names.ts';
import { sampleKeys } from '../../../lambdas/split-partitions/sample-keys.ts';
import { virtualKeySpace } from './virtual-key-space.ts';

const KEYS = 100_000_000;
const PARTS = 500;

describe.each([...SHAPE_NAMES])('100 million keys of %s in 500 partitions', (shape) => {
  const space = virtualKeySpace(shape, KEYS);

  it('are cut so that none holds more than three times the mean, nothing overlaps and nothing is left out', async () => {
    const order = { ask: space.ask, prefix: '', parts: PARTS, slots: 128, concurrency: 64, milliseconds: 600_000, now: () => performance.now() };
    const { bounds, requests } = await sampleKeys(order);
    const sizes = space.sizes(bounds);
    expect(bounds).toHaveLength(PARTS - 1);
    expect(Math.max(...sizes) / (KEYS / PARTS)).toBeLessThan(3);
    expect(requests).toBeLessThanOrEqual(20_000);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(KEYS);
    expect(tilingFaults(cutRange(WHOLE_RANGE, bounds).map((range) => ({ delimiter: '', prefix: '', ...range })))).toEqual([]);
  });
});

/** Seven folders among 100,000 that hold nearly all: a few questions do not find each of them. */
const FOUND_BY_FEW = SHAPE_NAMES.filter((shape) => shape !== 'giants');

async function largestShare(shape: ShapeName, keys: number, parts: number | undefined) {
  const space = virtualKeySpace(shape, keys);
  const { bounds, requests } = await sampleKeys({
    ask: space.ask,
    prefix: '',
    parts,
    slots: 3,
    concurrency: 32,
    milliseconds: 600_000,
    now: () => performance.now(),
  });
  return { parts: bounds.length + 1, largest: (Math.max(...space.sizes(bounds)) * (bounds.length + 1)) / keys, requests };
}

describe.each(FOUND_BY_FEW)('keys of %s in twelve partitions', (shape) => {
  it.each([10_000_000, 1_000_000_000])('%i of them are cut as evenly as into hundreds', async (keys) => {
    const { largest, requests } = await largestShare(shape, keys, 12);
    expect(largest).toBeLessThan(3);
    expect(requests).toBeLessThanOrEqual(20_000);
  });
});

describe.each(FOUND_BY_FEW)('a billion keys of %s', (shape) => {
  it('are seen to be many: four partitions for each task that runs at a time', async () => {
    const { parts, largest } = await largestShare(shape, 1_000_000_000, undefined);
    expect(parts).toBe(12);
    expect(largest).toBeLessThan(3);
  });
});
