/** What a run does, by its goal and what else its request says. */
import type { RunRequest } from './run-request.ts';

/** Whether objects are written: not by a diff, a verification or a dry run. */
export function writes({ goal, dryRun }: Pick<RunRequest, 'goal' | 'dryRun'>): boolean {
  return goal === 'copy' && !dryRun;
}

/** Whether the listings of both sides are compared first, so that only what is missing or different is copied. A verification compares in its own way. */
export function diffs({ goal, diff }: Pick<RunRequest, 'goal' | 'diff'>): boolean {
  return goal !== 'verify' && diff.engine !== 'none';
}

/** Whether the destination is held against the source: all that a verification does, and the end of a copy that asks for it. */
export function verifies(request: Pick<RunRequest, 'goal' | 'dryRun' | 'verify'>): boolean {
  return request.goal === 'verify' || (request.verify && writes(request));
}
