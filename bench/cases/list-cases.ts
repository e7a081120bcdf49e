/** Listing a million virtual keys in each of six shapes, without latency and with 50 ms: nobody gets hints. */
import { checksumOfShape, type KeySum } from '../../infra/local/s3-store/virtual/key-checksum.ts';
import { keyShape, SHAPE_NAMES, type ShapeName } from '../../infra/local/s3-store/virtual/shape-names.ts';
import { keysIn } from '../arrived.ts';
import type { BenchCase } from './bench-case.ts';

const LATENCIES = [0, 50];
/** Shapes that the acceptance names; the rest are variants. */
const SHAPES = SHAPE_NAMES.slice(0, 6);

function listCase(shape: ShapeName, keys: number, latencyMilliseconds: number): BenchCase {
  let expected: KeySum | null = null;
  const suffix = latencyMilliseconds === 0 ? '' : `, ${latencyMilliseconds} ms`;
  return {
    name: `list ${shape}${suffix}`,
    work: 'list',
    virtual: [`${shape}:${keys},name=source`],
    source: 'source',
    destination: 'source',
    latencyMilliseconds,
    call: (contender, site) => contender.list?.(site) ?? null,
    async verdict(output, { keyOf }) {
      if (keyOf === undefined) return 'no keys to look at';
      expected ??= checksumOfShape(keyShape(shape, keys));
      const found = await keysIn(output, { keyOf });
      if (found.keys !== expected.keys) return `${found.keys} keys instead of ${expected.keys}`;
      return found.sum === expected.sum ? 'right' : `${found.keys} keys, but not the right ones`;
    },
  };
}

/** The cases for this many keys. */
export function listCases(keys: number): readonly BenchCase[] {
  return LATENCIES.flatMap((latency) => SHAPES.map((shape) => listCase(shape, keys, latency)));
}
