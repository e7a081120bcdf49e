/** No credentials could be had. */

/** Thrown by every provider of this room. The reason names where they were looked for, never what was found there. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
  readonly code = 'CREDENTIALS_UNAVAILABLE';
  /** Final: who looks again finds the same. Providers that ask over the network try again by themselves first. */
  readonly retryable = false;

  constructor(reason: string, cause?: unknown) {
    super(`no credentials: ${reason}`, cause === undefined ? undefined : { cause });
  }
}
