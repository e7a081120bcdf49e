/**
 * The one SELECT that compares two listings. Hive, Athena and DuckDB run it as it is; each engine's file wraps it with how the engine
 * reads a listing and writes rows. Every row of the join has one verdict, so that nothing is inferred:
 *
 * | source | destination | verdict |
 * |---|---|---|
 * | key | none | `missing` |
 * | key | same key, another ETag or size | `different` |
 * | key | same key, same ETag and size | `unchanged` |
 * | none | key | `extra` (only in a full join) |
 * | null key | | `invalid`: the listing is damaged |
 *
 * `IS DISTINCT FROM`, because with `<>` a row whose ETag is null on one side is neither equal nor different and is lost.
 */
import { LISTING_COLUMNS, type ListingColumn } from './listing-columns.ts';

/** All verdicts. */
export const VERDICTS = ['missing', 'different', 'unchanged', 'extra', 'invalid'] as const;
/** One of {@link VERDICTS}. */
export type Verdict = (typeof VERDICTS)[number];

/** Verdicts whose rows are copied. */
export const TO_COPY: readonly Verdict[] = ['missing', 'different'];

/**
 * What makes an object different. `etag`: another ETag or size. `size`: another size only, for a destination that encrypts by KMS, where
 * every ETag is another one.
 */
export const COMPARISONS = ['etag', 'size'] as const;
/** One of {@link COMPARISONS}. */
export type Comparison = (typeof COMPARISONS)[number];

/** What is compared, and how. */
export interface DiffSelect {
  /** A table's name, or a relation in parentheses; its columns are {@link LISTING_COLUMNS}. */
  readonly source: string;
  readonly destination: string;
  /** Whether what is only at the destination comes out too, with its columns as `d_key`, `d_etag` …: a full join, a tenth slower. */
  readonly extras: boolean;
  readonly compare: Comparison;
}

/** The name of a destination's column in the SELECT. */
export function destinationColumn(column: ListingColumn): string {
  return `d_${column}`;
}

function differs(column: ListingColumn): string {
  return `s.${column} IS DISTINCT FROM d.${column}`;
}

/** The SELECT. */
export function diffSelect({ source, destination, extras, compare }: DiffSelect): string {
  const fromSource = LISTING_COLUMNS.map((column) => `s.${column} AS ${column}`);
  const fromDestination = extras ? LISTING_COLUMNS.map((column) => `d.${column} AS ${destinationColumn(column)}`) : [];
  const different = compare === 'etag' ? `${differs('etag')} OR ${differs('size')}` : differs('size');
  return `SELECT ${[...fromSource, ...fromDestination].join(', ')},
  CASE WHEN s.key IS NULL AND d.key IS NULL THEN 'invalid'
       WHEN d.key IS NULL THEN 'missing'
       WHEN s.key IS NULL THEN 'extra'
       WHEN ${different} THEN 'different'
       ELSE 'unchanged' END AS verdict
FROM ${source} s ${extras ? 'FULL OUTER' : 'LEFT OUTER'} JOIN ${destination} d ON s.key = d.key`;
}

/**
 * The columns of the one line of counts, in the order of DiffCounts: objects and bytes of each verdict, then the invalid rows. One line
 * always, without GROUP BY, where a verdict without rows would have no line.
 *
 * @param sizes - the column that holds the size of the verdict's rows
 */
export function countColumns(sizes: (verdict: Verdict) => string): readonly string[] {
  const objects = (verdict: Verdict): string => `COUNT(CASE WHEN verdict = '${verdict}' THEN 1 END)`;
  const bytes = (verdict: Verdict): string => `COALESCE(SUM(CASE WHEN verdict = '${verdict}' THEN CAST(${sizes(verdict)} AS BIGINT) END), 0)`;
  const tallied: readonly Verdict[] = ['missing', 'different', 'unchanged', 'extra'];
  return [...tallied.flatMap((verdict) => [objects(verdict), bytes(verdict)]), objects('invalid')];
}

/** The condition for rows of some verdicts. */
export function hasVerdict(verdicts: readonly Verdict[]): string {
  return `verdict IN (${verdicts.map((verdict) => `'${verdict}'`).join(', ')})`;
}
