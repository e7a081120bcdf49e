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
