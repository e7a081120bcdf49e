/** How many tasks of ours a cluster runs at the same time, from what a request asks for. */
import type { ClusterFacts } from '../../workflows/plan/run-facts.ts';
import { plannedCopyMode } from '../../workflows/request/access.ts';
import type { OwnCluster } from '../../workflows/request/cluster.ts';
import { defaultFleets } from '../../workflows/request/default-instances.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import { slotsOf, TASK_MEGABYTES } from './instance-size.ts';

/** Rows that are worth a task, which takes ten seconds to begin: 200,000 objects to copy, or 2,000,000 to read. */
const BYTES_PER_TASK = { request: 20 * 1024 * 1024, read: 200 * 1024 * 1024 } as const;

/** Requests under way at once for each place of a task: what one process keeps busy at 50 ms. */
const REQUESTS_PER_SLOT = 64;

/** Tasks of a step for each place: more even out unequal tasks. */
const WAVES = 4;

/** The part of the facts that follows from the size. */
export function sizeFacts(slots: number): Pick<ClusterFacts, 'kind' | 'slots' | 'waves' | 'requestsAtOnce' | 'bytesPerTask'> {
  return { kind: 'hadoop', slots, waves: WAVES, requestsAtOnce: slots * REQUESTS_PER_SLOT, bytesPerTask: BYTES_PER_TASK };
}

/** Memory of the largest task of a request, in MiB. */
export function taskMegabytes(request: RunRequest): number {
  return TASK_MEGABYTES + (plannedCopyMode(request) === 'server-side' ? 0 : request.work.memoryMegabytes);
}

/** Places for tasks on a cluster of the run's own, at its largest. */
export function ownSlots(cluster: OwnCluster, megabytes: number): number {
  const size = cluster.groups === undefined ? fleetSlots(cluster, megabytes) : groupSlots(cluster.groups, megabytes);
  return Math.max(1, Math.floor(size.slots * growth(cluster, size)));
}

/** Places, and what managed scaling counts them in. */
interface Size {
  readonly slots: number;
  readonly units: number;
}

/** A fleet is as large as its first type makes it: the others count for as much by their weights. */
function fleetSlots({ architecture, fleets = defaultFleets(architecture) }: OwnCluster, megabytes: number): Size {
  const { core, task } = fleets;
  const sized = [{ types: core.types, units: core.onDemand }, ...(task === null ? [] : [{ types: task.types, units: task.onDemand + task.spot }])].map(
    ({ types, units }) => ({ units, type: types[0]?.type ?? '', count: Math.ceil(units / (types[0]?.weight ?? 1)) }),
  );
  return {
    slots: sized.reduce((sum, { type, count }) => sum + count * slotsOf(type, megabytes), 0),
    units: sized.reduce((sum, { units }) => sum + units, 0),
  };
}

function groupSlots({ core, task }: NonNullable<OwnCluster['groups']>, megabytes: number): Size {
  const all = [core, ...task];
  return {
    slots: all.reduce((sum, { type, count }) => sum + count * slotsOf(type, megabytes), 0),
    units: all.reduce((sum, { count }) => sum + count, 0),
  };
}

/** By how much managed scaling may grow it. */
function growth({ managedScaling }: OwnCluster, { units }: Size): number {
  if (managedScaling === null || managedScaling.unit === 'vcpus' || units === 0) return 1;
  return Math.max(1, managedScaling.maximum / units);
}
