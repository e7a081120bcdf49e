/** The same request on this machine: the cluster of processes, with DuckDB for the diff. What a run on Hadoop is held against. */
import { join } from 'node:path';
import { fileRunDirectory } from '../../../emr-steps/run-directory/file-run-directory.ts';
import type { ClosableTransport } from '../../../emr-steps/s3/undici-transport.ts';
import { localCluster } from '../../../infra/local/cluster/local-cluster.ts';
import { nodeEnvironment } from '../../../infra/local/cluster/node-environment.ts';
import { runHiveScript } from '../../../infra/local/diff/hive-script.ts';
import { runRequest } from '../../../infra/local/engine/run-request.ts';
import { bucketReach } from '../../../lambdas/prepare-run/bucket-reach.ts';
import type { ClusterFacts } from '../../../workflows/plan/run-facts.ts';
import type { DemoBuckets } from './demo-buckets.ts';
import type { StageRun } from './hadoop-stage.ts';
import { ROOT } from './root.ts';

const FACTS: ClusterFacts = {
  kind: 'local',
  programs: join(ROOT, 'build', 'steps'),
  nodeArchive: join(ROOT, 'build', 'node'),
  diffScripts: join(ROOT, 'build', 'diff'),
  slots: 4,
  waves: 1,
  requestsAtOnce: 64,
  bytesPerTask: { request: 4_194_304, read: 16_777_216 },
};

/** Runs it; its directory is in `folder`. */
export async function runHere({ env }: Pick<DemoBuckets, 'env'>, transport: ClosableTransport, folder: string, request: object): Promise<StageRun> {
  const environment = nodeEnvironment({ PATH: process.env.PATH, ...env });
  const end = await runRequest({
    request,
    root: ROOT,
    partFile: null,
    runs: join(folder, 'runs'),
    locks: join(folder, 'locks'),
    cluster: FACTS,
    buckets: bucketReach({ env, transport }),
    clusterIn: (run) =>
      localCluster({
        environment,
        workDirectory: join(run, '_work'),
        hiveScript: async (words, signal) => {
          await runHiveScript(words, { ignore: () => {}, spillDirectory: join(run, '_work') }, signal);
          return { status: 'completed' };
        },
      }),
    emit: () => {},
    signal: new AbortController().signal,
  });
  return { ...end, events: [], directory: fileRunDirectory(join(folder, 'runs', end.runId)) };
}
