/** Objects by how they were uploaded: every way of cutting an object into parts that decides how its ETag can be kept. */
import { type DemoObject, type DemoTraits, equalParts, multipart } from './demo-object.ts';

const MIB = 1_048_576;

function cut(key: string, size: number, partMebibytes: number, traits?: DemoTraits): DemoObject {
  return multipart(key, equalParts(size, partMebibytes * MIB), traits);
}

/** Equal parts of 5, 8, 15 and 16 MiB, unequal parts, one part, and no byte at all. */
export function partSet(): readonly DemoObject[] {
  return [
    cut('parts/5-mib/three', 11 * MIB + 1, 5),
    cut('parts/5-mib/last-part-full', 10 * MIB, 5),
    cut('parts/8-mib/last-part-one-byte', 16 * MIB + 1, 8),
    cut('parts/15-mib/two', 17 * MIB, 15),
    cut('parts/16-mib/two', 16 * MIB + 12_345, 16),
    multipart('parts/unequal/growing', [5 * MIB, 6 * MIB, 7 * MIB]),
    multipart('parts/unequal/last-largest', [5 * MIB, 5 * MIB, 9 * MIB]),
    multipart('parts/unequal/first-largest', [9 * MIB, 5 * MIB, 5 * MIB, 1]),
    // The arithmetic takes these for equal parts; the ETag does not, and the next round asks for every part.
    multipart('parts/unequal/as-if-equal', [7 * MIB, 6 * MIB, 5 * MIB]),
    multipart('parts/unequal/as-if-equal-but-last', [6 * MIB, 5 * MIB, 5 * MIB]),
    multipart('parts/one/small', [10_240]),
    multipart('parts/one/above-5-mb', [6 * MIB]),
    multipart('parts/one/exactly-5-mib', [5 * MIB]),
    multipart('parts/none/zero-bytes', [0]),
  ];
}
