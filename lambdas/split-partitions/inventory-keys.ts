/** Keys of an S3 Inventory. Its CSV files are gzip, which can be read from their beginnings only: of each a share of the bytes that may be read. */
import { constants, gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { type KeysInPlaces, MOST_SAMPLE_BYTES, type PointSource, SplitPointsError } from './point-source.ts';

const AT_ONCE = 16;

const manifestSchema = z.object({
  sourceBucket: z.string(),
  destinationBucket: z.string(),
  fileFormat: z.string(),
  fileSchema: z.string(),
  files: z.array(z.object({ key: z.string(), size: z.number() })),
});

/** The keys, whole. @throws SplitPointsError */
export async function inventoryKeys(location: string, bucket: string, places: PointSource): Promise<KeysInPlaces> {
  const manifest = await readManifest(location, bucket, places);
  const columns = manifest.fileSchema.split(',').map((name) => name.trim());
  const column = columns.indexOf('Key');
  if (manifest.fileFormat !== 'CSV' || column < 0)
    throw new SplitPointsError(`${location} is an inventory in ${manifest.fileFormat} (${manifest.fileSchema}); one in CSV with a column Key can be read here`);
  const home = manifest.destinationBucket.replace(/^arn:[^:]*:s3:::/, '');
  const share = Math.max(64 * 1024, Math.floor(MOST_SAMPLE_BYTES / Math.max(1, manifest.files.length)));
  const chosen = spread(manifest.files, Math.floor(MOST_SAMPLE_BYTES / share));
  const keys: string[] = [];
  let [read, all] = [0, 0];
  for (const { size } of manifest.files) all += size;
  for (let at = 0; at < chosen.length; at += AT_ONCE) {
    const parts = chosen.slice(at, at + AT_ONCE).map(async ({ key, size }) => {
      const bytes = await places.readRange(`s3://${home}/${key}`, 0, Math.min(size, share));
      read += bytes.length;
      return rowsIn(bytes, bytes.length < size).map((row) => keyIn(row, column));
    });
    for (const found of await Promise.all(parts)) for (const key of found) keys.push(key);
  }
  return { keys, total: read === 0 ? 0 : (keys.length * all) / read };
}

async function readManifest(location: string, bucket: string, places: PointSource): Promise<z.output<typeof manifestSchema>> {
  const found = manifestSchema.safeParse(JSON.parse(Buffer.from(await places.read(location)).toString('utf8')));
  if (!found.success) throw new SplitPointsError(`${location} is no manifest of an S3 Inventory: ${z.prettifyError(found.error)}`);
  if (found.data.sourceBucket !== bucket) throw new SplitPointsError(`${location} is an inventory of ${found.data.sourceBucket}, the source is ${bucket}`);
  return found.data;
}

function spread<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, at) => items[Math.floor((at * items.length) / most)] as T);
}

/** The whole rows of a gzip that may be cut short. */
function rowsIn(bytes: Uint8Array, isCutOff: boolean): readonly string[] {
  const text = gunzipSync(bytes, isCutOff ? { finishFlush: constants.Z_SYNC_FLUSH } : {}).toString('utf8');
  const rows = text.split('\n');
  return (isCutOff ? rows.slice(0, -1) : rows).filter((row) => row.trim() !== '');
}

/** A column of a row of CSV; keys in it are percent-encoded, so that none holds a quote or a comma. */
function keyIn(row: string, column: number): string {
  const field = row.split(',')[column]?.trim().replace(/^"|"$/g, '') ?? '';
  try {
    return decodeURIComponent(field.replaceAll('+', ' '));
  } catch {
    return field;
  }
}
