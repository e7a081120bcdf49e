/** A virtual key space that answers a sampler's questions in this process, and knows how many keys lie between bounds. */
import { commonPrefix } from '../../../emr-steps/keyspace/byte-order.ts';
import { keyOrder } from '../../../infra/local/s3-store/virtual/key-order.ts';
import { scratchSpace } from '../../../infra/local/s3-store/virtual/key-shape.ts';
import { keyShape, type ShapeName } from '../../../infra/local/s3-store/virtual/shape-names.ts';
import type { AskForKeys } from '../../../lambdas/split-partitions/sample-keys.ts';

/** The keys of a shape. */
export function virtualKeySpace(
  name: ShapeName,
  count: number,
): { readonly ask: AskForKeys; readonly sizes: (bounds: readonly string[]) => readonly number[] } {
  const shape = keyShape(name, count);
  const order = keyOrder(shape);
  const { view, bytes } = scratchSpace(shape.maximumBytes);
  const keyAt = (place: number): string => bytes.toString('utf8', 0, shape.write(place, view, 0));
  /** Keys up to and including the bound. */
  const upTo = (bound: string): number => {
    const place = order.below(Buffer.from(bound));
    return place < count && keyAt(place) === bound ? place + 1 : place;
  };
  return {
    ask: async ({ startAfter, end, maxKeys }, read) => {
      await Promise.resolve();
      const from = startAfter === null ? 0 : upTo(startAfter);
      const to = startAfter === null || end === null ? count : order.throughPrefix(Buffer.from(commonPrefix(startAfter, end)));
      const found = Math.max(0, Math.min(maxKeys, to - from));
      read({ count: found, keyAt: (index) => keyAt(from + index), hasMore: from + found < to });
    },
    sizes: (bounds) => {
      const ends = [...bounds.map(upTo), count];
      return ends.map((end, at) => end - (ends[at - 1] ?? 0));
    },
  };
}
