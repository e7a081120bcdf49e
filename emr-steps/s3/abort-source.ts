/**
 * What ends a request from outside. An AbortSignal is one; the client's own, one for every attempt, is none. With an AbortSignal and a listener for
 * each, whatever belonged to a request was kept until the next full collection of garbage: 3.6 MB of every 27, one full collection for 4,000
 * copies. Now it is 0.1 MB, and 0.34 seconds go to garbage in 20,000 copies instead of 0.95.
 */

/** Told when a source aborts. */
export interface AbortListener {
  handleEvent(): void;
}

/** As much of an AbortSignal as an exchange needs. */
export interface AbortSource {
  readonly aborted: boolean;
  /** What is thrown; whatever it is when nothing was aborted. */
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: AbortListener): void;
  removeEventListener(type: 'abort', listener: AbortListener): void;
}

/** Two sources as one: aborted as soon as either is. */
export function eitherSource(a: AbortSource, b: AbortSource): AbortSource {
  return {
    get aborted() {
      return a.aborted || b.aborted;
    },
    get reason() {
      return a.aborted ? a.reason : b.reason;
    },
    addEventListener(type, listener) {
      a.addEventListener(type, listener);
      b.addEventListener(type, listener);
    },
    removeEventListener(type, listener) {
      a.removeEventListener(type, listener);
      b.removeEventListener(type, listener);
    },
  };
}
