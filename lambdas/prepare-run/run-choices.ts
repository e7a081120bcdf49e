/** Which states of the machine a request passes. Pure. */
import type { RunChoices, RunPurpose } from '../../workflows/plan/run-state.ts';
import { diffs, writes } from '../../workflows/request/goal.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import type { ChosenCluster } from './prepare-run.ts';

/** The choices. @param partitioned - whether the ranges of the listings are there already */
export function choicesOf(request: RunRequest, { createCluster, terminateCluster, listTogether, cluster }: ChosenCluster, partitioned: boolean): RunChoices {
  const hasDiff = diffs(request);
  return {
    createCluster,
    terminateCluster,
    clusterForm: formOf(cluster.parameters),
    splitPartitions: !partitioned,
    listSource: request.verifiedRun === null,
    listDestination: hasDiff,
    listTogether: listTogether && hasDiff,
    diffEngine: hasDiff ? request.diff.engine : 'none',
    purpose: purposeOf(request, hasDiff),
    verify: request.verify && writes(request),
  };
}

function formOf({ CustomAmiId, KerberosAttributes }: ChosenCluster['cluster']['parameters']): RunChoices['clusterForm'] {
  if (CustomAmiId === undefined) return KerberosAttributes === undefined ? 'plain' : 'kerberos';
  return KerberosAttributes === undefined ? 'image' : 'image-and-kerberos';
}

function purposeOf({ goal, dryRun }: RunRequest, hasDiff: boolean): RunPurpose {
  if (goal === 'verify') return 'verify';
  if (goal === 'diff') return 'compare';
  if (!dryRun) return 'copy';
  return hasDiff ? 'compare' : 'count';
}
