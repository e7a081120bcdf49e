/** Everything about a Hadoop that a run needs, found out before it begins: the clients, their configuration, the size, the archive in its place. */
import { join } from 'node:path';
import type { Transport } from '../../emr-steps/s3/transport.ts';
import type { RunHome } from '../../lambdas/run/run-home.ts';
import type { EventSink } from '../../workflows/events/run-event.ts';
import type { Cluster } from '../../workflows/plan/cluster-step.ts';
import type { ClusterFacts } from '../../workflows/plan/run-facts.ts';
import { clientConfigurationOf } from './client-configuration.ts';
import { hadoopFacts } from './cluster-facts.ts';
import { hadoopCommands } from './commands.ts';
import { hadoopCluster } from './hadoop-cluster.ts';
import { publishNodeArchive } from './publish.ts';
import { ResourceManager } from './resource-manager.ts';
import { hadoopRunHome } from './run-home.ts';
import { webServices } from './web-services.ts';

/** What it is found by. */
export interface HadoopPlaceOptions {
  /** `HADOOP_CONF_DIR`, `HADOOP_HOME`, `HIVE_HOME`, `PATH`, and what the clients themselves read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that holds `build/`. */
  readonly root: string;
  /** Where run directories lie: `s3://bucket/prefix`, or `file:///folder` on a disk that all nodes share. */
  readonly base: string;
  readonly transport: Transport;
}

/** What `runRequest` is given. */
export interface HadoopPlace {
  readonly home: RunHome;
  readonly cluster: ClusterFacts;
  /** Makes the cluster of a run. @param folder - of the run on this machine */
  readonly clusterIn: (folder: string, runId: string, emit: EventSink) => Cluster;
}

/** Finds it. @throws ClientConfigurationError, HadoopMissingError, RunHomeError, PublishError */
export async function hadoopPlace({ env, root, base, transport }: HadoopPlaceOptions): Promise<HadoopPlace> {
  // One after the other: what is missing first is told first, whichever is found sooner.
  const configuration = await clientConfigurationOf(env);
  const commands = await hadoopCommands(env);
  const home = hadoopRunHome({ base, configuration, env, transport });
  const manager = new ResourceManager(webServices(configuration, env).resourceManager);
  const [size, archive] = await Promise.all([manager.size(), publishNodeArchive({ configuration, commands, env, nodeFolder: join(root, 'build', 'node') })]);
  return {
    home,
    cluster: hadoopFacts(root, archive, size),
    clusterIn: (run, _runId, events) => hadoopCluster({ configuration, commands, env, events, workDirectory: join(run, '_clients') }),
  };
}
