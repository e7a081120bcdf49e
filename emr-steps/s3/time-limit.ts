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

/** A running limit. `end` it when the attempt is over. */
export class TimeLimit {
  private readonly controller = new AbortController();
  private readonly outer: AbortSignal | undefined;
  private readonly timer: NodeJS.Timeout;

  constructor(milliseconds: number, outer: AbortSignal | undefined) {
    this.outer = outer;
    this.timer = setTimeout(expire, milliseconds, this.controller, milliseconds);
    if (outer === undefined) return;
    if (outer.aborted) this.controller.abort(outer.reason);
    else outer.addEventListener('abort', this);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The outer signal was aborted. */
  handleEvent(): void {
    this.controller.abort(this.outer?.reason);
  }

  end(): void {
    clearTimeout(this.timer);
    this.outer?.removeEventListener('abort', this);
  }
}

function expire(controller: AbortController, milliseconds: number): void {
  controller.abort(new TimeLimitError(milliseconds));
}
