/** The wall-clock limit of one attempt, headers and body, and the caller's own signal, in one. */
import type { AbortListener, AbortSource } from './abort-source.ts';

/** Bytes a second that any transfer or copy inside S3 reaches; the limit grows by the time they take. */
const LEAST_BYTES_PER_SECOND = 2_097_152;

/** Thrown by the transport when the limit is over. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError';
  readonly milliseconds: number;

  constructor(milliseconds: number) {
    super(`no whole answer within ${milliseconds} ms`);
    this.milliseconds = milliseconds;
  }
}

/**
 * Milliseconds that an attempt may take which moves `payloadBytes`: `base` and a second for every 2 MiB that are begun. Whole seconds, because
 * Node keeps a list of its own for every length of time.
 */
export function limitMilliseconds(base: number, payloadBytes: number): number {
  return base + Math.ceil(payloadBytes / LEAST_BYTES_PER_SECOND) * 1000;
}

/**
 * The limits that run under one signal, with one listener for all of them: a signal looks through its listeners one by one whenever one comes
 * or goes, and hundreds of requests are under way under the same. Each has its place in an array: of a Set, whose table is replaced every few
 * hundred comings and goings, the old tables keep what they held, and each other, until all garbage is collected.
 */
class LimitsOfSignal {
  static readonly #known = new WeakMap<AbortSignal, LimitsOfSignal>();
  readonly #signal: AbortSignal;
  readonly #running: TimeLimit[] = [];

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
    if (this.#running.length === 0) this.#signal.addEventListener('abort', this);
    limit.place = this.#running.push(limit) - 1;
  }

  /** The last one takes the place. */
  delete(limit: TimeLimit): void {
    const { place } = limit;
    if (place === null) return;
    limit.place = null;
    const last = this.#running.pop() as TimeLimit;
    if (last !== limit) {
      this.#running[place] = last;
      last.place = place;
    }
    if (this.#running.length === 0) this.#signal.removeEventListener('abort', this);
  }

  /** The signal was aborted. */
  handleEvent(): void {
    for (const limit of [...this.#running]) limit.stop(this.#signal.reason);
  }
}

const NO_LISTENERS: readonly AbortListener[] = [];

/** A running limit, which is what the attempt listens to. `end` it when the attempt is over. */
export class TimeLimit implements AbortSource {
  aborted = false;
  reason: unknown;
  /** Where it stands among those of the caller's signal; null where it does not. */
  place: number | null = null;
  private readonly outer: AbortSignal | undefined;
  private readonly timer: NodeJS.Timeout;
  private listeners = NO_LISTENERS;

  constructor(milliseconds: number, outer: AbortSignal | undefined) {
    this.outer = outer;
    this.timer = setTimeout(expire, milliseconds, this, milliseconds);
    if (outer === undefined) return;
    if (outer.aborted) this.stop(outer.reason);
    else LimitsOfSignal.of(outer).add(this);
  }

  addEventListener(_type: 'abort', listener: AbortListener): void {
    this.listeners = [...this.listeners, listener];
  }

  removeEventListener(_type: 'abort', listener: AbortListener): void {
    this.listeners = this.listeners.filter((other) => other !== listener);
  }

  /** Aborts the attempt before its time is over. */
  stop(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    for (const listener of this.listeners) listener.handleEvent();
  }

  end(): void {
    clearTimeout(this.timer);
    if (this.outer !== undefined) LimitsOfSignal.of(this.outer).delete(this);
  }
}

function expire(limit: TimeLimit, milliseconds: number): void {
  limit.stop(new TimeLimitError(milliseconds));
}
