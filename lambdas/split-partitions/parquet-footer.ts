/** The footer of a file in Parquet: where the column of keys lies, row group by row group, and what it says of them. */
import { type FileMetaData, parquetMetadata } from 'hyparquet';
import type { InventoryFile } from './inventory-manifest.ts';
import { type PointSource, SplitPointsError } from './point-source.ts';
import type { ReadAllowance } from './read-allowance.ts';

const TAIL = 32 * 1024;
const LONGEST_FOOTER = 4 * 1024 * 1024;
/** The length of the footer, then PAR1. */
const TRAILER = 8;
/** The name that S3 Inventory gives the column. */
const COLUMN = 'key';

/** The keys of one row group. */
export interface KeyChunk {
  readonly file: InventoryFile;
  readonly metadata: FileMetaData;
  /** Index of the row group, and of the column in it. */
  readonly group: number;
  readonly column: number;
  readonly rows: number;
  /** Least and greatest key; null: the file does not say. */
  readonly bounds: readonly [string, string] | null;
}

/** The row groups of a file; null where so much may not be read. @throws SplitPointsError */
export async function readFooter(file: InventoryFile, places: PointSource, allowance: ReadAllowance): Promise<readonly KeyChunk[] | null> {
  const tail = Math.min(TAIL, file.size);
  if (!allowance.take(tail)) return null;
  const end = await places.readRange(file.location, file.size - tail, file.size);
  const length = footerLength(file, end);
  if (length <= end.length) return chunksOf(file, end);
  if (!allowance.take(length)) return null;
  return chunksOf(file, await places.readRange(file.location, file.size - length, file.size));
}

/** With its trailer. */
function footerLength(file: InventoryFile, end: Uint8Array): number {
  if (end.length < TRAILER || Buffer.from(end.subarray(-4)).toString('latin1') !== 'PAR1') throw unreadable(file, 'it does not end as Parquet does');
  const length = new DataView(end.buffer, end.byteOffset, end.length).getUint32(end.length - TRAILER, true) + TRAILER;
  const most = Math.min(LONGEST_FOOTER, file.size);
  if (length > most) throw unreadable(file, `its footer has ${length} bytes; at most ${most} are read`);
  return length;
}

function chunksOf(file: InventoryFile, footer: Uint8Array): readonly KeyChunk[] {
  const metadata = decoding(file, () => parquetMetadata(Uint8Array.from(footer)));
  return metadata.row_groups.map((rowGroup, group) => {
    const column = rowGroup.columns.findIndex(({ meta_data }) => meta_data?.path_in_schema.join('.').toLowerCase() === COLUMN);
    if (column < 0) throw unreadable(file, `it has no column ${COLUMN}`);
    const { min_value: least, max_value: greatest } = rowGroup.columns[column]?.meta_data?.statistics ?? {};
    return { file, metadata, group, column, rows: Number(rowGroup.num_rows), bounds: isKey(least) && isKey(greatest) ? [least, greatest] : null };
  });
}

/** Statistics may be cut short in the middle of a character, which decodes to U+FFFD. */
function isKey(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !value.includes('\ufffd');
}

/** What `decode` gives. @throws SplitPointsError for whatever it throws */
export function decoding<T>(file: InventoryFile, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    throw unreadable(file, error instanceof Error ? error.message : String(error));
  }
}

/** The error. */
export function unreadable({ location }: InventoryFile, reason: string): SplitPointsError {
  return new SplitPointsError(`${location} cannot be read as Parquet: ${reason}`);
}
