/** Athena's statements on this machine: tables are remembered, DuckDB compares, and rows are written as Athena's UNLOAD writes them. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { diffCounts } from '../../../emr-steps/records/diff-counts.ts';
import type { AthenaTables } from '../../../workflows/diff/athena-statements.ts';
import type { Comparison } from '../../../workflows/diff/diff-select.ts';
import { type AthenaStatement, readAthenaStatement } from '../../../workflows/diff/read-athena-statement.ts';
import type { AthenaEngine } from './local-athena.ts';

/** Runs of this machine write to folders, which Athena's statements name as places below this. */
const FILES = 's3://this-machine';

/** What Athena would say of a statement that it does not understand, or of a table that is not there. Final. */
export class AthenaStatementError extends Error {
  override readonly name = 'AthenaStatementError';
  readonly code = 'ATHENA_STATEMENT_REFUSED';
  readonly retryable = false;
}

/** An engine of one run. */
export function duckdbAthena(): AthenaEngine {
  const tables = new Map<string, string>();
  return {
    place: { workGroup: 'this-machine', database: 'this_machine', resultLocation: `${FILES}/results`, files: FILES },
    run: async (text, signal) => {
      const statement = readAthenaStatement(text);
      if (statement === null) throw new AthenaStatementError(`no statement of the diff: ${text.slice(0, 200)}`);
      return await answered(statement, tables, signal);
    },
  };
}

async function answered(statement: AthenaStatement, tables: Map<string, string>, signal: AbortSignal): Promise<readonly string[]> {
  switch (statement.type) {
    case 'drop':
      tables.delete(statement.table);
      return [];
    case 'create':
      if (tables.has(statement.table)) throw new AthenaStatementError(`the table ${statement.table} is there already`);
      tables.set(statement.table, folderOf(statement.location));
      return [];
    case 'counts':
      return await compared(statement, statement.extras, tables, signal, async (_, counts) => counts);
    case 'unload':
      return await compared(statement, statement.rows === 'extra', tables, signal, async (output) => {
        await unload(join(output, statement.rows), folderOf(statement.target), signal);
        return [];
      });
  }
}

/** Compares two tables into a folder that lasts as long as `read`. */
async function compared(
  { tables: names, compare }: { readonly tables: AthenaTables; readonly compare: Comparison },
  extras: boolean,
  tables: ReadonlyMap<string, string>,
  signal: AbortSignal,
  read: (output: string, counts: readonly string[]) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const [{ runDiff }, { partFiles }] = await Promise.all([import('../diff/run-diff.ts'), import('../diff/listing-files.ts')]);
  const output = await mkdtemp(join(tmpdir(), 'carillon-athena-'));
  try {
    const [source, destination] = await Promise.all([names.source, names.destination].map((name) => partFiles(tableAt(tables, name))));
    const counts = await runDiff({ source: source ?? [], destination: destination ?? [], output: join(output, 'diff'), extras, compare }, {}, signal);
    return await read(join(output, 'diff'), diffCounts.encode(counts).split('\t'));
  } finally {
    await rm(output, { recursive: true, force: true });
  }
}

function tableAt(tables: ReadonlyMap<string, string>, name: string): string {
  const folder = tables.get(name);
  if (folder === undefined) throw new AthenaStatementError(`there is no table ${name}`);
  return folder;
}

/** Writes rows as UNLOAD does: gzip, into a folder that must be empty, without a mark. An empty result fails, as it may there. */
async function unload(rows: string, target: string, signal: AbortSignal): Promise<void> {
  await mkdir(target, { recursive: true });
  if ((await readdir(target)).length > 0) throw new AthenaStatementError(`HIVE_PATH_ALREADY_EXISTS: ${target}`);
  await pipeline(createReadStream(join(rows, 'part-00000')), createGzip(), createWriteStream(join(target, 'part-00000.gz')), { signal });
}

/** A place of a statement as the folder that it stands for. */
function folderOf(place: string): string {
  if (!place.startsWith(`${FILES}/`)) throw new AthenaStatementError(`${place} is not on this machine`);
  return decodeURI(place.slice(FILES.length).replaceAll('%27', "'")).replace(/\/$/, '');
}
