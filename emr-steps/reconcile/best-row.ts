/** Which of several ledger rows of one object counts. */
import { type LedgerRow, ledgerRow } from '../records/ledger-row.ts';

const RANKS = { copied: 0, skipped: 1, failed: 2 } as const;

/**
 * Whether `a` counts before `b`: copied before skipped before failed, then the newest round, then the newest time, then the lesser line: the
 * job that counts and the one that collects what another round may settle must choose alike, in whatever order the rows come.
 */
export function isBetter(a: LedgerRow, b: LedgerRow): boolean {
  if (a.outcome !== b.outcome) return RANKS[a.outcome] < RANKS[b.outcome];
  if (a.round !== b.round) return a.round > b.round;
  return a.time !== b.time ? a.time > b.time : ledgerRow.encode(a) < ledgerRow.encode(b);
}
