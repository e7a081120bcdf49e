/** What Step Functions refused, in words. */
import { PreflightError } from '../preflight/preflight-error.ts';

/** Errors that say that the input was bad, by their names. */
const REFUSED: Readonly<Record<string, string>> = {
  AccessDeniedException: 'access is denied',
  ExecutionDoesNotExist: 'there is no such execution',
  InvalidArn: 'the ARN is not valid',
  InvalidExecutionInput: 'the request is no input that Step Functions takes',
  InvalidName: 'the name is not valid',
  StateMachineDoesNotExist: 'there is no such state machine',
  UnrecognizedClientException: 'the credentials are not valid',
  ExpiredTokenException: 'the credentials have expired',
};

/** A refusal as one problem; any other error as it is. @param what - was asked, such as the ARN */
export function explainStatesError(what: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const reason = REFUSED[error.name];
  return reason === undefined ? error : new PreflightError([`${what}: ${reason} (${error.message})`]);
}
