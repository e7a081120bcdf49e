import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Books, drawUpBooks, type OutcomeCount } from '../../../emr-steps/books/books.ts';
import { completeWith } from '../../../emr-steps/complete/complete-uploads.ts';
import { reconcile } from '../../../emr-steps/reconcile/reconcile.ts';
import { reconcileMapper } from '../../../emr-steps/reconcile/side.ts';
import type { CopyResult } from '../../../emr-steps/records/copy-result.ts';
import { settledCounts } from '../../../emr-steps/records/drift-count.ts';
import { ledgerRow } from '../../../emr-steps/records/ledger-row.ts';
import { objectRecord } from '../../../emr-steps/records/object-record.ts';
import { countsOfRun } from '../../../workflows/plan/round-counts.ts';
import { FakeService, fakeContext } from '../complete/fake-service.ts';
import { batches, settled, whole } from '../complete/rows.ts';

/** What copy says of one object in one round; an answer that was lost leaves no row, one that came twice leaves two. */
const ROWS: Readonly<Record<string, (key: string) => readonly CopyResult[]>> = {
  copied: (key) => [whole(key, { drift: 'kkkkuukkn' })],
  'copied twice, seen otherwise': (key) => [whole(key, { drift: 'kkkkuukkn' }), whole(key, { drift: 'lkkkuulln' })],
  throttled: (key) => [whole(key, { outcome: 'failed', etag: null, proof: null, reason: 'throttled' })],
  denied: (key) => [whole(key, { outcome: 'failed', etag: null, proof: null, reason: 'access-denied' })],
  'throttled and copied': (key) => [whole(key, { outcome: 'failed', etag: null, proof: null, reason: 'throttled' }), whole(key)],
  archived: (key) => [settled(key)],
  lost: () => [],
};
type Fate = keyof typeof ROWS;

const listed = (key: string): string => objectRecord.encode({ ...objectRecord.decode('k\te\t7\t2026-11-20 12:00:00'), key });
const keyOf = (line: string): string => objectRecord.decode(line).key;

async function reconciled(emit: 'counts' | 'unsettled', lines: readonly string[]): Promise<readonly string[]> {
  async function* one(): AsyncGenerator<readonly string[]> {
    yield lines;
  }
  return (await Array.fromAsync(reconcile({ emit })(one(), fakeContext()))).flat();
}

/** Copies, completes and reconciles the lines, in as many rounds as there are fates. */
async function booksOf(toCopy: readonly string[], rounds: readonly ((key: string) => Fate)[]): Promise<Books> {
  const counts: (readonly OutcomeCount[])[] = [];
  let left = toCopy;
  for (const fateOf of rounds) {
    const rows = left.toSorted().flatMap((line) => (ROWS[fateOf(keyOf(line))] as (typeof ROWS)[string])(keyOf(line)));
    const ledger = (await Array.fromAsync(completeWith(new FakeService(), { destinationPrefix: '', concurrency: 3 })(batches(rows, 2), fakeContext()))).flat();
    const lines = [...left.map(reconcileMapper('to-copy')), ...ledger.map(ledgerRow.encode).map(reconcileMapper('ledger'))].toSorted();
    counts.push(settledCounts(await reconciled('counts', lines)).outcomes);
    left = await reconciled('unsettled', lines.toReversed());
  }
  return drawUpBooks({ objects: toCopy.length, bytes: toCopy.length * 7 }, { objects: 0, bytes: 0 }, countsOfRun(counts));
}

const keys = fc.uniqueArray(fc.constantFrom('a', 'aa', 'b', 'c', 'd', 'e', 'f'), { maxLength: 7 });
const rounds = fc.array(fc.array(fc.constantFrom(...Object.keys(ROWS)), { minLength: 7, maxLength: 7 }), { minLength: 1, maxLength: 3 });
const fates = (columns: readonly (readonly string[])[]) =>
  columns.map(
    (column) =>
      (key: string): Fate =>
        column['abcdef'.indexOf(key) + 1] as Fate,
  );

test('the books of any rounds balance: no object is lost or doubled, whatever answers were lost or came twice', async () => {
  await fc.assert(
    fc.asyncProperty(keys, rounds, async (names, columns) => {
      const books = await booksOf(names.map(listed), fates(columns));
      expect(books).toMatchObject({ balanced: true, unlisted: 0, duplicates: 0 });
      const copiedIn = (key: string): boolean => {
        for (const fate of fates(columns).map((of) => of(key))) {
          if (fate.includes('copied')) return true;
          if (fate === 'denied' || fate === 'archived') return false;
        }
        return false;
      };
      expect(books.outcomes.copied.objects).toBe(names.filter(copiedIn).length);
    }),
  );
});

test('the books of a listing that holds a key twice never balance', async () => {
  await fc.assert(
    fc.asyncProperty(keys, rounds, async (names, columns) => {
      const books = await booksOf(['a', 'a', ...names.filter((name) => name !== 'a')].map(listed), fates(columns));
      expect(books).toMatchObject({ balanced: false, duplicates: 1 });
    }),
  );
});
