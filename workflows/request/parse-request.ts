/** From what somebody wrote to a validated request. */
import { RequestError, requestProblems } from './request-error.ts';
import { type RunRequest, requestSchema } from './run-request.ts';

/** The request with every default filled in. @throws RequestError */
export function parseRequest(input: unknown): RunRequest {
  const result = requestSchema.safeParse(input, { reportInput: true });
  if (result.success) return result.data;
  throw new RequestError(requestProblems(result.error));
}
