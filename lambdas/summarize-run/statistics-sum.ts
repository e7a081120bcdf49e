/**
 * Adding up what the task attempts said of themselves: requests, errors and counts, never the books. A large run has tens of thousands of these
 * small files; what was added up when the time ran out lies in the run's directory, and the next call goes on from there.
 */
import type { TaskStatistics } from '../../emr-steps/books/task-statistics.ts';
import { STATISTICS } from '../../emr-steps/run-directory/layout.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';

type Sums = Readonly<Record<string, number>>;

/** Sums over every attempt, lost ones too. */
export interface StatisticsTotals {
  /** By S3 operation. */
  readonly requests: Sums;
  /** By S3 error code. */
  readonly errors: Sums;
  readonly counts: Sums;
}

interface PartialSum {
  /** Files that were read, in byte order of their paths. */
  readonly files: number;
  readonly totals: StatisticsTotals;
}

/** Where a sum lies that is not whole. */
const PARTIAL_FILE = 'summary-partial.json';

/** Files that are read at once. */
const BATCH = 64;

const NOTHING: PartialSum = { files: 0, totals: { requests: {}, errors: {}, counts: {} } };

/** The sums; null where the time ran out. @param hasTime - asked before each batch */
export async function addUpStatistics(directory: RunDirectory, hasTime: () => boolean): Promise<StatisticsTotals | null> {
  const files = await directory.list(STATISTICS);
  const begun = await readPartial(directory);
  let sum = begun;
  while (sum.files < files.length) {
    if (!hasTime()) {
      await directory.write(PARTIAL_FILE, JSON.stringify(sum));
      return null;
    }
    const batch = files.slice(sum.files, sum.files + BATCH);
    const read = await Promise.all(batch.map(async ({ path }) => parseStatistics(await directory.read(path))));
    sum = { files: sum.files + batch.length, totals: read.reduce<StatisticsTotals>(added, sum.totals) };
  }
  // A run that is resumed has further files, and adds up anew.
  if (begun.files > 0) await directory.write(PARTIAL_FILE, JSON.stringify(NOTHING));
  return sorted(sum.totals);
}

/** The counts of one folder with few files. */
export async function countsOfFolder(directory: RunDirectory, folder: string): Promise<Sums> {
  const files = await directory.list(folder);
  let totals = NOTHING.totals;
  for (let at = 0; at < files.length; at += BATCH) {
    const read = await Promise.all(files.slice(at, at + BATCH).map(async ({ path }) => parseStatistics(await directory.read(path))));
    totals = read.reduce<StatisticsTotals>(added, totals);
  }
  return totals.counts;
}

async function readPartial(directory: RunDirectory): Promise<PartialSum> {
  const bytes = await directory.read(PARTIAL_FILE);
  return bytes === null ? NOTHING : (JSON.parse(Buffer.from(bytes).toString('utf8')) as PartialSum);
}

/** A file that a dying attempt left behind is no reason to lose the others. */
function parseStatistics(bytes: Uint8Array | null): TaskStatistics | null {
  try {
    return bytes === null ? null : (JSON.parse(Buffer.from(bytes).toString('utf8')) as TaskStatistics);
  } catch {
    return null;
  }
}

function added(totals: StatisticsTotals, more: TaskStatistics | null): StatisticsTotals {
  if (more === null) return totals;
  return { requests: sumOf(totals.requests, more.requests), errors: sumOf(totals.errors, more.errors), counts: sumOf(totals.counts, more.counts) };
}

function sumOf(a: Sums, b: Sums): Sums {
  const sum: Record<string, number> = { ...a };
  for (const [name, amount] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + amount;
  return sum;
}

function sorted({ requests, errors, counts }: StatisticsTotals): StatisticsTotals {
  const byName = (sums: Sums): Sums => Object.fromEntries(Object.entries(sums).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return { requests: byName(requests), errors: byName(errors), counts: byName(counts) };
}
