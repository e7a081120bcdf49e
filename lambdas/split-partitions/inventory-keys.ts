/** Keys of an S3 Inventory in CSV or Parquet: a bounded sample. */
import { csvKeys } from './inventory-csv.ts';
import { readManifest } from './inventory-manifest.ts';
import { type KeysInPlaces, type PointSource, SplitPointsError } from './point-source.ts';

/** The keys, whole. @throws SplitPointsError */
export async function inventoryKeys(location: string, bucket: string, places: PointSource): Promise<KeysInPlaces> {
  const inventory = await readManifest(location, bucket, places);
  if (inventory.format === 'CSV') return await csvKeys(inventory, places);
  // Its reader is loaded where it is needed: most runs have no inventory.
  if (inventory.format === 'Parquet') return await (await import('./inventory-parquet.ts')).parquetKeys(inventory, places);
  throw new SplitPointsError(
    `${location} is an inventory in ${inventory.format}; one in CSV or Parquet can be read: order that, or leave partitions automatic`,
  );
}
