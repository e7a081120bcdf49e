/** When a mapper stops to try the server-side copy: the rule of the mode `auto`. */
import { reasonOfError } from '../plan/reason-of-error.ts';
import { S3Error } from '../s3/s3-error.ts';

/** Refused server-side copies in a row, each of which streamed well, after which everything is streamed. */
export const REFUSALS_IN_A_ROW = 10;

/**
 * Whether the service refused the copy as such, so that reading and writing with two sets of credentials may still do. NoSuchBucket: the
 * destination's endpoint does not know the source's bucket.
 */
export function isRefusal(error: unknown): boolean {
  if (error instanceof S3Error && error.code === 'NoSuchBucket') return true;
  return reasonOfError(error).reason === 'access-denied';
}

/** Counts refusals in a row over all objects of a mapper. */
export class Refusals {
  #inARow = 0;

  /** Whether the server-side copy need not be tried any more. */
  get streamEverything(): boolean {
    return this.#inARow >= REFUSALS_IN_A_ROW;
  }

  /** A copy was refused and the object was streamed. */
  refused(): void {
    this.#inARow += 1;
  }

  /** A server-side copy was not refused. */
  accepted(): void {
    if (!this.streamEverything) this.#inARow = 0;
  }
}
