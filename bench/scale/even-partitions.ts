/** Key ranges of equal size of a virtual bucket, as a part file: what S3 Inventory or an older listing would give. */

import type { Partition } from '../../emr-steps/records/partition.ts';
import { scratchSpace } from '../../infra/local/s3-store/virtual/key-shape.ts';
import { keyShape, type ShapeName } from '../../infra/local/s3-store/virtual/shape-names.ts';
import { partitionLines } from '../../workflows/request/partition-file.ts';

/** A part file, and how many ranges it has. */
export interface PartFile {
  readonly lines: string;
  readonly count: number;
}

/** So many ranges, or as many as there are keys. */
export function evenPartitions({ shape, keys }: { readonly shape: ShapeName; readonly keys: number }, most: number): PartFile {
  const count = Math.min(most, keys);
  const keySpace = keyShape(shape, keys);
  const { view, bytes } = scratchSpace(keySpace.maximumBytes);
  const bounds = Array.from({ length: count - 1 }, (_, at) => bytes.toString('utf8', 0, keySpace.write(Math.floor(((at + 1) * keys) / count), view, 0)));
  const ranges = Array.from(
    { length: count },
    (_, at): Partition => ({ delimiter: '', prefix: '', startAfter: bounds[at - 1] ?? null, end: bounds[at] ?? null }),
  );
  return { lines: partitionLines(ranges), count };
}
