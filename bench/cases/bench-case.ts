/** A case: what the store serves, what a contender does with it, and what must have arrived. */
import type { Call, Contender, KeyColumn, Site } from '../contenders/contender.ts';
import type { ServedStore } from '../served-store.ts';

/** One case. */
export interface BenchCase {
  /** Such as `list flat, 50 ms`. */
  readonly name: string;
  /** First word of the name, to choose by. */
  readonly work: 'list' | 'copy';
  /** Virtual buckets, as the store takes them. */
  readonly virtual: readonly string[];
  readonly source: string;
  readonly destination: string;
  /** What the store waits before each answer. */
  readonly latencyMilliseconds: number;
  /** The contender's command; null where it cannot do this. */
  call(contender: Contender, site: Site): (Call & Partial<KeyColumn>) | null;
  /** `right`, or what is wrong with what arrived. */
  verdict(output: string, call: Call & Partial<KeyColumn>, store: ServedStore, requests: Readonly<Record<string, number>>): Promise<string>;
}
