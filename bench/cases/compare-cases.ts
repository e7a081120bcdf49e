/** Comparing two buckets: equal ones, which is what costs, and ones where some ETags differ, which tells who looks at ETags. */
import { DEFAULT_TRAITS } from '../../infra/local/s3-store/virtual/object-traits.ts';
import { virtualObjects } from '../../infra/local/s3-store/virtual/virtual-objects.ts';
import type { Verdict } from '../result.ts';
import type { BenchCase } from './bench-case.ts';

/** Share of objects with other bytes of the same number. */
const CHANGED = 0.01;

/** How many of the first `keys` objects have another ETag. */
function changedAmong(keys: number): number {
  const [plain, changed] = [virtualObjects(DEFAULT_TRAITS), virtualObjects({ ...DEFAULT_TRAITS, changed: CHANGED })];
  const [one, other] = [Buffer.alloc(64), Buffer.alloc(64)];
  const write = (objects: typeof plain, index: number, into: Buffer) =>
    objects.writeEtag(index, 0, objects.size(index, 0), new DataView(into.buffer, into.byteOffset, into.length), 0);
  let count = 0;
  for (let index = 0; index < keys; index += 1) {
    write(plain, index, one);
    write(changed, index, other);
    if (!one.equals(other)) count += 1;
  }
  return count;
}

function judge(found: number, expected: number): Verdict {
  if (found === expected) return { isRight: true, text: expected === 0 ? 'right' : `right: ${expected} found` };
  return { isRight: false, text: expected === 0 ? `${found} differences that are none` : `${found} of ${expected} other ETags seen` };
}

function compareCase(about: Pick<BenchCase, 'name' | 'title'>, keys: number, changed: number): BenchCase {
  let expected: number | null = null;
  return {
    ...about,
    virtual: [`flat:${keys},name=source`, `flat:${keys},changed=${changed},name=destination`],
    source: 'source',
    destination: 'destination',
    latencyMilliseconds: 0,
    keySpace: { shape: 'flat', keys },
    call(contender, site) {
      const call = contender.compare?.(site) ?? null;
      if (call === null) return null;
      return {
        ...call,
        async verdict({ output }) {
          expected ??= changed === 0 ? 0 : changedAmong(keys);
          return judge(await call.differences(output), expected);
        },
      };
    },
  };
}

/** Two equal buckets of so many keys, and two smaller ones that differ. */
export function compareCases(keys: number): readonly BenchCase[] {
  const few = Math.min(keys, 20_000);
  return [
    compareCase({ name: 'compare equal', title: `two equal buckets of ${keys.toLocaleString('en')} keys` }, keys, 0),
    compareCase({ name: 'compare changed', title: `two buckets of ${few.toLocaleString('en')} keys, every hundredth object with another ETag` }, few, CHANGED),
  ];
}
