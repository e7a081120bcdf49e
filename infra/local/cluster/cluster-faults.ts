/** Faults on order: what happens to attempts on a cluster of many nodes now and then. For tests and rehearsals. */

/** How often, on average; every member has a default of never. */
export interface ClusterFaults {
  /** Milliseconds between two attempts whose processes are killed (SIGKILL). The attempt fails. */
  readonly killEveryMilliseconds?: number;
  /**
   * Milliseconds between two attempts whose node is lost: the task runs again at once, while the program of the lost attempt lives on to
   * its natural end and does to the outside world what it does; what it writes goes nowhere. It does not count as a failure.
   */
  readonly orphanEveryMilliseconds?: number;
  /** In [0, 1). Default: Math.random. */
  readonly random?: () => number;
}

/** Faults from JSON. @throws RangeError, SyntaxError where it is none */
export function parseClusterFaults(json: string): ClusterFaults {
  const faults = JSON.parse(json) as Readonly<Record<string, unknown>>;
  for (const [name, value] of Object.entries(faults)) {
    if (name !== 'killEveryMilliseconds' && name !== 'orphanEveryMilliseconds') throw new RangeError(`${JSON.stringify(name)} is no fault of a cluster`);
    if (typeof value !== 'number' || !(value > 0)) throw new RangeError(`${name} is ${JSON.stringify(value)}; a number of milliseconds above 0 is needed`);
  }
  return faults;
}

/** An attempt that something may happen to. */
export interface EndangeredAttempt {
  kill(): void;
  /** Loses its node. */
  orphan(): void;
}

/** The node of the attempt was lost; its program lives on. Not a failure of the task. */
export class NodeLostError extends Error {
  override readonly name = 'NodeLostError';
  readonly code = 'NODE_LOST';
  readonly retryable = true;

  constructor() {
    super('its node was lost; its program lives on as an orphan');
  }
}

/** Lets things happen to the attempts that run. */
export class FaultsOnOrder {
  readonly #faults: ClusterFaults;
  readonly #running = new Set<EndangeredAttempt>();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(faults: ClusterFaults) {
    this.#faults = faults;
  }

  /** Endangers an attempt until the function that it gives back is called. */
  endanger(attempt: EndangeredAttempt): () => void {
    this.#running.add(attempt);
    if (this.#timers.size === 0) {
      this.#every(this.#faults.killEveryMilliseconds, (one) => one.kill());
      this.#every(this.#faults.orphanEveryMilliseconds, (one) => one.orphan());
    }
    return () => this.#spare(attempt);
  }

  #spare(attempt: EndangeredAttempt): void {
    this.#running.delete(attempt);
    if (this.#running.size > 0) return;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Waits are drawn from an exponential distribution, so that nothing in a program can fall into step with them. */
  #every(mean: number | undefined, strike: (attempt: EndangeredAttempt) => void): void {
    if (mean === undefined) return;
    const random = this.#faults.random ?? Math.random;
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        const attempts = [...this.#running];
        const struck = attempts[Math.floor(random() * attempts.length)];
        this.#every(mean, strike);
        if (struck !== undefined) strike(struck);
      },
      -Math.log(1 - random()) * mean,
    );
    this.#timers.add(timer);
  }
}
