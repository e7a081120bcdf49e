/** Which credentials and which S3 a side speaks to, and what follows for the copy. */
import type { RunRequest } from './run-request.ts';
import type { RunSide } from './side.ts';

/** Whether both sides are reached by one identity, which may then be allowed to copy inside S3. */
export function sameCredentials(source: RunSide, destination: RunSide): boolean {
  return source.profile === destination.profile && source.role?.arn === destination.role?.arn && source.role?.externalId === destination.role?.externalId;
}

/**
 * The copy mode of a request. `auto` becomes streaming where server-side cannot work: the sides have two sets of credentials, which may
 * not see each other's bucket, or lie behind two endpoints. An anonymous source is public, so that the destination's identity may read it.
 */
export function plannedCopyMode({ source, destination, copy }: RunRequest): RunRequest['copy']['mode'] {
  if (copy.mode !== 'auto') return copy.mode;
  const oneService = source.endpointUrl === destination.endpointUrl;
  return oneService && (source.anonymous || sameCredentials(source, destination)) ? 'auto' : 'streaming';
}
