/** One probe: a request that changes nothing, made to learn whether it is allowed. */
import { S3Error } from '../../emr-steps/s3/s3-error.ts';
import { isDenial, isKeyProblem, refusesCredentials } from './denial.ts';

/**
 * Sends it.
 *
 * @returns null where it is allowed, whatever else it failed by (a probe asks for what is not there); else the refusal
 * @throws S3Error where nothing can be said: bad credentials, a key that nobody can use, no answer
 */
export async function attempt(send: () => Promise<unknown>): Promise<S3Error | null> {
  try {
    await send();
    return null;
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    if (isDenial(error)) return error;
    if (refusesCredentials(error) || isKeyProblem(error) || error.retryable) throw error;
    return null;
  }
}
