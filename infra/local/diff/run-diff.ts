/** Compares two listings with DuckDB, and holds the result against what was counted without it. */
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { type DiffCounts, diffCounts } from '../../../emr-steps/records/diff-counts.ts';
import { diffContradictions } from '../../../workflows/diff/check-diff.ts';
import type { Comparison } from '../../../workflows/diff/diff-select.ts';
import { duckdbStatements } from '../../../workflows/diff/duckdb-diff.ts';
import { DIFF_COLUMNS, LISTING_COLUMNS } from '../../../workflows/diff/listing-columns.ts';
import { countAllLines } from './listing-files.ts';

/** What is compared. */
export interface DiffInput {
  /** The files of each listing one by one, plain or `.gz` by name; none for an empty listing. */
  readonly source: readonly string[];
  readonly destination: readonly string[];
  /** A folder that does not exist or is empty; `to-copy`, `extra` and `counts` come to lie in it. */
  readonly output: string;
  /** Whether what is only at the destination is wanted too. */
  readonly extras: boolean;
  /** Default `etag`. */
  readonly compare?: Comparison;
}

/** What DuckDB may use. */
export interface DiffResources {
  /** Bytes that DuckDB counts; the process stands a third above them. Default: DuckDB's own, 80 % of the machine. */
  readonly memoryLimitBytes?: number | undefined;
  /** Default: DuckDB's own, one a core. */
  readonly threads?: number | undefined;
  /** Where a folder for what does not fit in memory is made, and removed. Default: the system's temporary directory. */
  readonly spillDirectory?: string | undefined;
}

/** The diff was run, and its output cannot be true. Final: the listings are damaged. */
export class DiffContradictionError extends Error {
  override readonly name = 'DiffContradictionError';
  readonly code = 'DIFF_CONTRADICTION';
  readonly retryable = false;
}

/** The output folder holds something. Final. */
export class DiffOutputExistsError extends Error {
  override readonly name = 'DiffOutputExistsError';
  readonly code = 'DIFF_OUTPUT_EXISTS';
  readonly retryable = false;

  constructor(output: string) {
    super(`${output} is not empty; give a fresh folder, because old rows would pass for new ones`);
  }
}

/** DuckDB failed: a row that is no row, no space to spill, or no memory. */
export class DiffFailedError extends Error {
  override readonly name = 'DiffFailedError';
  readonly code = 'DIFF_FAILED';
  readonly retryable = false;
}

const ROWS_FILE = 'part-00000';
/** Characters of DuckDB's message that are shown: it explains its options at length. */
const SHOWN = 600;

/**
 * Compares two listings. Writes `<output>/to-copy/part-00000` and, when asked, `<output>/extra/part-00000` (lines of ObjectRecord as they
 * were listed, and their verdict) and `<output>/counts/part-00000` (the line of DiffCounts). No `_SUCCESS`: whoever assesses the diff writes it.
 *
 * @throws DiffOutputExistsError, ListingDamagedError, DiffFailedError, DiffContradictionError, or the signal's reason
 */
export async function runDiff(input: DiffInput, resources: DiffResources, signal: AbortSignal): Promise<DiffCounts> {
  const files = await freshOutput(input);
  const width = LISTING_COLUMNS.length;
  const source = await countAllLines(input.source, width, signal);
  const destination = await countAllLines(input.destination, width, signal);
  const statements = duckdbStatements({
    source: input.source.map((file) => resolve(file)),
    destination: input.destination.map((file) => resolve(file)),
    compare: input.compare ?? 'etag',
    ...files,
  });
  await runStatements(statements, resources, signal);
  const counts = diffCounts.decode((await readFile(files.counts, 'utf8')).replace(/\n$/, ''));
  const toCopy = await countAllLines([files.toCopy], DIFF_COLUMNS.length, signal);
  const extra = files.extra === null ? null : await countAllLines([files.extra], DIFF_COLUMNS.length, signal);
  const problems = diffContradictions(counts, { source, destination, toCopy, extra }, input.extras);
  if (problems.length > 0) throw new DiffContradictionError(problems.join('; '));
  return counts;
}

/** Makes the folders. */
async function freshOutput({ output, extras }: DiffInput): Promise<{ readonly toCopy: string; readonly extra: string | null; readonly counts: string }> {
  await mkdir(output, { recursive: true });
  if ((await readdir(output)).length > 0) throw new DiffOutputExistsError(output);
  const file = async (name: string): Promise<string> => {
    await mkdir(join(output, name));
    return resolve(output, name, ROWS_FILE);
  };
  return { toCopy: await file('to-copy'), extra: extras ? await file('extra') : null, counts: await file('counts') };
}

async function runStatements(statements: readonly string[], resources: DiffResources, signal: AbortSignal): Promise<void> {
  const spill = await mkdtemp(join(resources.spillDirectory ?? tmpdir(), 'carillon-diff-'));
  try {
    await onDuckdb(statements, spill, resources, signal);
  } finally {
    await rm(spill, { recursive: true, force: true });
  }
}

async function onDuckdb(statements: readonly string[], spill: string, { memoryLimitBytes, threads }: DiffResources, signal: AbortSignal): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', {
    temp_directory: spill,
    preserve_insertion_order: 'false',
    autoinstall_known_extensions: 'false',
    ...(threads === undefined ? {} : { threads: String(threads) }),
    ...(memoryLimitBytes === undefined ? {} : { memory_limit: `${memoryLimitBytes}B` }),
  });
  const connection = await instance.connect();
  const interrupt = (): void => connection.interrupt();
  signal.addEventListener('abort', interrupt);
  try {
    for (const statement of statements) {
      signal.throwIfAborted();
      await connection.run(statement);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw new DiffFailedError(`DuckDB: ${(error as Error).message.slice(0, SHOWN)}`, { cause: error });
  } finally {
    signal.removeEventListener('abort', interrupt);
    connection.closeSync();
    instance.closeSync();
  }
}
