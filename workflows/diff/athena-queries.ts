/** The queries of an Athena diff as the state machine runs them, one statement each. */

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
