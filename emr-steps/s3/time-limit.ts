/** The wall-clock limit of one attempt, headers and body, and the caller's own signal, in one signal. */

/** Bytes a second that any transfer or copy inside S3 reaches; the limit grows by the time they take. */
const LEAST_BYTES_PER_MILLISECOND = 2_097_152 / 1000;

/** Thrown by the transport when the limit is over. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError';
  readonly milliseconds: number;

  constructor(milliseconds: number) {
    super(`no whole answer within ${milliseconds} ms`);
    this.milliseconds = milliseconds;
  }
}

/** Milliseconds that an attempt may take which moves `payloadBytes`: `base` and a second for every 2 MiB. */
export function limitMilliseconds(base: number, payloadBytes: number): number {
  return Math.ceil(base + payloadBytes / LEAST_BYTES_PER_MILLISECOND);
}

/**
 * The limits that run under one signal, with one listener for all of them: a signal looks through its listeners one by one whenever one comes
 * or goes, and hundreds of requests are under way under the same.
 */
class LimitsOfSignal {
  static readonly #known = new WeakMap<AbortSignal, LimitsOfSignal>();
  readonly #signal: AbortSignal;
  readonly #running = new Set<TimeLimit>();

  static of(signal: AbortSignal): LimitsOfSignal {
    const known = LimitsOfSignal.#known.get(signal);
    if (known !== undefined) return known;
    const limits = new LimitsOfSignal(signal);
    LimitsOfSignal.#known.set(signal, limits);
    return limits;
  }

  private constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  add(limit: TimeLimit): void {
    if (this.#running.size === 0) this.#signal.addEventListener('abort', this);
    this.#running.add(limit);
  }

  delete(limit: TimeLimit): void {
    if (this.#running.delete(limit) && this.#running.size === 0) this.#signal.removeEventListener('abort', this);
  }

  /** The signal was aborted. */
  handleEvent(): void {
    for (const limit of this.#running) limit.stop(this.#signal.reason);
  }
}

/** A running limit. `end` it when the attempt is over. */
export class TimeLimit {
  private readonly controller = new AbortController();
  private readonly outer: AbortSignal | undefined;
  private readonly timer: NodeJS.Timeout;

  constructor(milliseconds: number, outer: AbortSignal | undefined) {
    this.outer = outer;
    this.timer = setTimeout(expire, milliseconds, this.controller, milliseconds);
    if (outer === undefined) return;
    if (outer.aborted) this.stop(outer.reason);
    else LimitsOfSignal.of(outer).add(this);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Aborts the attempt before its time is over. */
  stop(reason: unknown): void {
    this.controller.abort(reason);
  }

  end(): void {
    clearTimeout(this.timer);
    if (this.outer !== undefined) LimitsOfSignal.of(this.outer).delete(this);
  }
}

function expire(controller: AbortController, milliseconds: number): void {
  controller.abort(new TimeLimitError(milliseconds));
}
