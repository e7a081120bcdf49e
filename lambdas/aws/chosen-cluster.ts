/** The cluster of a run on AWS: a given one, or one of its own. */
import type { EMRClient } from '@aws-sdk/client-emr';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import type { ChosenCluster } from '../prepare-run/prepare-run.ts';
import { RefusedError } from '../run/refused-error.ts';
import { givenCluster } from './given-cluster.ts';
import { ownCluster } from './own-cluster.ts';
import type { ClusterSettings } from './settings.ts';

/** It. @throws RefusedError where it cannot serve the request */
export async function chosenCluster(settings: ClusterSettings, client: Pick<EMRClient, 'send'>, request: RunRequest, runId: string): Promise<ChosenCluster> {
  const { cluster } = request;
  const unable = notYetPlanned(request);
  if (unable.length > 0) throw new RefusedError(unable);
  return cluster.use === 'given' ? givenCluster(client, request, cluster.id, settings) : ownCluster(request, cluster, settings, runId);
}

/** Parameters that only some clusters have can't be told to Step Functions: each JSONPath must exist. */
function notYetPlanned({ cluster }: RunRequest): readonly string[] {
  if (cluster.use === 'given') return [];
  const members = [...(cluster.kerberos === null ? [] : ['kerberos']), ...(cluster.customAmi === undefined ? [] : ['customAmi'])];
  return members.map((name) => `cluster.${name}: the machine creates no such cluster by itself; create it beforehand and give its id (cluster.use given)`);
}
