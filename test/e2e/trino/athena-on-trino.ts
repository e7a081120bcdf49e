/**
 * Athena's statements on Trino. The SELECT inside is left as it is, to the letter; what Athena has beside Trino's grammar is said in Trino's:
 * CREATE EXTERNAL TABLE is Hive's DDL, and UNLOAD is a table at the target that is dropped again, which leaves its files.
 */

import type { AthenaEngine } from '../../../infra/local/engine/local-athena.ts';
import { LISTING_COLUMNS } from '../../../workflows/diff/listing-columns.ts';
import { type AthenaStatement, readAthenaStatement } from '../../../workflows/diff/read-athena-statement.ts';
import { query, type Rows, TrinoError } from './client.ts';

/** Runs a statement of Athena's. @returns the rows of a query that has some @throws TrinoError */
export async function onTrino(url: string, text: string): Promise<Rows> {
  const statement = readAthenaStatement(text);
  if (statement === null) throw new TrinoError(`this is no statement of a diff: ${text.slice(0, 100)}`);
  let rows: Rows = [];
  for (const one of trinoStatements(statement, text)) rows = await query(url, one);
  return rows;
}

/** Trino in Athena's place, for the state machine on this machine. */
export function trinoEngine(url: string): AthenaEngine {
  return {
    place: { workGroup: 'carillon', database: 'carillon', resultLocation: 's3://carillon-results' },
    run: async (statement) => ((await onTrino(url, statement))[0] ?? []).map(String),
  };
}

/** The statements for one of Athena's. */
export function trinoStatements(statement: AthenaStatement, text: string): readonly string[] {
  switch (statement.type) {
    case 'drop':
    case 'counts':
      return [text];
    case 'create': {
      const columns = LISTING_COLUMNS.map((column) => `${column} VARCHAR`).join(', ');
      const how = `format = 'TEXTFILE', textfile_field_separator = U&'\\0009', external_location = '${statement.location}'`;
      return [`CREATE TABLE ${statement.table} (${columns}) WITH (${how})`];
    }
    case 'unload': {
      const table = `unload_${statement.tables.source}_${statement.rows.replace('-', '_')}`;
      const select = /^UNLOAD \(([\s\S]*)\) TO '[^']*' WITH \([^)]*\)$/.exec(text)?.[1];
      if (select === undefined) throw new TrinoError(`this UNLOAD has another form: ${text.slice(0, 100)}`);
      return [`CREATE TABLE ${table} WITH (format = 'TEXTFILE', external_location = '${statement.target}') AS ${select}`, `DROP TABLE ${table}`];
    }
  }
}
