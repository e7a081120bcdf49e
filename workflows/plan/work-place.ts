/** Where the rows of a step lie: in the run's directory, or on the cluster where the request says so and nobody else ever reads them. */
import type { RunFacts } from './run-facts.ts';

/**
 * Results of the copy step: the largest rows between two steps, a line each part, read once by the step that follows. Tasks stay in the run's
 * directory, because the sweep of another run reads them; unsettled rows, because a resumed run begins its round with them.
 */
const ON_CLUSTER = /^rounds\/\d+\/results\//;

/** The URL or path of an output, by its name in the run's directory. */
export function workPlace({ request, cluster, runId, runDirectory }: RunFacts, output: string): string {
  const isOnCluster = request.workDirectory === 'hdfs' && cluster.kind === 'hadoop' && ON_CLUSTER.test(output);
  return isOnCluster ? `hdfs:///carillon/${runId}/${output}` : `${runDirectory}/${output}`;
}
