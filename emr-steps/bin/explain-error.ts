/** What a program says of the error that ended it, and its exit code. */

/** The process was told to end. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
  readonly code = 'STOPPED';
  readonly retryable = true;
  /** 128 and the signal's number, as shells have it. */
  readonly exitCode: number;

  constructor(signal: string, number: number) {
    super(`told to end by ${signal}; what was begun is left as it is`);
    this.exitCode = 128 + number;
  }
}

/** Errors that are the input's fault: nothing but another input helps. */
const BAD_INPUT = new Set(['STEP_ARGUMENT_INVALID', 'LINE_MALFORMED', 'RECORD_MALFORMED', 'SIDE_UNKNOWN', 'CREDENTIALS_UNAVAILABLE']);

const BAD_INPUT_EXIT = 2;
const FAILED_EXIT = 1;

/** One line, `program: CODE: message`; a defect of ours, which has no code, shows its stack as well. */
export function errorLines(program: string, error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [`${program}: ${oneLine(String(error))}`];
  const code = codeOf(error);
  const line = `${program}: ${code ?? error.name}: ${oneLine(error.message)}`;
  return code === null ? [line, ...(error.stack ?? '').split('\n').slice(1)] : [line];
}

/** 2 for bad input, 128 and the signal's number where the process was told to end, otherwise 1. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof StoppedError) return error.exitCode;
  return BAD_INPUT.has((error instanceof Error && codeOf(error)) || '') ? BAD_INPUT_EXIT : FAILED_EXIT;
}

function codeOf(error: Error): string | null {
  return 'code' in error && typeof error.code === 'string' ? error.code : null;
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ');
}
