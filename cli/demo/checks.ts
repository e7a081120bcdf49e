/** What the demo claims, checked: each claim is told with a mark, and one that does not hold makes the demo fail. */
import type { Output } from '../host.ts';

/** Collects claims. */
export class Checks {
  readonly #out: Output;
  #failed = 0;

  constructor(out: Output) {
    this.#out = out;
  }

  /** Claims that two values are equal. */
  equal(claim: string, found: unknown, expected: unknown): void {
    const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
    this.#tell(claim, a === b ? null : `found ${a}, expected ${b}`);
  }

  /** Claims that two lists of keys have the same members, in any order. */
  sameKeys(claim: string, found: readonly string[], expected: readonly string[]): void {
    const missing = expected.filter((key) => !found.includes(key));
    const surplus = found.filter((key) => !expected.includes(key));
    const isSame = missing.length + surplus.length === 0 && found.length === expected.length;
    this.#tell(claim, isSame ? null : `${shown(missing)} missing, ${shown(surplus)} too many`);
  }

  /** Number of claims that did not hold. */
  get failed(): number {
    return this.#failed;
  }

  #tell(claim: string, problem: string | null): void {
    if (problem !== null) this.#failed += 1;
    this.#out.write(problem === null ? `   ✓ ${claim}\n` : `   ✗ ${claim}: ${problem}\n`);
  }
}

/** The first few keys, and how many there are. */
function shown(keys: readonly string[]): string {
  return keys.length === 0
    ? 'none'
    : `${keys.length} (${keys
        .slice(0, 5)
        .map((key) => JSON.stringify(key.slice(0, 60)))
        .join(', ')}${keys.length > 5 ? ', …' : ''})`;
}
