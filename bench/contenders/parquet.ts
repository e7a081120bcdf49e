/** Reads what a peer wrote as Parquet, by DuckDB, after it was measured. */
import { existsSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';

/** Gives a way to run SQL in an engine of its own. */
export async function withDuckDb<T>(work: (run: (sql: string) => Promise<readonly (readonly unknown[])[]>) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return await work(async (sql) => (await connection.runAndReadAll(sql)).getRows());
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Number of rows; 0 where there is no file. */
export async function parquetRows(file: string): Promise<number> {
  if (!existsSync(file)) return 0;
  return withDuckDb(async (run) => Number((await run(`select count(*) from read_parquet('${file}')`))[0]?.[0] ?? 0));
}

/** Writes a column to a file, a value a line. */
export async function parquetColumn(file: string, column: string, lines: string): Promise<void> {
  await withDuckDb((run) => run(`copy (select "${column}" from read_parquet('${file}')) to '${lines}' (format csv, header false, quote '', delimiter '\t')`));
}
