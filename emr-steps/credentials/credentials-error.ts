/** No credentials could be had. */

/** Thrown by every provider of this room. The reason names where they were looked for, never what was found there. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
  readonly code = 'CREDENTIALS_UNAVAILABLE';
  /** Final: who looks again finds the same. Providers that ask over the network try again by themselves first. */
  readonly retryable = false;

  /** The message without its beginning. */
  readonly reason: string;

  /** There is no cause: what services and the SDK say may repeat what they were sent, so that only words that were looked at go on. */
  constructor(reason: string) {
    super(`no credentials: ${reason}`);
    this.reason = reason;
  }
}
