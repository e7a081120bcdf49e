/** What a request does to the destination, by its goal. */
import type { RunRequest } from './run-request.ts';

/** Whether objects are written: not by a diff, a verification or a dry run. */
export function writes({ goal, dryRun }: Pick<RunRequest, 'goal' | 'dryRun'>): boolean {
  return goal === 'copy' && !dryRun;
}

/** Whether the destination is held against the source: all that a verification does, and the end of a copy that asks for it. */
export function verifies(request: Pick<RunRequest, 'goal' | 'dryRun' | 'verify'>): boolean {
  return request.goal === 'verify' || (request.verify && writes(request));
}
