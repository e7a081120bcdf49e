/** The cluster of a run on AWS: a given one, or one of its own. */
import type { EMRClient } from '@aws-sdk/client-emr';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import type { ChosenCluster } from '../prepare-run/prepare-run.ts';
import { givenCluster } from './given-cluster.ts';
import { ownCluster } from './own-cluster.ts';
import type { ClusterSettings } from './settings.ts';

/** It. @throws RefusedError where it cannot serve the request */
export async function chosenCluster(settings: ClusterSettings, client: Pick<EMRClient, 'send'>, request: RunRequest, runId: string): Promise<ChosenCluster> {
  const { cluster } = request;
  return cluster.use === 'given' ? givenCluster(client, request, cluster.id, settings) : ownCluster(request, cluster, settings, runId);
}
