/** Rows of a page behind which keys part earliest: where one folder ends and the next begins, which says most about how keys are made. */

/** Rows noted in a page, each with another length in common. */
const MOST_PARTINGS = 4;

/** The rows of one page, the earliest parting first. */
export class Partings {
  readonly rows: number[] = [];
  readonly #lengths: number[] = [];
  /** Lengths from here on are not among the shortest. */
  #limit = Number.POSITIVE_INFINITY;

  clear(): void {
    this.rows.length = 0;
    this.#lengths.length = 0;
    this.#limit = Number.POSITIVE_INFINITY;
  }

  /** The key of `row` and the next one have `length` bytes in common. */
  note(row: number, length: number): void {
    if (length >= this.#limit || this.#lengths.includes(length)) return;
    const later = this.#lengths.findIndex((other) => other > length);
    const place = later < 0 ? this.#lengths.length : later;
    this.#lengths.splice(place, 0, length);
    this.rows.splice(place, 0, row);
    this.#lengths.length = Math.min(this.#lengths.length, MOST_PARTINGS);
    this.rows.length = this.#lengths.length;
    if (this.rows.length === MOST_PARTINGS) this.#limit = this.#lengths[MOST_PARTINGS - 1] as number;
  }
}
