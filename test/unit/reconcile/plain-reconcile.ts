/** Reconcile said plainly: every line decoded by its codec, everything in maps. What the fast one is held against. */

import type { OutcomeCount } from '../../../emr-steps/books/books.ts';
import { ASPECTS, type DriftCount, fateIn } from '../../../emr-steps/books/drift.ts';
import { reasonClass } from '../../../emr-steps/books/reasons.ts';
import { type LedgerRow, ledgerRow } from '../../../emr-steps/records/ledger-row.ts';
import { type ObjectRecord, objectRecord } from '../../../emr-steps/records/object-record.ts';

const RANKS = ['copied', 'skipped', 'failed'];

function best(rows: readonly LedgerRow[]): LedgerRow | undefined {
  return rows.toSorted(
    (a, b) =>
      RANKS.indexOf(a.outcome) - RANKS.indexOf(b.outcome) ||
      b.round - a.round ||
      (a.time < b.time ? 1 : a.time > b.time ? -1 : 0) ||
      (ledgerRow.encode(a) < ledgerRow.encode(b) ? -1 : 1),
  )[0];
}

/** Counts as `outcome reason objects bytes`, and the lines that another round may settle. */
export function plainReconcile(
  toCopy: readonly string[],
  ledger: readonly string[],
): { readonly counts: readonly OutcomeCount[]; readonly drift: readonly DriftCount[]; readonly unsettled: readonly string[] } {
  const listed = Map.groupBy(toCopy.map(objectRecord.decode), (record) => record.key);
  const recorded = Map.groupBy(ledger.map(ledgerRow.decode), (row) => row.key);
  const all: { readonly outcome: OutcomeCount['outcome']; readonly reason: OutcomeCount['reason']; readonly size: number }[] = [];
  const unsettled: string[] = [];
  const copies: { readonly drift: string; readonly size: number }[] = [];
  for (const [key, records] of listed) {
    const row = best(recorded.get(key) ?? []);
    const verdict = row ?? { outcome: 'failed' as const, reason: 'not-recorded' as const };
    all.push({ outcome: verdict.outcome, reason: verdict.reason, size: (records[0] as ObjectRecord).size });
    if (row?.outcome === 'copied' && row.drift !== null) copies.push({ drift: row.drift, size: (records[0] as ObjectRecord).size });
    for (const record of records.slice(1)) all.push({ outcome: 'duplicate', reason: null, size: record.size });
    if (verdict.outcome === 'failed' && verdict.reason !== null && reasonClass(verdict.reason) === 'retryable') {
      unsettled.push(toCopy.find((line) => objectRecord.decode(line).key === key) as string);
    }
  }
  for (const [key, rows] of recorded) if (!listed.has(key)) all.push({ outcome: 'unlisted', reason: null, size: (rows[0] as LedgerRow).size });
  const counts = [...Map.groupBy(all, (one) => `${one.outcome} ${one.reason}`).values()].map((group): OutcomeCount => {
    const [first] = group as [(typeof all)[number]];
    return { outcome: first.outcome, reason: first.reason, objects: group.length, bytes: Number(group.reduce((sum, one) => sum + BigInt(one.size), 0n)) };
  });
  return { counts, drift: plainDrift(copies), unsettled };
}

function plainDrift(copies: readonly { readonly drift: string; readonly size: number }[]): readonly DriftCount[] {
  return ASPECTS.flatMap((aspect) =>
    (['kept', 'changed', 'lost', 'unseen'] as const).flatMap((fate) => {
      const sizes = copies.filter(({ drift }) => fateIn(drift, aspect) === fate).map(({ size }) => BigInt(size));
      return sizes.length === 0 ? [] : [{ aspect, fate, objects: sizes.length, bytes: Number(sizes.reduce((a, b) => a + b)) }];
    }),
  );
}
