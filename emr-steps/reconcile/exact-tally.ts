/** Objects and bytes by name, exact however many bytes come together. */

/** A sum: before its bytes would pass 2^53 they are carried over. */
interface ExactTally {
  objects: number;
  bytes: number;
  carried: bigint;
}

/** Objects and their bytes. */
export interface ExactSum {
  readonly objects: number;
  readonly bytes: bigint;
}

/** Adds up. */
export class ExactTallies {
  readonly #tallies = new Map<string, ExactTally>();
  readonly #check: (name: string) => void;

  /** @param check - refuses a name; asked once for each that comes up */
  constructor(check: (name: string) => void) {
    this.#check = check;
  }

  /** One object more. */
  add(name: string, bytes: number): void {
    let tally = this.#tallies.get(name);
    if (tally === undefined) {
      this.#check(name);
      tally = { objects: 0, bytes: 0, carried: 0n };
      this.#tallies.set(name, tally);
    }
    tally.objects += 1;
    if (tally.bytes > Number.MAX_SAFE_INTEGER - bytes) {
      tally.carried += BigInt(tally.bytes);
      tally.bytes = 0;
    }
    tally.bytes += bytes;
  }

  /** The sums, in no order. */
  *sums(): Generator<readonly [name: string, sum: ExactSum], void, void> {
    for (const [name, { objects, bytes, carried }] of this.#tallies) yield [name, { objects, bytes: carried + BigInt(bytes) }];
  }
}
