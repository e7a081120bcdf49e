/** Files in Parquet, as DuckDB writes them. */
import { stat } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';

/** Writes the rows of a query. @param options - of COPY, such as `ROW_GROUP_SIZE 2048`; Snappy unless they say otherwise. @returns bytes of the file */
export async function writeParquet(file: string, query: string, options = ''): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  try {
    await connection.run(`COPY (${query}) TO '${file.replaceAll("'", "''")}' (FORMAT parquet, ${options === '' ? 'COMPRESSION snappy' : options})`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  return (await stat(file)).size;
}
