/** A line that cannot be read, or a value that cannot be written so that it comes back. */

/** Thrown by every `decode` and `encode` of this room. Final: the same line fails the same way. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
  readonly code = 'RECORD_MALFORMED';
  readonly retryable = false;

  /** The record kind, such as `ObjectRecord`. */
  readonly record: string;
  /** What is wrong, with the value and what is allowed. */
  readonly reason: string;

  constructor(record: string, reason: string) {
    super(`malformed ${record}: ${reason}`);
    this.record = record;
    this.reason = reason;
  }
}
