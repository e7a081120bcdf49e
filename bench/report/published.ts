/** The results as they stand in the docs: rows of several runs of the bench beside each other, each with when and on what it was measured. */
import type { Machine } from '../machine.ts';
import { BEFORE, type Ceiling, type Report, type Result } from '../result.ts';

/** A result without its single runs. */
export interface Published extends Omit<Result, 'runs'> {
  readonly runs: number;
  readonly measured: Pick<Machine, 'commit' | 'load' | 'at'>;
}

/** `docs/benchmarks/results.json`. */
export interface PublishedReport {
  readonly version: 2;
  /** Of the newest bench. */
  readonly machine: Machine;
  readonly results: readonly Published[];
  readonly absent: readonly string[];
  readonly ceiling: Ceiling | null;
}

function published({ runs, ...result }: Result, { commit, load, at }: Machine): Published {
  return { ...result, runs: runs.length, measured: { commit, load, at } };
}

/** The rows of a new report in place of older ones of the same case and contender; the others stay. */
export function merged(older: PublishedReport | null, report: Report): PublishedReport {
  const isSame = (a: Pick<Result, 'case' | 'contender'>, b: Pick<Result, 'case' | 'contender'>) => a.case === b.case && a.contender === b.contender;
  const results = report.results.filter(({ contender }) => contender !== BEFORE).map((result) => published(result, report.machine));
  const stays = (older?.results ?? []).map((old) => results.find((result) => isSame(result, old)) ?? old);
  const fresh = results.filter((result) => !stays.includes(result));
  return { version: 2, machine: report.machine, results: [...stays, ...fresh], absent: report.absent, ceiling: report.ceiling ?? older?.ceiling ?? null };
}
