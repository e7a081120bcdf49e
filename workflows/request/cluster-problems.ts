/** What members of a cluster allow alone but not together. */
import type { OwnCluster } from './cluster.ts';
import { architectureOf, namedTypes } from './default-instances.ts';
import type { Problem } from './problem.ts';

/** Minutes without a step that an Athena diff may take: its time-out of an hour and a half, and half an hour. */
const ATHENA_IDLE_MINUTES = 120;

/** They. @param comparesByAthena - the cluster then idles while Athena works */
export function clusterProblems(cluster: OwnCluster, comparesByAthena: boolean): readonly Problem[] {
  const problem = (message: string, ...path: string[]): Problem => ({ path: ['cluster', ...path], message });
  const { fleets, groups, subnetIds, kerberos, securityConfiguration, idleMinutes } = cluster;
  const found: Problem[] = [];
  if (fleets !== undefined && groups !== undefined) found.push(problem('do not go together with fleets; leave one of them out', 'groups'));
  if (groups !== undefined && subnetIds.length > 1) found.push(problem('are more than the one subnet that groups take; name one, or use fleets', 'subnetIds'));
  if (kerberos !== null && securityConfiguration === undefined) found.push(problem('needs a securityConfiguration that describes the realm', 'kerberos'));
  if (comparesByAthena && idleMinutes < ATHENA_IDLE_MINUTES)
    found.push(problem(`(${idleMinutes}) would end the cluster while Athena compares; at least ${ATHENA_IDLE_MINUTES} are needed`, 'idleMinutes'));
  return [...found, ...fleetProblems(cluster), ...scalingProblems(cluster), ...diskProblems(cluster), ...architectureProblems(cluster)];
}

function fleetProblems({ fleets }: OwnCluster): readonly Problem[] {
  const task = fleets?.task;
  if (task == null || task.onDemand + task.spot > 0) return [];
  return [{ path: ['cluster', 'fleets', 'task'], message: 'has no unit; give onDemand or spot, or leave the fleet out' }];
}

function scalingProblems({ fleets, groups, managedScaling }: OwnCluster): readonly Problem[] {
  if (managedScaling === null) return [];
  const { unit, minimum, maximum, maximumOnDemand, maximumCore } = managedScaling;
  const path = (member: string) => ['cluster', 'managedScaling', member];
  const found: Problem[] = [];
  const hasFleets = fleets !== undefined || groups === undefined;
  if (hasFleets && unit !== undefined && unit !== 'fleet-units')
    found.push({ path: path('unit'), message: `(${unit}) is of groups; fleets are counted in fleet-units` });
  if (!hasFleets && unit === 'fleet-units') found.push({ path: path('unit'), message: '(fleet-units) is of fleets; groups are counted in instances or vcpus' });
  if (maximum < minimum) found.push({ path: path('maximum'), message: `(${maximum}) is less than the minimum of ${minimum}` });
  for (const [member, value] of Object.entries({ maximumOnDemand, maximumCore }))
    if (value !== undefined && value > maximum) found.push({ path: path(member), message: `(${value}) is more than the maximum of ${maximum}` });
  return found;
}

function diskProblems({ disks }: OwnCluster): readonly Problem[] {
  const { type, iops, throughput } = disks;
  const path = (member: string) => ['cluster', 'disks', member];
  const found: Problem[] = [];
  if (iops !== undefined && type !== 'gp3' && type !== 'io2') found.push({ path: path('iops'), message: `does not go with ${type}; it is of gp3 and io2` });
  if (iops !== undefined && type === 'gp3' && (iops < 3000 || iops > 16_000))
    found.push({ path: path('iops'), message: `(${iops}) is not what gp3 takes, 3000 to 16000` });
  if (iops === undefined && type === 'io2') found.push({ path: path('iops'), message: 'is missing; io2 needs it' });
  if (throughput !== undefined && type !== 'gp3') found.push({ path: path('throughput'), message: `does not go with ${type}; it is of gp3` });
  return found;
}

function architectureProblems(cluster: OwnCluster): readonly Problem[] {
  if (cluster.customAmi === undefined) return [];
  return namedTypes(cluster)
    .filter(({ type }) => architectureOf(type) !== cluster.architecture)
    .map(({ path, type }) => ({
      path: ['cluster', ...path],
      message: `(${type}) is ${architectureOf(type)}, but the custom AMI is said to be ${cluster.architecture}; one image starts on one architecture`,
    }));
}
