/** Keys of an inventory in CSV. Its files are gzip, which can be read from their beginnings only: of each a share of the bytes that may be read. */
import { constants, gunzipSync } from 'node:zlib';
import { type Inventory, spread } from './inventory-manifest.ts';
import { type KeysInPlaces, MOST_SAMPLE_BYTES, type PointSource, SplitPointsError } from './point-source.ts';

const AT_ONCE = 16;
const LEAST_SHARE = 64 * 1024;

/** The keys, whole. @throws SplitPointsError */
export async function csvKeys({ location: manifest, schema, files }: Inventory, places: PointSource): Promise<KeysInPlaces> {
  const column = schema.split(',').findIndex((name) => name.trim() === 'Key');
  if (column < 0) throw new SplitPointsError(`${manifest} is an inventory without a column Key (${schema})`);
  const share = Math.max(LEAST_SHARE, Math.floor(MOST_SAMPLE_BYTES / Math.max(1, files.length)));
  const chosen = spread(files, Math.floor(MOST_SAMPLE_BYTES / share));
  const keys: string[] = [];
  let read = 0;
  for (let at = 0; at < chosen.length; at += AT_ONCE) {
    const parts = chosen.slice(at, at + AT_ONCE).map(async ({ location, size }) => {
      const bytes = await places.readRange(location, 0, Math.min(size, share));
      read += bytes.length;
      return rowsIn(bytes, bytes.length < size).map((row) => keyIn(row, column));
    });
    for (const found of await Promise.all(parts)) for (const key of found) keys.push(key);
  }
  const all = files.reduce((sum, { size }) => sum + size, 0);
  return { keys, total: read === 0 ? 0 : (keys.length * all) / read };
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
