/** A line of a step's input that cannot be read. */

/** Thrown by the line reader and by the runners. Final: the same line fails the same way. */
export class MalformedLineError extends Error {
  override readonly name = 'MalformedLineError';
  readonly code = 'LINE_MALFORMED';
  readonly retryable = false;

  /** 1 for the first line of this process's input. */
  readonly lineNumber: number;
  /** What is wrong, with the value and what is allowed. */
  readonly reason: string;

  constructor(lineNumber: number, reason: string, options?: ErrorOptions) {
    super(`line ${lineNumber} of the input: ${reason}`, options);
    this.lineNumber = lineNumber;
    this.reason = reason;
  }
}
