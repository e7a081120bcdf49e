/** The queries of an Athena diff as the state machine runs them, one statement each. */
import { type DiffCounts, diffCounts } from '../../emr-steps/records/diff-counts.ts';
import { athenaTables, countsQuery, createTable, dropTable, unloadQuery } from './athena-statements.ts';
import type { Comparison } from './diff-select.ts';

/** A query to run: the statement, where its results go, and in which workgroup. */
export interface AthenaQuery {
  readonly statement: string;
  /** Where Athena puts its own result files: outside of the run's rows. */
  readonly outputLocation: string;
  readonly workGroup: string;
  readonly database: string;
}

/** The queries of one try, in order; what drops the tables runs first and last, on every path. */
export interface AthenaQueries {
  readonly dropTables: readonly AthenaQuery[];
  readonly createTables: readonly AthenaQuery[];
  readonly counts: AthenaQuery;
  /** Each skipped where its count is zero: an empty result may fail to write. */
  readonly toCopy: AthenaQuery;
  readonly extra: AthenaQuery;
}

/** Where Athena works. */
export interface AthenaPlace {
  readonly workGroup: string;
  /** A database of the Glue catalogue. */
  readonly database: string;
  /** `s3://…` for Athena's own result files, outside of every run's directory. */
  readonly resultLocation: string;
  /** Where an engine on one machine sees files: `s3://…` that stands before a path. Not there: nowhere, as on AWS. */
  readonly files?: string;
}

/** What is compared. */
export interface AthenaDiff {
  readonly runId: string;
  /** Try of the diff, 1 first: each has its own tables and its own output. */
  readonly number: number;
  /** Folders of the listings, `s3://…`. */
  readonly source: string;
  readonly destination: string;
  /** A fresh folder; `to-copy` and `extra` come to lie in it. */
  readonly output: string;
  readonly extras: boolean;
  readonly compare: Comparison;
}

/** The queries. @throws AthenaNameError */
export function athenaQueries(diff: AthenaDiff, place: AthenaPlace): AthenaQueries {
  const tables = athenaTables(diff.runId, diff.number);
  const { extras, compare } = diff;
  const query = (statement: string): AthenaQuery => ({
    statement,
    outputLocation: place.resultLocation,
    workGroup: place.workGroup,
    database: place.database,
  });
  return {
    dropTables: [tables.source, tables.destination].map((table) => query(dropTable(table))),
    createTables: [query(createTable(tables.source, diff.source)), query(createTable(tables.destination, diff.destination))],
    counts: query(countsQuery({ tables, extras, compare })),
    toCopy: query(unloadQuery('to-copy', { tables, compare }, `${diff.output}/to-copy`)),
    extra: query(unloadQuery('extra', { tables, compare }, `${diff.output}/extra`)),
  };
}

/**
 * The counts in the result of {@link AthenaQueries.counts}.
 *
 * @param cells - of the one row after the row of names, as GetQueryResults gives them
 * @throws what the codec of DiffCounts throws where they are no such line
 */
export function countsOfCells(cells: readonly string[]): DiffCounts {
  return diffCounts.decode(cells.join('\t'));
}
