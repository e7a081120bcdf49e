/** Bytes that may still be read of what a request names. */

/** Shrinks. */
export class ReadAllowance {
  #left: number;

  /** @param bytes - that may be read in all */
  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** Takes them where they are left. @returns whether they were */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }
}
