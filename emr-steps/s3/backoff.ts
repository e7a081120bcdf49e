/** How long to wait before the next attempt: exponential with full jitter ("Exponential Backoff and Jitter", AWS Architecture Blog). */
import type { RetryClass } from './error-table.ts';

/** Milliseconds that the first wait is drawn from. */
const BASE_MILLISECONDS = { throttle: 500, transient: 100 } as const;
/** No wait is longer, but one that the service asks for. */
const CAP_MILLISECONDS = 20_000;
/** What a service may ask for at most. */
const LONGEST_RETRY_AFTER_MILLISECONDS = 60_000;

/**
 * Milliseconds to wait after a failed attempt.
 *
 * @param attempt - the attempt that failed, 1 first
 * @param random - in [0, 1)
 * @param retryAfter - milliseconds that the service asked for, if it did; never waited less
 */
export function backoffMilliseconds(attempt: number, retryClass: Exclude<RetryClass, 'final'>, random: number, retryAfter: number | null): number {
  const jittered = random * Math.min(CAP_MILLISECONDS, BASE_MILLISECONDS[retryClass] * 2 ** (attempt - 1));
  return retryAfter === null ? jittered : Math.min(LONGEST_RETRY_AFTER_MILLISECONDS, retryAfter) + jittered;
}

/** Milliseconds of a header `retry-after`: seconds, or a date. Null when there is none or it is neither. */
export function retryAfterMilliseconds(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  if (/^[0-9]+$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
