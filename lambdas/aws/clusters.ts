/** Clusters of EMR: found by name, terminated; how long their steps took. */
import { type ClusterState, DescribeClusterCommand, ListClustersCommand, type StepSummary, TerminateJobFlowsCommand } from '@aws-sdk/client-emr';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import { findRunRecord } from '../run/run-record.ts';
import type { Clusters } from '../stop-cluster/stop-cluster.ts';
import { CLOCKS, type EmrAsker, isOfRun, stepsOf } from './run-steps.ts';
import { stepStopper } from './stop-steps.ts';

/** A cluster that terminates may still write. */
const NOT_GONE: ClusterState[] = ['STARTING', 'BOOTSTRAPPING', 'RUNNING', 'WAITING', 'TERMINATING'];

/** Ids that one TerminateJobFlows takes. */
const IDS_AT_ONCE = 10;

/** They. `ListClusters` has no filter by tag or name. */
export function emrClusters(client: EmrAsker, now: () => Date = () => new Date()): Clusters {
  return {
    find: async (name, since) => {
      const ids = await clustersNamed(client, name, since, NOT_GONE);
      const runs = await Promise.all(ids.map(async (id) => [id, await runOf(client, id)] as const));
      return runs.flatMap(([id, run]) => (run === null || run === name ? [id] : []));
    },
    terminate: async (ids) => {
      for (let at = 0; at < ids.length; at += IDS_AT_ONCE) await client.send(new TerminateJobFlowsCommand({ JobFlowIds: ids.slice(at, at + IDS_AT_ONCE) }));
    },
    stopSteps: stepStopper(client, now),
  };
}

/** Tag of the clusters that runs create: the run. */
const RUN_TAG = 'carillon:run';

/** The run that a cluster says it is of; null: it says none, and its name counts. */
async function runOf(client: EmrAsker, ClusterId: string): Promise<string | null> {
  const { Cluster } = await client.send(new DescribeClusterCommand({ ClusterId }));
  return Cluster?.Tags?.find(({ Key }) => Key === RUN_TAG)?.Value ?? null;
}

/** Seconds of a run's steps by name, in the order in which they began, as EMR tells them. */
export function stepSeconds(client: EmrAsker): (directory: RunDirectory) => Promise<Readonly<Record<string, number>>> {
  return async (directory) => {
    const record = await findRunRecord(directory);
    if (record === null) return {};
    const { givenCluster, facts, startedAt } = record;
    const clusters = givenCluster === null ? await clustersNamed(client, facts.runId, new Date(startedAt)) : [givenCluster];
    const steps = (await Promise.all(clusters.map((id) => stepsOf(client, id, new Date(Date.parse(startedAt) - CLOCKS))))).flat();
    const own = steps.filter((step) => isOfRun(step, facts.runId));
    return Object.fromEntries(
      own
        .flatMap(timed)
        .toSorted(([, a], [, b]) => a.from - b.from)
        .map(([name, { seconds }]) => [name, seconds]),
    );
  };
}

function timed({ Name, Status }: StepSummary): readonly (readonly [string, { readonly from: number; readonly seconds: number }])[] {
  const { StartDateTime: from, EndDateTime: until } = Status?.Timeline ?? {};
  return Name === undefined || from === undefined || until === undefined
    ? []
    : [[Name, { from: from.getTime(), seconds: (until.getTime() - from.getTime()) / 1000 }]];
}

async function clustersNamed(client: EmrAsker, name: string, since: Date, states?: ClusterState[]): Promise<readonly string[]> {
  const ids: string[] = [];
  let Marker: string | undefined;
  do {
    const CreatedAfter = new Date(since.getTime() - CLOCKS);
    const page: { Clusters?: { Id?: string | undefined; Name?: string | undefined }[] | undefined; Marker?: string | undefined } = await client.send(
      new ListClustersCommand({ CreatedAfter, ClusterStates: states, Marker }),
    );
    ids.push(...(page.Clusters ?? []).filter((cluster) => cluster.Name === name).flatMap(({ Id }) => Id ?? []));
    Marker = page.Marker;
  } while (Marker !== undefined);
  return ids;
}
