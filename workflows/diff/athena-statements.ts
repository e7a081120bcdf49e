/**
 * The diff's SELECT as Athena's statements, one a query. Athena is Trino for queries and Hive for tables:
 *
 * - Tables are the run's own, external, in our database; DROP leaves the files. A LOCATION ends in `/`.
 * - UNLOAD writes one column that already holds the whole line, so that no delimiter, quote or null setting matters. One null operand would
 *   make the whole line null, so that every column but the key is coalesced. Trino reads `'\N'` as two characters and knows no `'\t'`.
 * - UNLOAD demands an empty target and writes gzip.
 */
import { type Comparison, countColumns, destinationColumn, diffSelect, hasVerdict, TO_COPY, type Verdict } from './diff-select.ts';
import { DIFF_COLUMNS, LISTING_COLUMNS } from './listing-columns.ts';

/** The two tables of a try. */
export interface AthenaTables {
  readonly source: string;
  readonly destination: string;
}

/** A table's name may hold nothing else. */
const TABLE_NAME = /^[a-z0-9_]{1,128}$/;

/** Names that no other run and no other try has. @param run - a run id @param number - the try, 1 first */
export function athenaTables(run: string, number: number): AthenaTables {
  const name = (side: string): string => `carillon_${side}_${run.replaceAll('-', '_')}_${number}`;
  return { source: name('source'), destination: name('destination') };
}

/** A name or place that would end the statement's quotes or need some. Final. */
export class AthenaNameError extends Error {
  override readonly name = 'AthenaNameError';
  readonly code = 'ATHENA_NAME_INVALID';
  readonly retryable = false;
}

function tableName(name: string): string {
  if (!TABLE_NAME.test(name)) throw new AthenaNameError(`${JSON.stringify(name)} is no name of a table; a to z, 0 to 9 and _ are allowed, at most 128`);
  return name;
}

/** A folder in quotes, with its slash. */
function folder(place: string): string {
  if (!/^s3:\/\/[^'\\\s]+$/.test(place))
    throw new AthenaNameError(`${JSON.stringify(place)} is no folder of Athena's; write s3://bucket/prefix, without quotes, blanks and backslashes`);
  return `'${place.endsWith('/') ? place : `${place}/`}'`;
}

/** Drops a table if it is there. */
export function dropTable(table: string): string {
  return `DROP TABLE IF EXISTS ${tableName(table)}`;
}

/** Makes a table of a listing. */
export function createTable(table: string, location: string): string {
  return `CREATE EXTERNAL TABLE ${tableName(table)} (
  ${LISTING_COLUMNS.map((column) => `${column} string`).join(', ')}
) ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t' LINES TERMINATED BY '\\n' STORED AS TEXTFILE LOCATION ${folder(location)}`;
}

/** What a query compares. */
export interface AthenaComparison {
  readonly tables: AthenaTables;
  readonly extras: boolean;
  readonly compare: Comparison;
}

function joined({ tables, extras, compare }: AthenaComparison): string {
  return diffSelect({ source: tableName(tables.source), destination: tableName(tables.destination), extras, compare });
}

/** The one line of counts, as a query's result. */
export function countsQuery(comparison: AthenaComparison): string {
  const sizes = (verdict: Verdict): string => (comparison.extras && verdict === 'extra' ? destinationColumn('size') : 'size');
  return `SELECT ${countColumns(sizes).join(', ')} FROM (\n${joined(comparison)}\n) j`;
}

/** Which rows an UNLOAD writes. */
export type UnloadedRows = 'to-copy' | 'extra';

/** Writes rows as whole lines: of the source what is to be copied, of the destination what is extra. */
export function unloadQuery(rows: UnloadedRows, { tables, compare }: Omit<AthenaComparison, 'extras'>, target: string): string {
  const extras = rows === 'extra';
  const column = (name: (typeof DIFF_COLUMNS)[number]): string => (name !== 'verdict' && extras ? destinationColumn(name) : name);
  const columns = DIFF_COLUMNS.map((name) => (name === 'key' ? column(name) : `COALESCE(${column(name)}, '\\N')`));
  const line = `SELECT ${columns.join(' || chr(9) || ')} AS line FROM (\n${joined({ tables, extras, compare })}\n) j WHERE ${hasVerdict(extras ? ['extra'] : TO_COPY)}`;
  return `UNLOAD (${line}) TO ${folder(target)} WITH (format = 'TEXTFILE')`;
}
