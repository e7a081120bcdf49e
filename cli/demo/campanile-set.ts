/** The test set of the original Campanile: 259 objects whose names show why a delimiter is needed for partitions that do not overlap. */
import { type DemoObject, equalParts, multipart, single } from './demo-object.ts';

const SMALL = 10_240;
const LARGE = 20_971_520;
const MIB = 1_048_576;
const PART = 8 * MIB;

/** Every 64th name is large: four objects of 20 MiB in parts of 8 MiB, whose ETags end in `-3`. */
function isLarge(number: number): boolean {
  return number % 64 === 0;
}

function hexadecimal(number: number): DemoObject {
  const name = number.toString(16).padStart(2, '0');
  return isLarge(number) ? multipart(name, equalParts(LARGE, PART)) : single(name, SMALL);
}

/** `00` to `ff`, and three names under `000/`. */
export function campanileSet(): readonly DemoObject[] {
  return [...Array.from({ length: 256 }, (_, number) => hexadecimal(number)), single('000/00', SMALL), single('000/01', SMALL), single('000/02', 0)];
}

/** What happens to the source between two runs: `fe` is written again and `fff` is new. A run with `--diff` must transfer exactly these. */
export function campanileChanges(): readonly DemoObject[] {
  return [single('fe', SMALL, { edition: 1 }), single('fff', SMALL)];
}
