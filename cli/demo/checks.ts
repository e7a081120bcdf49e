/** What the demo claims, checked: each claim is told with a mark, and one that does not hold makes the demo fail. */
import type { Output } from '../host.ts';

/** Collects claims. */
export class Checks {
  readonly #out: Output;
  #failed = 0;

  constructor(out: Output) {
    this.#out = out;
  }

  /** Claims that two values are equal; lists are equal with the same members in any order. */
  equal(claim: string, found: unknown, expected: unknown): void {
    const [a, b] = [JSON.stringify(inOrder(found)), JSON.stringify(inOrder(expected))];
    this.#tell(a === b, a === b ? claim : `${claim}: found ${a}, expected ${b}`);
  }

  /** Number of claims that did not hold. */
  get failed(): number {
    return this.#failed;
  }

  #tell(holds: boolean, text: string): void {
    if (!holds) this.#failed += 1;
    this.#out.write(`   ${holds ? '✓' : '✗'} ${text}\n`);
  }
}

function inOrder(value: unknown): unknown {
  return Array.isArray(value) ? value.toSorted() : value;
}
