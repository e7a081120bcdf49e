/** What the harness gives: every case with every contender, as data. */
import type { Machine } from './machine.ts';
import type { Measurement } from './measure.ts';
import { type Spread, spreadOf } from './spread.ts';

/** The contender that is another checkout of Carillon: no page tells of it. */
export const BEFORE = 'carillon before';

/** What became of the work. */
export interface Verdict {
  /** Whether exactly what should arrive has arrived. */
  readonly isRight: boolean;
  /** `right`, or what is wrong, or what is there to say beside it such as `0 of 200 ETags kept`. */
  readonly text: string;
  /** Objects that were copied, for a rate; left out where nothing is copied. */
  readonly objects?: number;
  /** Seconds of the copying alone, where the contender tells them; else the whole wall clock counts. */
  readonly seconds?: number;
}

/** Everything arrived. */
export const RIGHT: Verdict = { isRight: true, text: 'right' };

/** Something did not. */
export function wrong(text: string): Verdict {
  return { isRight: false, text };
}

/** One run of one contender. */
export interface Run extends Measurement {
  /** Requests that the store served meanwhile, by operation. */
  readonly requests: Readonly<Record<string, number>>;
  readonly verdict: Verdict;
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
  /** Objects a second; null where nothing is copied. */
  readonly rate: Spread | null;
  readonly requests: Readonly<Record<string, number>>;
  readonly verdict: Verdict;
  readonly runs: readonly Run[];
}

/** What a store gives at most, by kind of request. */
export interface Ceiling {
  readonly processes: number;
  /** Requests a second by kind. */
  readonly rates: Readonly<Record<string, number>>;
  /** CPU seconds of the client for 10,000 of them: the floor that nobody can go below. */
  readonly floors: Readonly<Record<string, number>>;
}

/** The file that a bench writes. */
export interface Report {
  readonly version: 2;
  readonly machine: Machine;
  readonly results: readonly Result[];
  /** Contenders that are not installed. */
  readonly absent: readonly string[];
  /** Null where it was not measured. */
  readonly ceiling: Ceiling | null;
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
    rate: runs.some(({ verdict }) => verdict.objects === undefined) ? null : spread(({ verdict, wall }) => (verdict.objects ?? 0) / (verdict.seconds ?? wall)),
    requests: runs.at(-1)?.requests ?? {},
    verdict: (runs.find(({ verdict }) => !verdict.isRight) ?? (runs.at(-1) as Run)).verdict,
    runs,
  };
}
