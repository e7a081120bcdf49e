/** A pattern that cannot be used: wrong syntax, a construct that needs unbounded time, or too large. Final. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
  readonly code = 'PATTERN_INVALID';
  readonly retryable = false;
  /** What is wrong, without the pattern. */
  readonly why: string;

  constructor(pattern: string, why: string) {
    super(`the pattern ${JSON.stringify(pattern)} ${why}`);
    this.why = why;
  }
}

/** Characters of a pattern. */
export const MOST_CHARACTERS = 1000;

/** @throws PatternError where the pattern is longer than patterns may be */
export function checkLength(pattern: string): void {
  if (pattern.length > MOST_CHARACTERS)
    throw new PatternError(pattern.slice(0, 40), `and so on has ${pattern.length} characters, at most ${MOST_CHARACTERS} are allowed`);
}
