/** What is wrong with a request, for the tests of its members. */
import { parseRequest } from '../../workflows/request/parse-request.ts';
import { RequestError, type RequestProblem } from '../../workflows/request/request-error.ts';
import type { RunRequestInput } from '../../workflows/request/run-request.ts';

/** The smallest request. */
export const least: RunRequestInput = { source: { bucket: 'a' }, destination: { bucket: 'b' } };

/** The problems of a request, with their paths; none where it can be run. */
export function problemsOf(input: unknown): readonly RequestProblem[] {
  return refusalOf(input)?.problems ?? [];
}

/** The same as people read them. */
export function sentencesOf(input: unknown): readonly string[] {
  return refusalOf(input)?.sentences ?? [];
}

function refusalOf(input: unknown): RequestError | null {
  try {
    parseRequest(input);
    return null;
  } catch (error) {
    if (error instanceof RequestError) return error;
    throw error;
  }
}
