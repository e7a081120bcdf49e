/** The local cluster as a command uses it: its scratch space and logs lie in the run's folder, and DuckDB runs the diff. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseClusterFaults } from '../../infra/local/cluster/cluster-faults.ts';
import { localCluster } from '../../infra/local/cluster/local-cluster.ts';
import { nodeEnvironment } from '../../infra/local/cluster/node-environment.ts';
import type { EventSink } from '../../workflows/events/run-event.ts';
import type { Cluster } from '../../workflows/plan/cluster-step.ts';
import type { Host } from '../host.ts';

/** Scratch space of a run, gone at its end; beside it what attempts wrote to standard error stays. */
const SCRATCH = '_work';
const LOGS = '_logs';

/** What our programs need of this process beyond what a cluster's node has. */
const OWN_VARIABLES = ['NODE_COMPILE_CACHE'] as const;

/** For rehearsals: JSON of `ClusterFaults`, such as `{"killEveryMilliseconds":3000}`. */
const FAULTS_VARIABLE = 'CARILLON_CLUSTER_FAULTS';

/** A cluster for one run. @param folder - of the run */
export function runCluster(folder: string, { env }: Host, events: EventSink): Cluster {
  const scratch = join(folder, SCRATCH);
  const own = OWN_VARIABLES.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  const cluster = localCluster({
    events,
    workDirectory: scratch,
    logDirectory: join(folder, LOGS),
    ...(env[FAULTS_VARIABLE] === undefined ? {} : { faults: parseClusterFaults(env[FAULTS_VARIABLE]) }),
    environment: { ...nodeEnvironment(env), ...Object.fromEntries(own) },
    hiveScript: async (words, signal, step) => {
      // DuckDB is 70 MB: only a run with a diff loads it.
      const { runHiveScript } = await import('../../infra/local/diff/hive-script.ts');
      const ignore = (argument: string, reason: string) =>
        events({ type: 'step.ignored-argument', at: new Date().toISOString(), step: step.name, argument, reason });
      await runHiveScript(words, { ignore, spillDirectory: scratch }, signal);
      return { status: 'completed' };
    },
  });
  return { run: cluster.run.bind(cluster), close: () => cluster.close().finally(() => removeScratch(scratch)) };
}

/** Where the folder of the run could not be made there is none. */
async function removeScratch(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTDIR') throw error;
  });
}
