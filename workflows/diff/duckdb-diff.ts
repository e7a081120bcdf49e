/**
 * The diff's SELECT on DuckDB: one join into a table that keeps columns only of the rows that come out (measured the fastest and the
 * smallest of four forms), then the rows of each kind and the one line of counts.
 */
import { type Comparison, countColumns, destinationColumn, diffSelect, hasVerdict, TO_COPY } from './diff-select.ts';
import { DIFF_COLUMNS, LISTING_COLUMNS, type ListingColumn } from './listing-columns.ts';

/** What DuckDB compares and where it writes. Paths are absolute. */
export interface DuckdbDiff {
  /** The files of each listing one by one, plain or `.gz`; none for an empty listing. A glob would read `_SUCCESS` and `.crc` files too. */
  readonly source: readonly string[];
  readonly destination: readonly string[];
  readonly toCopy: string;
  /** Null: extras are not asked for. */
  readonly extra: string | null;
  readonly counts: string;
  readonly compare: Comparison;
}

/**
 * Bytes of the longest line, ten times what the longest key and every other column come to. DuckDB's readers hold buffers 16 times as large: with
 * lines of 1 MiB the diff of 100 million rows stood at 4,731 MiB under a limit of 3e9, with these at 3,699.
 */
const LONGEST_LISTING_LINE = 65_536;

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const READ_OPTIONS = [
  "delim='\t'",
  "quote=''",
  "escape=''",
  "nullstr='\\N'",
  'header=false',
  'auto_detect=false',
  "new_line='\\n'",
  'strict_mode=true',
  `max_line_size=${LONGEST_LISTING_LINE}`,
  `columns={${LISTING_COLUMNS.map((column) => `'${column}': 'VARCHAR'`).join(', ')}}`,
].join(', ');

/** A listing as a relation. `read_csv` refuses an empty list. */
function listing(files: readonly string[]): string {
  if (files.length > 0) return `read_csv([${files.map(quoted).join(', ')}], ${READ_OPTIONS})`;
  return `(SELECT ${LISTING_COLUMNS.map((column) => `''::VARCHAR AS ${column}`).join(', ')} WHERE false)`;
}

/** A column of the table: of an unchanged row only what is counted, of an extra one the destination's. */
function kept(column: ListingColumn, extras: boolean): string {
  const unchanged = column === 'size' ? '' : "WHEN 'unchanged' THEN NULL ";
  const extra = extras ? `WHEN 'extra' THEN ${destinationColumn(column)} ` : '';
  return unchanged === '' && extra === '' ? column : `CASE verdict ${unchanged}${extra}ELSE ${column} END AS ${column}`;
}

function copyTo(file: string, select: string): string {
  return `COPY (${select}) TO ${quoted(file)} (FORMAT csv, DELIMITER '\t', HEADER false, QUOTE '', ESCAPE '', NULLSTR '\\N')`;
}

/** The statements, in order; they share one connection. */
export function duckdbStatements(diff: DuckdbDiff): readonly string[] {
  const extras = diff.extra !== null;
  const select = diffSelect({ source: listing(diff.source), destination: listing(diff.destination), extras, compare: diff.compare });
  const columns = LISTING_COLUMNS.map((column) => kept(column, extras)).join(', ');
  const rows = (verdicts: Parameters<typeof hasVerdict>[0]): string => `SELECT ${DIFF_COLUMNS.join(', ')} FROM diff WHERE ${hasVerdict(verdicts)}`;
  return [
    `CREATE TEMP TABLE diff AS SELECT verdict, ${columns} FROM (${select}) j`,
    copyTo(diff.toCopy, rows(TO_COPY)),
    ...(diff.extra === null ? [] : [copyTo(diff.extra, rows(['extra']))]),
    copyTo(diff.counts, `SELECT ${countColumns(() => 'size').join(', ')} FROM diff`),
  ];
}
