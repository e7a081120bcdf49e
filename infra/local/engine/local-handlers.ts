/** Every handler that the machine of one run calls, in its real stack, on this machine. */
import { assessDiffHandler } from '../../../lambdas/assess-diff/handler.ts';
import { concludeRunHandler } from '../../../lambdas/conclude-run/handler.ts';
import { decideRetryHandler } from '../../../lambdas/decide-retry/handler.ts';
import { notifyHandler } from '../../../lambdas/notify/handler.ts';
import { prepareRunHandler } from '../../../lambdas/prepare-run/handler.ts';
import { releaseLockHandler } from '../../../lambdas/release-lock/handler.ts';
import { silentInstruments } from '../../../lambdas/runtime/instruments.ts';
import type { LambdaHandler } from '../../../lambdas/runtime/lambda-stack.ts';
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

/** The handler that on AWS a rule calls at the end of every execution. */
export function concludingHandler(common: CommonDeps): LambdaHandler {
  return concludeRunHandler({ ...common, secondsOfSteps }, silentInstruments('conclude-run'));
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
  // Nothing is logged, measured or traced here: one set does for all of them.
  const instruments = silentInstruments('carillon');
  return {
    'prepare-run': prepareRunHandler({ ...common, partFile: async () => partFile }, instruments),
    'split-partitions': splitPartitionsHandler(common, instruments),
    'assess-diff': assessDiffHandler({ ...common, athenaCounts: athena?.counts ?? noAthena }, instruments),
    'decide-retry': decideRetryHandler({ ...common, neighbours: ({ runDirectory, request }) => neighbourRuns(runDirectory, request) }, instruments),
    'summarize-run': summarizeRunHandler({ ...common, secondsOfSteps }, instruments),
    notify: notifyHandler(common, instruments),
    'stop-cluster': stopClusterHandler(
      { ...common, clusters, stopQueries: async () => {}, sweep: (record) => localSweep(record, common.home, sweep) },
      instruments,
    ),
    'release-lock': releaseLockHandler(common, instruments),
  } satisfies LocalHandlers;
}
