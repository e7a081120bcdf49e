/**
 * Every shape of key space as 100 million virtual keys in 500 partitions: how many keys each holds is computed, not estimated. Questions are
 * answered in this process.
 */
import { describe, expect, it } from 'vitest';
import { cutRange, WHOLE_RANGE } from '../../../emr-steps/keyspace/key-range.ts';
import { tilingFaults } from '../../../emr-steps/keyspace/tiling.ts';
import { SHAPE_NAMES } from '../../../infra/local/s3-store/virtual/shape-names.ts';
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
