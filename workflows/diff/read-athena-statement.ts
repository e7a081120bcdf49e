/** What a statement of an Athena diff asks, for who answers in Athena's place. The inverse of `athena-statements`. */
import { type AthenaTables, countsQuery, createTable, dropTable, type UnloadedRows, unloadQuery } from './athena-statements.ts';
import { COMPARISONS, type Comparison } from './diff-select.ts';

/** A statement of ours. */
export type AthenaStatement =
  | { readonly type: 'drop'; readonly table: string }
  | { readonly type: 'create'; readonly table: string /** With its slash. */; readonly location: string }
  | { readonly type: 'counts'; readonly tables: AthenaTables; readonly extras: boolean; readonly compare: Comparison }
  | {
      readonly type: 'unload';
      readonly rows: UnloadedRows;
      readonly tables: AthenaTables;
      readonly compare: Comparison /** With its slash. */;
      readonly target: string;
    };

const BOTH = [true, false] as const;

/** The statement; null where it is none of ours, down to the last blank. */
export function readAthenaStatement(text: string): AthenaStatement | null {
  return candidates(text).find((statement) => written(statement) === text) ?? null;
}

/** The statement as text. @throws AthenaNameError */
export function written(statement: AthenaStatement): string {
  switch (statement.type) {
    case 'drop':
      return dropTable(statement.table);
    case 'create':
      return createTable(statement.table, statement.location);
    case 'counts':
      return countsQuery(statement);
    case 'unload':
      return unloadQuery(statement.rows, statement, statement.target);
  }
}

/** Everything that the text might be; which of it is decided by writing it again. */
function candidates(text: string): readonly AthenaStatement[] {
  const [, dropped] = /^DROP TABLE IF EXISTS ([a-z0-9_]+)$/.exec(text) ?? [];
  if (dropped !== undefined) return [{ type: 'drop', table: dropped }];
  const [, table, location] = /^CREATE EXTERNAL TABLE ([a-z0-9_]+) [\s\S]* LOCATION '([^']+)'$/.exec(text) ?? [];
  if (table !== undefined && location !== undefined) return [{ type: 'create', table, location }];
  const [, source, destination] = /\nFROM ([a-z0-9_]+) s [A-Z]+ OUTER JOIN ([a-z0-9_]+) d /.exec(text) ?? [];
  if (source === undefined || destination === undefined) return [];
  const tables = { source, destination };
  const [, target] = / TO '([^']+)' WITH /.exec(text) ?? [];
  return COMPARISONS.flatMap((compare) => comparisons(tables, compare, target));
}

function comparisons(tables: AthenaTables, compare: Comparison, target: string | undefined): readonly AthenaStatement[] {
  if (target === undefined) return BOTH.map((extras) => ({ type: 'counts', tables, extras, compare }));
  return (['to-copy', 'extra'] as const).map((rows) => ({ type: 'unload', rows, tables, compare, target }));
}
