/** `summary.json` and `output.json`: what a run says of itself when it is over. The second is the contract for whatever runs next. */
import type { Books, Tally } from '../../emr-steps/books/books.ts';
import type { DriftReport } from '../../emr-steps/books/drift.ts';
import type { DiffCounts } from '../../emr-steps/records/diff-counts.ts';
import type { VerdictCount } from '../../emr-steps/records/verdict-count.ts';
import type { EstimateReview } from '../estimate/compare-estimate.ts';

/** Version of both files; it grows when a member changes its meaning or goes. */
export const RUN_OUTPUT_VERSION = 1;

/** `succeeded`: every object is settled and none failed. `partial`: the books balance, some objects failed. `failed`: they do not, or a step did. */
export type RunStatus = 'succeeded' | 'partial' | 'failed';

/** What the books make of a run; null: it ended before there were any. */
export function runStatus(books: Books | null): RunStatus {
  if (books === null || !books.balanced) return 'failed';
  return books.outcomes.failed.objects === 0 ? 'succeeded' : 'partial';
}

/** `output.json`. */
export interface RunOutput {
  readonly version: typeof RUN_OUTPUT_VERSION;
  readonly runId: string;
  readonly status: RunStatus;
  /** Why a run failed; null otherwise. */
  readonly cause: string | null;
  readonly runDirectory: string;
  /** Whole URLs, `s3://bucket/prefix`. */
  readonly source: string;
  readonly destination: string;
  readonly books: Books | null;
  /** A verification was made, and found nothing but what the books tell. */
  readonly verified: boolean;
  /** Folders that hold rows, relative to the run's directory; null where there are none. */
  readonly places: {
    readonly sourceListing: string | null;
    readonly destinationListing: string | null;
    readonly toCopy: string | null;
    readonly extra: string | null;
    /** One a round. */
    readonly ledgers: readonly string[];
    /** Rows of what a verification found at odds; null where there are none. */
    readonly differences: string | null;
  };
}

/** What a sweep made of the open uploads. */
export interface SweepCounts {
  /** Open uploads that were aborted. */
  readonly aborted: number;
  /** Those that could not be, and are still open. */
  readonly failed: number;
  /** Open uploads of others, which nobody touched. */
  readonly left: number;
}

/** `summary.json`. */
export interface RunSummary extends Pick<RunOutput, 'version' | 'runId' | 'status' | 'cause' | 'books'> {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly seconds: number;
  readonly rounds: number;
  /** What a dry run would copy; null for every other run. */
  readonly wouldCopy: Tally | null;
  /** The diff's verdicts; null without a diff. */
  readonly diff: DiffCounts | null;
  /** What a verification counted, a line of each reducer and verdict; null without one. */
  readonly verification: readonly VerdictCount[] | null;
  /** What became of open uploads; null where no sweep has ended. */
  readonly sweep: SweepCounts | null;
  /** What became of everything but the bytes of what was copied; null where nothing was to be copied. */
  readonly drift: DriftReport | null;
  /** Requests sent, retries included, by S3 operation name; of every task attempt, lost ones too. */
  readonly requests: Readonly<Record<string, number>>;
  /** The requests against those that were foreseen; null where nobody has estimated the run. */
  readonly estimate: EstimateReview | null;
  /** Failed requests by S3 error code. */
  readonly errors: Readonly<Record<string, number>>;
  /** Further counts of the programs, such as `streamed-after-refusal`. */
  readonly counts: Readonly<Record<string, number>>;
  /** Seconds by step name, such as `copy-objects.r1.t1`. */
  readonly steps: Readonly<Record<string, number>>;
}
