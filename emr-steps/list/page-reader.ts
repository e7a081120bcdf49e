/** What a page means for the range it was asked for: which rows are written, how far it reached, and whether its order can be trusted. */
import { compareKeys } from '../keyspace/byte-order.ts';
import { boundBehindPrefix } from '../keyspace/successor.ts';
import { listedText } from '../s3/list-objects-v2.ts';
import { ENTRY_STRIDE, type ScannedListing } from '../s3/listing-scanner.ts';
import { ListingOrderError } from './listing-order-error.ts';
import type { PageRequest, PageResult } from './range-plan.ts';
import type { RowWriter } from './row-writer.ts';

/** Rows of a page at even distances whose neighbours the alphabet learns from, beside those where folders part. */
const SAMPLES = 4;

/** The whole key of an entry. */
export function keyOf(page: ScannedListing, entry: number): string {
  return listedText(page, page.fields[entry * ENTRY_STRIDE] as number, page.fields[entry * ENTRY_STRIDE + 1] as number);
}

function commonPrefixesOf(page: ScannedListing): readonly string[] {
  const { commonPrefixes: ends } = page;
  return Array.from({ length: ends.length / 2 }, (_, at) => listedText(page, ends[2 * at] as number, ends[2 * at + 1] as number));
}

/** Number of entries up to and including `end`; binary search, since keys rise. */
function countUpTo(page: ScannedListing, end: string): number {
  let [low, high] = [0, page.count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareKeys(keyOf(page, middle), end) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function neighboursOf(page: ScannedListing, partings: readonly number[], kept: number): PageResult['neighbours'] {
  const last = Math.min(kept, page.count) - 1;
  if (last < 1 || page.commonPrefixes.length > 0) return [];
  const rows = new Set(partings);
  for (let sample = 0; sample < SAMPLES; sample += 1) rows.add(Math.floor((sample * last) / SAMPLES));
  return Array.from(rows, (row) => [keyOf(page, row), keyOf(page, row + 1)] as const);
}

/** Reads pages of one bucket. */
export class PageReader {
  readonly #bucket: string;
  readonly #rows: RowWriter;

  constructor(bucket: string, rows: RowWriter) {
    this.#bucket = bucket;
    this.#rows = rows;
  }

  /**
   * Writes the rows that lie in the request's range, as its end stands now.
   *
   * @throws ListingOrderError where the page is not behind what was asked for, or not in order
   */
  read(page: ScannedListing, request: PageRequest): PageResult {
    const { end } = request.range;
    const first = page.count > 0 ? keyOf(page, 0) : null;
    const lastKey = page.count > 0 ? keyOf(page, page.count - 1) : null;
    const { cursor } = request.range;
    if (first !== null && cursor !== null && compareKeys(first, cursor) <= 0) throw new ListingOrderError(this.#bucket, cursor, first);
    const kept = end !== null && lastKey !== null && compareKeys(lastKey, end) > 0 ? countUpTo(page, end) : page.count;
    this.#rows.write(page, kept);
    const last = commonPrefixesOf(page).map(boundBehindPrefix).reduce<string | null>(later, lastKey);
    return { kept, truncated: page.isTruncated, first, last, token: page.nextToken, neighbours: neighboursOf(page, this.#rows.partings.rows, kept) };
  }
}

function later(a: string | null, b: string): string {
  return a === null || compareKeys(a, b) < 0 ? b : a;
}
