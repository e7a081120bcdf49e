/** Names of runs. */
import { createHash } from 'node:crypto';

/** What a run id may look like; it is also the cluster's name and the role session name. */
export const RUN_ID_PATTERN = /^[a-z0-9][a-z0-9-]{0,59}$/;

/**
 * The run's id: sortable by its start, and a pure function of it, so that whoever sees the execution's event can compute it.
 *
 * @param startedAt - the start of the execution
 * @param identity - the execution's ARN; on one machine anything that no other run has
 */
export function runIdOf(startedAt: Date, identity: string): string {
  const time = startedAt.toISOString().replace(/[-:]/g, '').slice(0, 15).replace('T', '-');
  return `${time}-${createHash('sha256').update(identity).digest('hex').slice(0, 10)}`;
}

/** The run that a request goes on with, whether it is checked yet or not; null: it begins one, or names none. */
export function resumedRun(request: unknown): string | null {
  const resume = typeof request === 'object' && request !== null && 'resume' in request ? request.resume : null;
  return typeof resume === 'string' && RUN_ID_PATTERN.test(resume) ? resume : null;
}
