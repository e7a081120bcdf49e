/** The cluster of a run on AWS: one of its own, as the stack describes it, named by the run. */
import type { ChosenCluster } from '../prepare-run/prepare-run.ts';
import type { ClusterSettings } from './settings.ts';

/** It. */
export function chosenCluster({ facts, parameters }: ClusterSettings, runId: string): ChosenCluster {
  const Tags = [...parameters.Tags, { Key: 'carillon:run', Value: runId }];
  return {
    createCluster: true,
    terminateCluster: true,
    listTogether: parameters.StepConcurrencyLevel > 1,
    cluster: { id: '', name: runId, parameters: { ...parameters, Name: runId, Tags } },
    facts,
  };
}
