/** Surroundings of handlers for tests: runs in a folder, buckets that answer as the test says. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { fileRunDirectory } from '../../../emr-steps/run-directory/file-run-directory.ts';
import { filePairLocks } from '../../../lambdas/lock/file-pair-locks.ts';
import { type PrepareRunDeps, prepareRun } from '../../../lambdas/prepare-run/prepare-run.ts';
import type { RunEvent } from '../../../workflows/events/run-event.ts';
import { type Neighbours, NO_NEIGHBOURS } from '../../../workflows/plan/run-progress.ts';
import type { ClusterParameters } from '../../../workflows/plan/run-state.ts';
import { localCluster } from '../../helpers/run-facts.ts';

/** What the machine hands to every handler. */
export const EXECUTION = { executionArn: 'arn:aws:states:eu-central-1:1:execution:copy-run:one', startedAt: '2026-01-02T03:04:05.678Z' } as const;

/** The smallest request. */
export const REQUEST = { source: { bucket: 'a' }, destination: { bucket: 'b' } } as const;

/** Surroundings, with what happened in them. */
export type Surroundings = PrepareRunDeps & {
  readonly neighbours: () => Promise<Neighbours>;
  readonly folder: string;
  readonly events: readonly RunEvent[];
};

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Makes them. */
export function surroundings(change: Partial<PrepareRunDeps> = {}): Surroundings {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-handlers-'));
  folders.push(folder);
  const events: RunEvent[] = [];
  return {
    folder,
    events,
    home: { directoryOf: (runId) => fileRunDirectory(join(folder, 'runs', runId)) },
    locks: filePairLocks(join(folder, 'locks')),
    isRunning: async () => true,
    buckets: { regionOf: async (_, side) => ({ ...side, region: 'eu-central-1' }), defaultEncryption: async () => null },
    clusterOf: (_, runId) => ({
      createCluster: true,
      terminateCluster: true,
      listTogether: true,
      cluster: { id: '', name: runId, parameters: {} as ClusterParameters },
      facts: localCluster,
    }),
    neighbours: async () => NO_NEIGHBOURS,
    emit: (event) => events.push(event),
    now: () => new Date('2026-01-02T03:05:00Z'),
    ...change,
  };
}

/** A run that is prepared. */
export async function prepared(request: object = {}, change: Partial<PrepareRunDeps> = {}) {
  const deps = surroundings(change);
  const state = await prepareRun({ ...EXECUTION, request: { ...REQUEST, ...request } }, deps);
  return { deps, state, directory: deps.home.directoryOf(state.run.id) };
}
