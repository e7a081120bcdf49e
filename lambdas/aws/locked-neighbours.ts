/**
 * Other runs that write to the same place, found by the locks beside this run's. A run that failed holds none: its uploads were swept when it was
 * stopped, and what it left open is nobody's.
 */
import { REQUEST_FILE } from '../../emr-steps/run-directory/layout.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import type { RunFacts } from '../../workflows/plan/run-facts.ts';
import type { Neighbours } from '../../workflows/plan/run-progress.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import type { LockHolder } from '../lock/pair-locks.ts';
import type { RunHome } from '../run/run-home.ts';
import { readRunRecord } from '../run/run-record.ts';
import { LOCKS } from './base-bucket.ts';

/** Characters of all their folders together that fit into the sweep's arguments. */
const MOST_CHARACTERS = 4_000;

/** Finds them. Whoever holds a lock is taken to run: then only what this run's own tasks name is its own. */
export function lockedNeighbours(home: RunHome, base: RunDirectory): (facts: RunFacts) => Promise<Neighbours> {
  return async ({ runId, request }) => {
    const { executionArn } = await readRunRecord(home.directoryOf(runId));
    const holders = (await Promise.all((await base.list(LOCKS)).map(({ path }) => readJson<LockHolder>(base, path)))).filter((holder) => holder !== null);
    const open: string[] = [];
    // The lock of a fan-out's child is its parent's, and names one child of all that share it.
    let underWay = holders.some((holder) => holder.runId === runId && holder.executionArn !== executionArn);
    for (const holder of holders.filter((other) => other.runId !== runId)) {
      if (!overlaps((await readJson<RunRequest>(home.directoryOf(holder.runId), REQUEST_FILE))?.destination ?? null, request.destination)) continue;
      open.push(holder.runDirectory);
      underWay = true;
    }
    return open.join(',').length > MOST_CHARACTERS ? { open: [], underWay: true } : { open, underWay };
  };
}

/** Whether two sides have keys in common; of one that cannot be read nobody knows. */
function overlaps(a: RunRequest['destination'] | null, b: RunRequest['destination']): boolean {
  if (a === null) return true;
  return a.bucket === b.bucket && a.endpointUrl === b.endpointUrl && (a.prefix.startsWith(b.prefix) || b.prefix.startsWith(a.prefix));
}

async function readJson<T>(directory: RunDirectory, path: string): Promise<T | null> {
  const bytes = await directory.read(path);
  return bytes === null ? null : (JSON.parse(Buffer.from(bytes).toString('utf8')) as T);
}
