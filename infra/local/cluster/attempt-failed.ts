/** A task attempt that did not do its work; another attempt may. */

/** The message is one line: an exit code, a signal, a time-out. */
export class AttemptFailedError extends Error {
  override readonly name = 'AttemptFailedError';
  readonly code = 'ATTEMPT_FAILED';
  readonly retryable = true;
}
