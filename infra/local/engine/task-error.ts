/** Errors of tasks under the names that AWS gives them. */

/** A task failed; Retry and Catch look at the name, and the message is the cause. */
export class TaskError extends Error {
  override readonly name: string;

  constructor(name: string, cause: string) {
    super(cause);
    this.name = name;
  }
}

/** What no Retry and no Catch may touch: the interpreter asks the error itself. */
export class TerminalError extends TaskError {
  readonly isRetryable = false;
  readonly isCatchable = false;
}

/** Bytes of the input or output of a state (Step Functions quotas). */
const STATE_BYTES = 262_144;

/** @throws TerminalError where data outgrow what a state may carry */
export function checkedSize<T>(state: string, what: 'input' | 'result', data: T): T {
  const bytes = Buffer.byteLength(JSON.stringify(data) ?? '');
  if (bytes <= STATE_BYTES) return data;
  throw new TerminalError('States.DataLimitExceeded', `the ${what} of state ${state} has ${bytes} bytes, at most ${STATE_BYTES} are allowed`);
}
