/** What was foreseen, against what a run did. */
import type { RequestCounts } from './request-counts.ts';

/** One operation, or all of them. */
export interface EstimatedAndActual {
  readonly estimated: number;
  readonly actual: number;
  /** (actual - estimated) / estimated; null where nothing was foreseen. */
  readonly deviation: number | null;
}

/** A member of `summary.json`. */
export interface EstimateReview {
  readonly total: EstimatedAndActual;
  readonly byOperation: Readonly<Record<string, EstimatedAndActual>>;
}

function compared(estimated: number, actual: number): EstimatedAndActual {
  return { estimated, actual, deviation: estimated === 0 ? null : (actual - estimated) / estimated };
}

function total(counts: RequestCounts): number {
  return Object.values(counts).reduce((a, b) => a + b, 0);
}

/** Holds them against each other. */
export function reviewEstimate(estimated: RequestCounts, actual: RequestCounts): EstimateReview {
  const names = [...new Set([...Object.keys(estimated), ...Object.keys(actual)])].toSorted();
  return {
    total: compared(total(estimated), total(actual)),
    byOperation: Object.fromEntries(names.map((name) => [name, compared(estimated[name] ?? 0, actual[name] ?? 0)])),
  };
}
