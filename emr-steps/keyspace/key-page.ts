/** What a sampler asks and what it is told: some keys in order, from behind a bound. */

/** A question: which keys come next. */
export interface KeyProbe {
  /** Only keys behind it; null: from the first. */
  readonly startAfter: string | null;
  /** Keys behind it are of no use; null: to the last. */
  readonly end: string | null;
  /** Keys wanted at most. */
  readonly maxKeys: number;
}

/** The answer. May be good only while it is handed over. */
export interface KeyPage {
  readonly count: number;
  /** The key at a place of the page, 0 first. */
  readonly keyAt: (index: number) => string;
  /** Whether there are keys behind the page. */
  readonly hasMore: boolean;
}
