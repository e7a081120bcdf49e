/**
 * What one task attempt did: requests, bytes, errors, rate. For progress and reports only; the books never come from here,
 * because attempts that failed or ran twice count as well.
 */

/** Written as `_stats/<step>/try-<k>/<task attempt>.json`, rewritten every few seconds. */
export interface TaskStatistics {
  readonly version: 1;
  /** Program name, such as `copy-objects`. */
  readonly program: string;
  /** `mapreduce_task_attempt_id`, or the process id outside Hadoop. */
  readonly taskAttempt: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly updatedAt: string;
  readonly finished: boolean;
  readonly recordsIn: number;
  readonly recordsOut: number;
  /** Bytes copied inside S3 or through the node. */
  readonly bytes: number;
  /** Requests sent, retries included, by S3 operation name. */
  readonly requests: Readonly<Record<string, number>>;
  /** Failed requests by S3 error code (or by the name of the network error). */
  readonly errors: Readonly<Record<string, number>>;
  /** Further counts by name, such as `filtered` or `streamed-after-refusal`. */
  readonly counts: Readonly<Record<string, number>>;
}
