/** Every handler that the machine of one run calls, in its real stack, on this machine. */
import { assessDiffHandler } from '../../../lambdas/assess-diff/handler.ts';
import { decideRetryHandler } from '../../../lambdas/decide-retry/handler.ts';
import { notifyHandler } from '../../../lambdas/notify/handler.ts';
import { prepareRunHandler } from '../../../lambdas/prepare-run/handler.ts';
import { releaseLockHandler } from '../../../lambdas/release-lock/handler.ts';
import { silentInstruments } from '../../../lambdas/runtime/instruments.ts';
import { splitPartitionsHandler } from '../../../lambdas/split-partitions/handler.ts';
import { stopClusterHandler } from '../../../lambdas/stop-cluster/handler.ts';
import { summarizeRunHandler } from '../../../lambdas/summarize-run/handler.ts';
import { neighbourRuns } from '../neighbour-runs.ts';
import type { LocalEmr } from './emr-bindings.ts';
import type { LocalHandlers } from './lambda-binding.ts';
import type { LocalAthena } from './local-athena.ts';
import type { CommonDeps } from './local-deps.ts';
import { type LocalSweep, localSweep } from './local-sweep.ts';
import { secondsOfSteps } from './step-records.ts';

/** What is of one run. */
export interface RunParts {
  readonly emr: LocalEmr;
  readonly sweep: LocalSweep;
  /** The bytes of a part file; null: none was given. */
  readonly partFile: Uint8Array | null;
  /** Null: there is nobody in Athena's place. */
  readonly athena: LocalAthena | null;
}

/** The handlers. */
export function localHandlers(common: CommonDeps, { emr, sweep, partFile, athena }: RunParts) {
  const clusters = {
    find: async () => emr.open(),
    terminate: async (ids: readonly string[]) => {
      for (const id of ids) emr.terminate(id);
    },
    stopSteps: async (id: string) => {
      emr.terminate(id);
      return { done: true, cancelled: 0 };
    },
  };
  const noAthena = () => Promise.reject(new Error('there is no Athena on this machine'));
  return {
    'prepare-run': prepareRunHandler(common, silentInstruments('prepare-run')),
    'split-partitions': splitPartitionsHandler({ ...common, partFile: async () => partFile }, silentInstruments('split-partitions')),
    'assess-diff': assessDiffHandler({ ...common, athenaCounts: athena?.counts ?? noAthena }, silentInstruments('assess-diff')),
    'decide-retry': decideRetryHandler(
      { ...common, neighbours: ({ runDirectory, request }) => neighbourRuns(runDirectory, request) },
      silentInstruments('decide-retry'),
    ),
    'summarize-run': summarizeRunHandler({ ...common, secondsOfSteps }, silentInstruments('summarize-run')),
    notify: notifyHandler(common, silentInstruments('notify')),
    'stop-cluster': stopClusterHandler(
      { ...common, clusters, stopQueries: async () => {}, sweep: (record) => localSweep(record, common.home, sweep) },
      silentInstruments('stop-cluster'),
    ),
    'release-lock': releaseLockHandler(common, silentInstruments('release-lock')),
  } satisfies LocalHandlers;
}
