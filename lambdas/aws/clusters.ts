/** Clusters of EMR: found by name, terminated, their steps cancelled and timed. */
import {
  CancelStepsCommand,
  type ClusterState,
  type EMRClient,
  ListClustersCommand,
  ListStepsCommand,
  type StepSummary,
  TerminateJobFlowsCommand,
} from '@aws-sdk/client-emr';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import { findRunRecord } from '../run/run-record.ts';
import type { Clusters } from '../stop-cluster/stop-cluster.ts';

type Client = Pick<EMRClient, 'send'>;

/** A cluster that terminates may still write. */
const NOT_GONE: ClusterState[] = ['STARTING', 'BOOTSTRAPPING', 'RUNNING', 'WAITING', 'TERMINATING'];

/** Ids that one TerminateJobFlows takes. */
const IDS_AT_ONCE = 10;

/** Milliseconds by which clocks may differ. */
const CLOCKS = 5 * 60_000;

/** They. `ListClusters` has no filter by tag or name. */
export function emrClusters(client: Client): Clusters {
  return {
    find: (name, since) => clustersNamed(client, name, since, NOT_GONE),
    terminate: async (ids) => {
      for (let at = 0; at < ids.length; at += IDS_AT_ONCE) await client.send(new TerminateJobFlowsCommand({ JobFlowIds: ids.slice(at, at + IDS_AT_ONCE) }));
    },
    cancelSteps: async (clusterId, runId) => {
      const steps = await stepsOf(client, clusterId, ['PENDING', 'RUNNING']);
      // The tag of its jobs names the run.
      const ids = steps.filter(({ Config }) => Config?.Args?.some((arg) => arg.includes(runId))).flatMap(({ Id }) => Id ?? []);
      if (ids.length > 0) await client.send(new CancelStepsCommand({ ClusterId: clusterId, StepIds: ids, StepCancellationOption: 'TERMINATE_PROCESS' }));
      return ids.length;
    },
  };
}

/** Seconds of a run's steps by name, in the order in which they began, as EMR tells them. */
export function stepSeconds(client: Client): (directory: RunDirectory) => Promise<Readonly<Record<string, number>>> {
  return async (directory) => {
    const record = await findRunRecord(directory);
    if (record === null) return {};
    const { givenCluster, facts, startedAt } = record;
    const clusters = givenCluster === null ? await clustersNamed(client, facts.runId, new Date(startedAt)) : [givenCluster];
    const steps = (await Promise.all(clusters.map((id) => stepsOf(client, id)))).flat();
    const own = steps.filter(({ Config }) => Config?.Args?.some((arg) => arg.includes(facts.runId)));
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

async function clustersNamed(client: Client, name: string, since: Date, states?: ClusterState[]): Promise<readonly string[]> {
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

async function stepsOf(client: Client, ClusterId: string, StepStates?: ('PENDING' | 'RUNNING')[]): Promise<readonly StepSummary[]> {
  const steps: StepSummary[] = [];
  let Marker: string | undefined;
  do {
    const page: { Steps?: StepSummary[] | undefined; Marker?: string | undefined } = await client.send(new ListStepsCommand({ ClusterId, StepStates, Marker }));
    steps.push(...(page.Steps ?? []));
    Marker = page.Marker;
  } while (Marker !== undefined);
  return steps;
}
