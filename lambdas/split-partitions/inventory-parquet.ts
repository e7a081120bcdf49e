/**
 * Keys of an inventory in Parquet. Where its row groups follow one another in the order of keys and are many, their least keys say all, and only
 * footers are read; else pages of keys are, from row groups at even distances.
 */
import { compareKeys } from '../../emr-steps/keyspace/byte-order.ts';
import { type Inventory, type InventoryFile, spread } from './inventory-manifest.ts';
import { type KeyChunk, readFooter } from './parquet-footer.ts';
import { readFirstKeys } from './parquet-pages.ts';
import { type KeysInPlaces, MOST_SAMPLE_BYTES, type PointSource, SplitPointsError } from './point-source.ts';
import { ReadAllowance } from './read-allowance.ts';

const AT_ONCE = 16;
/** Files of which the footer is read; the other files are taken to be like them. */
const MOST_FILES = 256;
/** Row groups that are enough by their least keys alone. */
const MANY_GROUPS = 1_000;
/** Row groups of which pages are read, where the bytes allow. */
const MOST_GROUPS = 512;
/** Keys that are kept; of each row group as many as its share of the rows. */
const MOST_KEYS = 200_000;

/** The keys, whole. @throws SplitPointsError */
export async function parquetKeys({ location, files }: Inventory, places: PointSource): Promise<KeysInPlaces> {
  const allowance = new ReadAllowance(MOST_SAMPLE_BYTES);
  const whole = files.filter(({ size }) => size > 0);
  const { chunks, bytes } = await footersOf(spread(whole, MOST_FILES), places, allowance);
  const rows = chunks.reduce((sum, chunk) => sum + chunk.rows, 0);
  if (rows === 0 && whole.length > 0) throw new SplitPointsError(`${location} is an inventory of which no row could be read`);
  const all = whole.reduce((sum, { size }) => sum + size, 0);
  const keys = leastKeys(chunks) ?? (await sampledKeys(chunks, places, allowance));
  return { keys, total: bytes === 0 ? 0 : (rows * all) / bytes };
}

interface Footers {
  readonly chunks: readonly KeyChunk[];
  /** Of the files that were read. */
  readonly bytes: number;
}

async function footersOf(files: readonly InventoryFile[], places: PointSource, allowance: ReadAllowance): Promise<Footers> {
  const read = await inTurn(files, async (file) => ({ file, chunks: await readFooter(file, places, allowance) }));
  const found = read.flatMap(({ file, chunks }) => (chunks === null ? [] : [{ file, chunks }]));
  return { chunks: found.flatMap(({ chunks }) => chunks), bytes: found.reduce((sum, { file }) => sum + file.size, 0) };
}

/** The least key of each row group, where none begins before the one before it in its file ends; null: they do not say enough. */
function leastKeys(chunks: readonly KeyChunk[]): readonly string[] | null {
  if (chunks.length < MANY_GROUPS) return null;
  const isInOrder = chunks.every(({ file, bounds }, at) => {
    const before = chunks[at - 1];
    if (bounds === null) return false;
    return before?.file !== file || (before.bounds !== null && compareKeys(before.bounds[1], bounds[0]) <= 0);
  });
  return isInOrder ? chunks.flatMap(({ bounds }) => bounds?.[0] ?? []) : null;
}

/** The row groups' first pages. Whatever may still be read when the bytes come to an end was at even distances over all. */
async function sampledKeys(chunks: readonly KeyChunk[], places: PointSource, allowance: ReadAllowance): Promise<readonly string[]> {
  const chosen = spread(chunks, MOST_GROUPS);
  const share = Math.floor(MOST_SAMPLE_BYTES / 2 / Math.max(1, chosen.length));
  const rows = chosen.reduce((sum, chunk) => sum + chunk.rows, 0);
  const found = await inTurn(scattered(chosen), async (chunk) => {
    const most = Math.max(1, Math.round((MOST_KEYS * chunk.rows) / rows));
    return spread(await readFirstKeys(chunk, share, places, allowance), most);
  });
  return found.flat();
}

/** The same items in an order of which every beginning is spread over all. */
function scattered<T>(items: readonly T[]): readonly T[] {
  const bits = Math.ceil(Math.log2(Math.max(2, items.length)));
  const mirrored = (at: number): number => Number.parseInt([...at.toString(2).padStart(bits, '0')].reverse().join(''), 2);
  return Array.from({ length: 2 ** bits }, (_, at) => items[mirrored(at)]).filter((item) => item !== undefined);
}

async function inTurn<T, U>(items: readonly T[], work: (item: T) => Promise<U>): Promise<readonly U[]> {
  const done: U[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) done.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(work))));
  return done;
}
