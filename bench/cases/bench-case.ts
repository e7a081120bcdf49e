/** A case: what the store serves, what a contender does with it, and what must have arrived. */
import type { Call, Contender, Site } from '../contenders/contender.ts';
import type { Verdict } from '../result.ts';
import type { ServedStore } from '../served-store.ts';
import type { StoredSet } from '../stored-set.ts';

/** What is there to judge by, once the command has ended. */
export interface Outcome {
  /** File of standard output. */
  readonly output: string;
  readonly site: Site;
  readonly store: ServedStore;
  readonly requests: Readonly<Record<string, number>>;
}

/** A command, and what came of it. */
export interface CaseCall extends Call {
  /** Exit codes that are no failure. @default 0 alone */
  readonly exitCodes?: readonly number[];
  verdict(outcome: Outcome): Promise<Verdict>;
}

/** One case. */
export interface BenchCase {
  /** Such as `list flat, 50 ms`. */
  readonly name: string;
  /** What is measured, in a line for the report. */
  readonly title: string;
  /** Virtual buckets, as the store takes them. */
  readonly virtual: readonly string[];
  /** Objects that are stored instead; they are served by one process. */
  readonly stored?: StoredSet;
  readonly source: string;
  readonly destination: string;
  /** What the store waits before each answer. */
  readonly latencyMilliseconds: number;
  readonly inFlight?: number;
  readonly keySpace?: Site['keySpace'];
  /** The contender's command; null where it cannot do this, or is not asked to. */
  call(contender: Contender, site: Site): CaseCall | null;
}
