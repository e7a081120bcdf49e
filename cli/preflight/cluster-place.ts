/** Where the steps of a run work: on this machine, or on a Hadoop that this machine is a client of. */
import type { Transport } from '../../emr-steps/s3/transport.ts';
import type { LocalOrder } from '../../infra/local/engine/run-request.ts';
import { runCluster } from '../commands/run-cluster.ts';
import type { Host } from '../host.ts';
import { type ClusterChoice, hadoopBase, hadoopProblem } from './cluster-choice.ts';
import { machineFacts } from './machine-facts.ts';

/** What of an order the cluster decides. */
export type ClusterPlace = Pick<LocalOrder, 'cluster' | 'clusterIn'> & Partial<Pick<LocalOrder, 'home'>>;

/** Finds it. @throws PreflightError, NotBuiltError */
export async function clusterPlace(choice: ClusterChoice, host: Host, transport: Transport): Promise<ClusterPlace> {
  const facts = machineFacts(host.root);
  const base = hadoopBase(choice);
  if (base === null) return { cluster: facts, clusterIn: (folder, _runId, events) => runCluster(folder, host, events) };
  const { hadoopPlace } = await import('../../infra/hadoop/hadoop-place.ts');
  return await hadoopPlace({ env: host.env, root: host.root, base, transport }).catch((error: unknown) => Promise.reject(hadoopProblem(error)));
}

/** What of a request cannot be done there, a sentence each; it is told with everything else that is wrong. */
export function clusterProblems({ cluster }: ClusterChoice, request: unknown): readonly string[] {
  const { engine } = (request as { readonly diff?: { readonly engine?: unknown } } | null)?.diff ?? {};
  if (cluster !== 'hadoop' || engine !== 'athena') return [];
  return ['diff.engine (athena) compares on AWS, or by DuckDB on this machine; on a Hadoop ask for hive'];
}
