/** Split points from an older listing or an S3 Inventory: a bounded sample of keys, read in places. What is listed is still S3's own. */
import { compareKeys } from '../../emr-steps/keyspace/byte-order.ts';
import type { RunFacts } from '../../workflows/plan/run-facts.ts';
import { inventoryKeys } from './inventory-keys.ts';
import { listedKeys } from './listed-keys.ts';
import { partitionsFor } from './partition-count.ts';
import type { PointSource } from './point-source.ts';

/** Rising bounds, relative to the source's prefix. @throws SplitPointsError, S3Error */
export async function pointsOf({ request: { partitions, source }, cluster }: RunFacts, places: PointSource): Promise<readonly string[]> {
  if (partitions.from !== 'inventory' && partitions.from !== 'listing') return [];
  const found =
    partitions.from === 'inventory' ? await inventoryKeys(partitions.manifest, source.bucket, places) : await listedKeys(partitions.location, places);
  const keys =
    partitions.from === 'inventory' ? found.keys.flatMap((key) => (key.startsWith(source.prefix) ? [key.slice(source.prefix.length)] : [])) : found.keys;
  return quantiles(keys, partitions.count ?? partitionsFor(found.total, cluster.slots));
}

/** Keys that cut the sample into parts of the same number of keys. */
export function quantiles(keys: readonly string[], parts: number): readonly string[] {
  const sorted = [...new Set(keys)].filter((key) => key !== '').toSorted(compareKeys);
  const bounds = Array.from({ length: parts - 1 }, (_, at) => sorted[Math.floor(((at + 1) * sorted.length) / parts) - 1]);
  return [...new Set(bounds.filter((bound) => bound !== undefined))].filter((bound) => bound !== sorted.at(-1));
}
