/** What a store counted: requests, and what was written to its sinks. Counts of several processes add up. */
import type { Buckets } from '../buckets.ts';
import type { AccessCounts, AccessLog, OperationCounts } from '../server/access-log.ts';
import { addSinkCounts, isSink, type SinkCounts } from '../virtual/virtual-sink.ts';

/** Counts of one store. Plain data. */
export interface StoreCounts extends AccessCounts {
  /** By bucket. */
  readonly sinks: Readonly<Record<string, SinkCounts>>;
}

/** The counts at this moment. */
export function storeCounts({ buckets }: { readonly buckets: Buckets }, accessLog: AccessLog): StoreCounts {
  const sinks: Record<string, SinkCounts> = {};
  for (const { settings, objects } of buckets.all()) if (isSink(objects)) sinks[settings.name] = objects.counts();
  return { ...accessLog.counts(), sinks };
}

function add(all: readonly OperationCounts[]): OperationCounts {
  const sum: Record<string, number> = {};
  for (const counts of all) for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

/** Adds up record by record: for each name that any has, `join` of all values of that name. */
function joined<T>(all: readonly Readonly<Record<string, T>>[], join: (values: readonly T[]) => T): Readonly<Record<string, T>> {
  const names = new Set(all.flatMap((record) => Object.keys(record)));
  return Object.fromEntries([...names].map((name) => [name, join(all.flatMap((record) => record[name] ?? []))]));
}

/** The counts of several processes as one. */
export function addStoreCounts(all: readonly StoreCounts[]): StoreCounts {
  return {
    requests: all.reduce((sum, { requests }) => sum + requests, 0),
    byOperation: add(all.map(({ byOperation }) => byOperation)),
    byError: add(all.map(({ byError }) => byError)),
    byBucket: joined(
      all.map(({ byBucket }) => byBucket),
      add,
    ),
    sinks: joined(
      all.map(({ sinks }) => sinks),
      addSinkCounts,
    ),
  };
}
