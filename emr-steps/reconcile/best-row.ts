/** Which of several ledger rows of one object counts. */
import type { LedgerRow } from '../records/ledger-row.ts';

const RANKS = { copied: 0, skipped: 1, failed: 2 } as const;

/** Whether `a` counts before `b`: copied before skipped before failed, then the newest round, then the newest time. */
export function isBetter(a: LedgerRow, b: LedgerRow): boolean {
  if (a.outcome !== b.outcome) return RANKS[a.outcome] < RANKS[b.outcome];
  return a.round !== b.round ? a.round > b.round : a.time > b.time;
}
