import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OutcomeCount } from '../../../emr-steps/books/books.ts';
import { reconcile } from '../../../emr-steps/reconcile/reconcile.ts';
import { reconcileMapper } from '../../../emr-steps/reconcile/side.ts';
import { driftCount, settledCounts } from '../../../emr-steps/records/drift-count.ts';
import { type LedgerRow, ledgerRow } from '../../../emr-steps/records/ledger-row.ts';
import { objectRecord } from '../../../emr-steps/records/object-record.ts';
import { outcomeCount } from '../../../emr-steps/records/outcome-count.ts';
import { fakeContext } from '../complete/fake-service.ts';
import { ledgerRows, objectRecords } from '../records/arbitraries.ts';
import { plainReconcile } from './plain-reconcile.ts';

/** What Hadoop does between mapper and reducer: the lines in byte order of their first two columns. */
function shuffle(sides: Readonly<Record<'to-copy' | 'ledger', readonly string[]>>): readonly string[] {
  const lines = (['to-copy', 'ledger'] as const).flatMap((side) => sides[side].map(reconcileMapper(side)));
  const keyOf = (line: string): Buffer => Buffer.from(line.split('\t').slice(0, 2).join('\t'));
  return lines.toSorted((a, b) => Buffer.compare(keyOf(a), keyOf(b)));
}

async function run(emit: 'counts' | 'unsettled', lines: readonly string[], batchSize = 1000): Promise<readonly string[]> {
  async function* batches(): AsyncGenerator<readonly string[]> {
    for (let at = 0; at < lines.length; at += batchSize) yield lines.slice(at, at + batchSize);
  }
  const out: string[] = [];
  for await (const batch of reconcile({ emit })(batches(), fakeContext())) out.push(...batch);
  return out;
}

const counted = (counts: readonly OutcomeCount[]): readonly string[] => counts.map(outcomeCount.encode).toSorted();

const listed = (key: string, size = 10): string => objectRecord.encode({ ...objectRecord.decode(`k\te\t${size}\t2026-11-20 12:00:00`), key });
const ROW: LedgerRow = {
  key: 'a',
  destinationKey: 'to/a',
  size: 10,
  sourceEtag: 'e',
  destinationEtag: 'e',
  parts: 0,
  outcome: 'copied',
  reason: null,
  proof: 'etag',
  mode: 'server-side',
  round: 1,
  attempt: 0,
  time: '2026-11-20 12:00:00',
  detail: null,
  drift: null,
};
const recorded = (key: string, change: Partial<LedgerRow> = {}): string => ledgerRow.encode({ ...ROW, key, ...change });
const FAILED = { outcome: 'failed', proof: null } as const;

describe('reconcile', () => {
  test('gives what the plain join gives, for any rows in any batches', async () => {
    const key = fc.oneof(fc.constantFrom('a', 'ab', 'b', ' ', 'a\t', '\\N', '\uffff', '\u{10000}', ''), fc.string({ unit: 'binary', maxLength: 3 }));
    const sides = fc.record({
      toCopy: fc.array(
        fc.tuple(objectRecords, key).map(([record, k]) => objectRecord.encode({ ...record, key: k })),
        { maxLength: 12 },
      ),
      ledger: fc.array(
        fc.tuple(ledgerRows, key).map(([row, k]) => ledgerRow.encode({ ...row, key: k })),
        { maxLength: 12 },
      ),
    });
    await fc.assert(
      fc.asyncProperty(sides, fc.integer({ min: 1, max: 5 }), async ({ toCopy, ledger }, batchSize) => {
        const lines = shuffle({ 'to-copy': toCopy, ledger });
        const plain = plainReconcile(toCopy, ledger);
        const unlistedOnce = (counts: readonly string[]): readonly string[] =>
          counts.map((line) => (line.startsWith('unlisted') ? line.split('\t').slice(0, 3).join('\t') : line));
        expect(unlistedOnce((await run('counts', lines, batchSize)).toSorted())).toEqual(
          unlistedOnce([...counted(plain.counts), ...plain.drift.map(driftCount.encode)].toSorted()),
        );
        expect((await run('unsettled', lines, batchSize)).toSorted()).toEqual(plain.unsettled.toSorted());
      }),
      { numRuns: 500 },
    );
  });

  test('gives each object one verdict, with the bytes of the listing, in the order of the books', async () => {
    const lines = shuffle({
      'to-copy': [listed('a', 1), listed('b', 20), listed('c', 300), listed('d', 4_000), listed('e', 50_000), listed('e', 600_000), listed('f', 7_000_000)],
      ledger: [
        recorded('a', { size: 999 }),
        recorded('b'),
        recorded('c', { outcome: 'skipped', proof: null, reason: 'archived' }),
        recorded('d', { ...FAILED, reason: 'throttled' }),
        recorded('e', { ...FAILED, reason: 'access-denied' }),
        recorded('g', { size: 8 }),
      ],
    });
    expect(await run('counts', lines)).toEqual([
      'copied\t\\N\t2\t21',
      'skipped\tarchived\t1\t300',
      'failed\taccess-denied\t1\t50000',
      'failed\tnot-recorded\t1\t7000000',
      'failed\tthrottled\t1\t4000',
      'unlisted\t\\N\t1\t8',
      'duplicate\t\\N\t1\t600000',
    ]);
  });

  test('hands the lines that another round may settle over as they were', async () => {
    const line = objectRecord.encode({ ...objectRecord.decode(listed(' odd\t%\\key')), storageClass: 'GLACIER', etag: null });
    const lines = shuffle({
      'to-copy': [line, listed('copied'), listed('final'), listed('lost')],
      ledger: [
        recorded(' odd\t%\\key', { ...FAILED, reason: 'part-map-mismatch' }),
        recorded('copied'),
        recorded('final', { ...FAILED, reason: 'etag-mismatch' }),
      ],
    });
    expect((await run('unsettled', lines)).toSorted()).toEqual([line, listed('lost')].toSorted());
  });

  test.each<readonly [string, readonly Partial<LedgerRow>[], string]>([
    ['copied before all', [{ ...FAILED, reason: 'throttled', round: 3 }, {}, { outcome: 'skipped', proof: null, reason: 'archived', round: 2 }], 'copied\t\\N'],
    [
      'skipped before failed',
      [
        { ...FAILED, reason: 'throttled', round: 2 },
        { outcome: 'skipped', proof: null, reason: 'archived' },
      ],
      'skipped\tarchived',
    ],
    [
      'the newest round',
      [
        { ...FAILED, reason: 'throttled', round: 2 },
        { ...FAILED, reason: 'timed-out', round: 10 },
        { ...FAILED, reason: 'unexpected', round: 9 },
      ],
      'failed\ttimed-out',
    ],
    [
      'the newest time',
      [
        { ...FAILED, reason: 'throttled', time: '2026-11-20 12:00:01' },
        { ...FAILED, reason: 'timed-out' },
      ],
      'failed\tthrottled',
    ],
  ])('takes of several ledger rows %s', async (_what, rows, verdict) => {
    for (const ledger of [rows, rows.toReversed()]) {
      const lines = shuffle({ 'to-copy': [listed('a')], ledger: ledger.map((change) => recorded('a', change)) });
      expect(await run('counts', lines)).toEqual([`${verdict}\t1\t10`]);
    }
  });

  test('takes the same of several equal ledger rows in any order, so that what is counted as unsettled is collected', async () => {
    const rows = [
      recorded('a', { ...FAILED, reason: 'throttled' }),
      recorded('a', { ...FAILED, reason: 'access-denied' }),
      recorded('a', { ...FAILED, reason: 'timed-out' }),
    ];
    for (const ledger of [rows, rows.toReversed()]) {
      const lines = shuffle({ 'to-copy': [listed('a')], ledger });
      expect(await run('counts', lines)).toEqual(['failed\taccess-denied\t1\t10']);
      expect(await run('unsettled', lines)).toEqual([]);
    }
  });

  test('tells keys apart that begin alike, and does not mind which side comes first', async () => {
    const lines = [
      reconcileMapper('ledger')(recorded('a')),
      reconcileMapper('to-copy')(listed('a')),
      reconcileMapper('to-copy')(listed('a%')),
      reconcileMapper('to-copy')(listed('aa')),
      reconcileMapper('ledger')(recorded('aa')),
    ];
    expect(await run('counts', lines)).toEqual(['copied\t\\N\t2\t20', 'failed\tnot-recorded\t1\t10']);
  });

  test('keeps a sum exact that no number holds on its way', async () => {
    const odd = 2 ** 51 + 1;
    const lines = shuffle({ 'to-copy': Array.from({ length: 9 }, (_, n) => listed(`k${n}`, odd)), ledger: [] });
    expect(await run('counts', lines)).toEqual([`failed\tnot-recorded\t9\t${BigInt(Number(BigInt(odd) * 9n))}`]);
  });

  test('has nothing to say of nothing', async () => {
    expect(await run('counts', [])).toEqual([]);
    expect(await run('unsettled', [])).toEqual([]);
  });

  test.each([
    ['one column', 'key', 'is one column'],
    ['another side', 'key\tother\te\t1', 'has neither to-copy nor ledger as its second column'],
    ['too few columns', 'key\tto-copy\te', 'has too few columns'],
    ['a short ledger row', 'key\tledger\tto/key\t1\te\te\t0\tcopied', 'has too few columns'],
    ['a size that is none', 'key\tto-copy\te\t1x\t2026', 'has no whole number where its size should be'],
    ['a padded size', 'key\tto-copy\te\t01\t2026', 'has no whole number where its size should be'],
    ['no size', 'key\tto-copy\te\t\t2026', 'has no whole number where its size should be'],
    ['a size beyond all numbers', 'key\tto-copy\te\t99999999999999999\t2026', 'has no whole number where its size should be'],
  ])('refuses a line with %s', async (_what, line, reason) => {
    // The ledger's columns are read for objects that were to be copied.
    const lines = [reconcileMapper('to-copy')(listed('key')), line];
    await expect(run('counts', lines)).rejects.toThrow(reason);
  });

  test.each(['copied\tarchived', 'failed\t\\N', 'unchanged\t\\N', 'failed\tbored', 'lost\tarchived'])('refuses the outcome and reason %j', async (pair) => {
    const [outcome, reason] = pair.split('\t') as [string, string];
    const line = recorded('a').split('\t').with(6, outcome).with(7, reason).join('\t');
    await expect(run('counts', [reconcileMapper('to-copy')(listed('a')), reconcileMapper('ledger')(line)])).rejects.toThrow('is none of a ledger row');
  });
});

describe('the drift', () => {
  const copied = (key: string, drift: string | null, change: Partial<LedgerRow> = {}): string =>
    reconcileMapper('ledger')(ledgerRow.encode({ ...ROW, key, drift, ...change }));
  const toCopy = (key: string, size: number): string => reconcileMapper('to-copy')(listed(key, size));
  const failed = { outcome: 'failed', reason: 'throttled', proof: null, destinationEtag: null } as const;

  test('is counted by aspect and fate, of what was copied alone, by the sizes of the listing', async () => {
    const lines = [
      ...[toCopy('a', 10), copied('a', 'kkkkuukkn')],
      ...[toCopy('b', 20), copied('b', 'lkkkuukln')],
      ...[toCopy('c', 40), copied('c', null, failed)],
      ...[toCopy('d', 80), copied('d', null)],
    ];
    const { drift } = settledCounts(await run('counts', lines));
    expect(drift.filter(({ aspect }) => aspect === 'etag' || aspect === 'checksum' || aspect === 'object-lock')).toEqual([
      { aspect: 'etag', fate: 'kept', objects: 1, bytes: 10 },
      { aspect: 'etag', fate: 'lost', objects: 1, bytes: 20 },
      { aspect: 'checksum', fate: 'kept', objects: 1, bytes: 10 },
      { aspect: 'checksum', fate: 'lost', objects: 1, bytes: 20 },
    ]);
    expect(drift.find(({ aspect }) => aspect === 'website-redirect')).toEqual({ aspect: 'website-redirect', fate: 'unseen', objects: 2, bytes: 30 });
  });

  test('is that of the best row of several', async () => {
    const lines = [toCopy('a', 10), copied('a', 'lllllllll', { round: 1 }), copied('a', 'kkkkkkkkk', { round: 2 }), copied('a', null, { ...failed, round: 3 })];
    const { drift } = settledCounts(await run('counts', lines));
    expect(new Set(drift.map(({ fate, objects }) => `${fate} ${objects}`))).toEqual(new Set(['kept 1']));
  });

  test('of a line of the first version is nothing, and a letter that is none ends the step', async () => {
    const old = copied('a', null).split('\t').slice(0, 15).join('\t');
    expect(settledCounts(await run('counts', [toCopy('a', 10), old])).drift).toEqual([]);
    await expect(run('counts', [toCopy('a', 10), copied('a', 'kkk').replace(/kkk$/, 'kxk')])).rejects.toThrow('drift "kxk" is none of a ledger row');
  });

  test('stays exact where bytes pass 2^53', async () => {
    const size = Number.MAX_SAFE_INTEGER - 1;
    const { drift } = settledCounts(
      await run('counts', [toCopy('a', size), copied('a', 'k'), toCopy('b', size), copied('b', 'k'), toCopy('c', 7), copied('c', 'k')]),
    );
    expect(drift[0]).toEqual({ aspect: 'etag', fate: 'kept', objects: 3, bytes: Number(2n * BigInt(size) + 7n) });
  });

  test('is not told where the rows that another round may settle are asked for', async () => {
    expect(await run('unsettled', [toCopy('a', 10), copied('a', 'kkkkkkkkk')])).toEqual([]);
  });
});
