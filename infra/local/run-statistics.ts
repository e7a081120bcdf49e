/** Adding up what the task attempts said of themselves: for the summary's requests, errors and counts, never for the books. */
import type { TaskStatistics } from '../../emr-steps/books/task-statistics.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';

/** Sums over every attempt, lost ones too. */
export interface StatisticsTotals {
  /** By S3 operation. */
  readonly requests: Readonly<Record<string, number>>;
  /** By S3 error code. */
  readonly errors: Readonly<Record<string, number>>;
  readonly counts: Readonly<Record<string, number>>;
}

/** The sums over every file of the given folders. */
export async function addUpStatistics(directory: RunDirectory, folders: readonly string[]): Promise<StatisticsTotals> {
  const files = (await Promise.all(folders.map((folder) => directory.list(folder)))).flat();
  const read = await Promise.all(files.map(async (file) => parseStatistics(await directory.read(file.path))));
  const all = read.filter((one) => one !== null);
  return { requests: sumOf(all.map((one) => one.requests)), errors: sumOf(all.map((one) => one.errors)), counts: sumOf(all.map((one) => one.counts)) };
}

/** A file that a dying attempt left behind is no reason to lose the others. */
function parseStatistics(bytes: Uint8Array | null): TaskStatistics | null {
  try {
    return bytes === null ? null : (JSON.parse(new TextDecoder().decode(bytes)) as TaskStatistics);
  } catch {
    return null;
  }
}

function sumOf(records: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const sum: Record<string, number> = {};
  for (const [name, amount] of records.flatMap((record) => Object.entries(record))) sum[name] = (sum[name] ?? 0) + amount;
  return Object.fromEntries(Object.entries(sum).sort(([a], [b]) => (a < b ? -1 : 1)));
}
