/** What the harness gives: every case with every contender, as data. */
import type { Machine } from './machine.ts';
import type { Measurement } from './measure.ts';
import { type Spread, spreadOf } from './spread.ts';

/** One run of one contender. */
export interface Run extends Measurement {
  /** Requests that the store served meanwhile, by operation. */
  readonly requests: Readonly<Record<string, number>>;
  /** Whether exactly what should arrive has arrived; the reason where not. */
  readonly verdict: 'right' | string;
}

/** All runs of one contender in one case. Figures are seconds and bytes. */
export interface Result {
  readonly case: string;
  readonly contender: string;
  readonly version: string;
  readonly command: string;
  readonly wall: Spread;
  /** User and system time of the whole tree. */
  readonly processor: Spread;
  readonly memory: Spread;
  readonly largestProcess: Spread;
  readonly requests: Readonly<Record<string, number>>;
  readonly verdict: string;
  readonly runs: readonly Run[];
}

/** The file that a bench writes. */
export interface Report {
  readonly version: 1;
  readonly machine: Machine;
  readonly results: readonly Result[];
  /** Contenders that are not installed. */
  readonly absent: readonly string[];
}

/** Several runs as one result. One wrong run makes the result wrong. */
export function resultOf(about: Pick<Result, 'case' | 'contender' | 'version' | 'command'>, runs: readonly Run[]): Result {
  const spread = (of: (run: Run) => number) => spreadOf(runs.map(of));
  return {
    ...about,
    wall: spread((run) => run.wall),
    processor: spread((run) => run.user + run.system),
    memory: spread((run) => run.memory),
    largestProcess: spread((run) => run.largestProcess),
    requests: runs.at(-1)?.requests ?? {},
    verdict: runs.find((run) => run.verdict !== 'right')?.verdict ?? 'right',
    runs,
  };
}
