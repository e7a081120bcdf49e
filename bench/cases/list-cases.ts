/** Listing a million virtual keys in each of six shapes, without latency and with 50 ms: nobody gets hints but s3-fast-list. */
import { checksumOfShape, type KeySum } from '../../infra/local/s3-store/virtual/key-checksum.ts';
import { keyShape, SHAPE_NAMES, type ShapeName } from '../../infra/local/s3-store/virtual/shape-names.ts';
import { keysListed } from '../arrived.ts';
import type { Contender } from '../contenders/contender.ts';
import { RIGHT, type Verdict, wrong } from '../result.ts';
import type { BenchCase } from './bench-case.ts';

const LATENCIES = [0, 50];
/** Shapes that the acceptance names; the rest are variants. */
const SHAPES = SHAPE_NAMES.slice(0, 6);
/** Shapes that peers are measured on, those of the table in issue and report. */
const PEER_SHAPES: ReadonlySet<ShapeName> = new Set(['flat', 'hashed', 'deep']);

/** One page after the other takes as long whatever the keys are. */
function isAsked({ name, isSerial }: Contender, shape: ShapeName): boolean {
  return name.startsWith('carillon') || (isSerial ? shape === 'flat' : PEER_SHAPES.has(shape));
}

function judge(found: KeySum, expected: KeySum): Verdict {
  if (found.keys !== expected.keys) return wrong(`${found.keys} keys instead of ${expected.keys}`);
  return found.sum === expected.sum ? RIGHT : wrong(`${found.keys} keys, but not the right ones`);
}

function listCase(shape: ShapeName, keys: number, latencyMilliseconds: number): BenchCase {
  let expected: KeySum | null = null;
  const suffix = latencyMilliseconds === 0 ? '' : `, ${latencyMilliseconds} ms`;
  return {
    name: `list ${shape}${suffix}`,
    title: `${keys.toLocaleString('en')} keys, ${shape}${suffix}`,
    virtual: [`${shape}:${keys},name=source`],
    source: 'source',
    destination: 'source',
    latencyMilliseconds,
    keySpace: { shape, keys },
    call(contender, site) {
      const call = isAsked(contender, shape) ? (contender.list?.(site) ?? null) : null;
      if (call === null) return null;
      return {
        ...call,
        async verdict({ output }) {
          expected ??= checksumOfShape(keyShape(shape, keys));
          return judge(await keysListed(output, call.listed), expected);
        },
      };
    },
  };
}

/** The cases for this many keys. */
export function listCases(keys: number): readonly BenchCase[] {
  return LATENCIES.flatMap((latency) => SHAPES.map((shape) => listCase(shape, keys, latency)));
}
