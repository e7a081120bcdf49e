/** How many tasks a step gets, and how much memory each. */
import type { RowWork, RunFacts } from './run-facts.ts';

/** Heap of Hadoop's own JVM in a container, in MiB. */
const JVM_HEAP = 512;
/** What the JVM takes beside its heap. */
const JVM_OVERHEAD = 256;
/** Node's heap limit: every program works with flat memory well below it. */
const NODE_HEAP = 512;
/** What Node takes beside its heap: buffers of the requests under way. */
const NODE_OVERHEAD = 256;

/** Most requests under way at once in one task; a process cannot keep more busy. */
const MOST_CONCURRENCY = 256;

/** Mappers of a step that reads rows: as the request says, else by the size of its input, at most as many as the cluster has places for. */
export function mappersOf({ request, cluster }: RunFacts, rowBytes: number | null, work: RowWork): number {
  return request.work.mappers ?? tasksBySize(rowBytes, cluster.bytesPerTask[work], cluster.slots * cluster.waves);
}

/** Reducers of a step: one wave, since each writes a part file of its own. Of complete's rows only those of uploads cost a request. */
export function reducersOf({ request, cluster }: RunFacts, rowBytes: number | null): number {
  return request.work.reducers ?? tasksBySize(rowBytes, cluster.bytesPerTask.read, cluster.slots);
}

function tasksBySize(bytes: number | null, bytesPerTask: number, most: number): number {
  return bytes === null ? most : Math.min(most, Math.max(1, Math.ceil(bytes / bytesPerTask)));
}

/** Lines of the partition file that one list mapper gets. */
export function linesPerMap({ partitions, cluster }: RunFacts): number {
  return Math.max(1, Math.ceil(partitions / (cluster.slots * cluster.waves)));
}

/** Requests under way at once in one task: a share of the cluster's, half as many in each further round, since what failed may have been too fast. */
export function concurrencyOf({ request, cluster }: RunFacts, tasks: number, round: number): number {
  const share = Math.min(MOST_CONCURRENCY, Math.floor(cluster.requestsAtOnce / Math.min(tasks, cluster.slots)));
  return Math.max(1, (request.work.concurrency ?? share) >> (round - 1));
}

/**
 * Memory of a kind of task: the container holds the JVM and Node beside it, and YARN kills what outgrows it.
 *
 * @param kind - which tasks of the job run a program of ours
 * @param bufferMegabytes - bytes in flight beyond those of requests, when streaming
 */
export function memoryProperties(kind: 'map' | 'reduce', bufferMegabytes = 0): Readonly<Record<string, string | number>> {
  return {
    [`mapreduce.${kind}.memory.mb`]: JVM_HEAP + JVM_OVERHEAD + NODE_HEAP + NODE_OVERHEAD + bufferMegabytes,
    [`mapreduce.${kind}.java.opts`]: `-Xmx${JVM_HEAP}m`,
  };
}

/** The environment that holds Node to its share of the container. */
export const NODE_ENVIRONMENT = { NODE_OPTIONS: `--max-old-space-size=${NODE_HEAP}` } as const;
