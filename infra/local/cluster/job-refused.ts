/** A job that is refused before any task runs: a wrong argument, a missing input, an output that exists. */

/** Final: the same arguments are refused again. The message begins with Hadoop's own words where it has some. */
export class JobRefusedError extends Error {
  override readonly name = 'JobRefusedError';
  readonly code = 'JOB_REFUSED';
  readonly retryable = false;
}
