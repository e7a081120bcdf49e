/** Aborts a run's open uploads where no cluster is left to do it: by the session of its role and its start. A slice of ten minutes at a time. */
import { SWEEP_OUTPUT } from '../../emr-steps/run-directory/layout.ts';
import { sweepBySession } from '../../emr-steps/sweep/sweep-uploads.ts';
import type { RunHome } from '../run/run-home.ts';
import type { RunRecord } from '../run/run-record.ts';
import { type Asker, sideClient } from '../run/side-client.ts';
import type { StopClusterDeps } from './stop-cluster.ts';

/** Milliseconds of a slice. */
const SLICE = 10 * 60_000;

/** Requests under way at once. */
const CONCURRENCY = 64;

/** Its mark: a resume knows by it that uploads of the run's tasks may be gone. */
const MARK = `${SWEEP_OUTPUT}/by-session.json`;

const PATIENCE = { requestTimeoutMilliseconds: 30_000, maxAttempts: 8 } as const;

/** The sweep. Without a role of its own a run's uploads look like everybody's of the same user: these are left to the next run's sweep. */
export function sessionSweep(asker: Asker, home: RunHome, now: () => Date): StopClusterDeps['sweep'] {
  return async ({ facts, startedAt, lock }: RunRecord, milliseconds: number) => {
    const { destination } = facts.request;
    const isOwnSession = destination.role !== undefined || Boolean(asker.env.CARILLON_DATA_ROLE_ARN);
    if (lock === null || !isOwnSession || destination.region === undefined) return { done: true, aborted: 0 };
    await home.directoryOf(facts.runId).write(MARK, `${JSON.stringify({ at: now().toISOString() })}\n`);
    const client = sideClient({ ...destination, region: destination.region }, facts.runId, asker, PATIENCE);
    const signal = AbortSignal.timeout(Math.max(0, Math.min(SLICE, milliseconds)));
    const run = { startedAt: new Date(startedAt), session: facts.runId, isOthers: () => false };
    const options = { destination: client, destinationPrefix: destination.prefix, concurrency: CONCURRENCY, run };
    let aborted = 0;
    try {
      for await (const rows of sweepBySession(options, contextOf(facts.runId, signal, now)))
        aborted += rows.filter(({ outcome }) => outcome === 'aborted').length;
      return { done: true, aborted };
    } catch (error) {
      if (signal.aborted) return { done: false, aborted };
      throw error;
    }
  };
}

/** Counts of a function are its log's matter. */
function contextOf(id: string, signal: AbortSignal, now: () => Date): Parameters<typeof sweepBySession>[1] {
  const ignore = (): void => {};
  return {
    signal,
    taskAttempt: { id, number: 0, partition: 0 },
    round: 1,
    lookBeforeWriting: true,
    reporter: { counter: ignore, status: ignore },
    statistics: { request: ignore, error: ignore, bytes: ignore, count: ignore, recordsIn: ignore, recordsOut: ignore },
    now,
    dryRun: false,
  };
}
