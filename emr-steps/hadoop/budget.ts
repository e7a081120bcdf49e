/** A limit on something that many share at once: bytes in memory, requests under way. */

/** Gives back what was taken; a second call does nothing. */
export type GiveBack = () => void;

interface Waiting {
  readonly amount: number;
  readonly enter: () => void;
}

/** So much, and no more, at once. First come, first served: a large claim is not starved by small ones. */
export class Budget {
  /** What the budget holds when nothing is taken. */
  readonly capacity: number;
  #free: number;
  readonly #waiting: Waiting[] = [];

  constructor(capacity: number) {
    if (!(capacity > 0)) throw new RangeError(`a budget of ${capacity} would never let anything in; give a number above 0`);
    this.capacity = capacity;
    this.#free = capacity;
  }

  /** What could be taken at this moment. */
  get free(): number {
    return this.#free;
  }

  /**
   * Takes `amount` as soon as it is free. An amount above the capacity counts as the whole capacity: it runs alone rather than never.
   * Rejects with the signal's reason where it is aborted first.
   */
  async take(amount: number, signal?: AbortSignal): Promise<GiveBack> {
    const share = Math.min(amount, this.capacity);
    signal?.throwIfAborted();
    if (this.#waiting.length > 0 || share > this.#free) await this.#wait(share, signal);
    else this.#free -= share;
    let taken = true;
    return () => {
      if (!taken) return;
      taken = false;
      this.#free += share;
      this.#letIn();
    };
  }

  #wait(amount: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        this.#letIn();
        reject(signal?.reason);
      };
      const waiting: Waiting = {
        amount,
        enter: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      this.#waiting.push(waiting);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  #letIn(): void {
    for (let first = this.#waiting[0]; first !== undefined && first.amount <= this.#free; first = this.#waiting[0]) {
      this.#waiting.shift();
      this.#free -= first.amount;
      first.enter();
    }
  }
}
