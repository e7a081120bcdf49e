import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reconcileMapper, type Side } from '../../../emr-steps/reconcile/side.ts';
import { type VerifyOptions, verify } from '../../../emr-steps/reconcile/verify.ts';
import { judge, LOOK, type VerifiedObject } from '../../../emr-steps/reconcile/verify-rules.ts';
import { difference } from '../../../emr-steps/records/difference.ts';
import { type LedgerRow, ledgerRow } from '../../../emr-steps/records/ledger-row.ts';
import { objectRecord } from '../../../emr-steps/records/object-record.ts';
import { verdictCount } from '../../../emr-steps/records/verdict-count.ts';
import { fakeContext } from '../complete/fake-service.ts';

const ROW = ledgerRow.decode('a\tto/a\t10\te\te\t0\tcopied\t\\N\tetag\tserver-side\t1\t0\t2026-11-20 12:00:00\t\\N');
const row = (change: Partial<LedgerRow> = {}): LedgerRow => ({ ...ROW, ...change });
const BY_SIZE = row({ proof: 'size', destinationEtag: 'kms' });
const at = (etag: string | null, size = 10) => ({ etag, size });

describe('the verdict on one object', () => {
  test.each<readonly [string, VerifiedObject, string, string]>([
    ['same ETag and size', { source: at('e'), destination: at('e'), ledger: null }, 'equal-etag', 'equal-etag'],
    ['another size', { source: at('e'), destination: at('e', 9), ledger: row() }, 'size', 'size'],
    ['another ETag, no ledger', { source: at('e'), destination: at('f'), ledger: null }, 'etag', 'equal-size'],
    ['another ETag than the ledger proves', { source: at('e'), destination: at('f'), ledger: row() }, 'etag', 'equal-size'],
    ['no ETag at all', { source: at(null), destination: at(null), ledger: null }, 'etag', 'equal-size'],
    ['the very copy that the ledger proves by size', { source: at('e'), destination: at('kms'), ledger: BY_SIZE }, 'equal-size', 'equal-size'],
    [
      'the very copy that the ledger proves by checksum',
      { source: at('e'), destination: at('kms'), ledger: { ...BY_SIZE, proof: 'checksum' } },
      'equal-checksum',
      'equal-checksum',
    ],
    ['a copy that was written over since', { source: at('e'), destination: at('other'), ledger: BY_SIZE }, 'etag', 'etag'],
    ['a source that changed since', { source: at('new'), destination: at('kms'), ledger: BY_SIZE }, 'etag', 'etag'],
    ['not at the destination, no ledger', { source: at('e'), destination: null, ledger: null }, 'missing', 'missing'],
    ['copied and gone', { source: at('e'), destination: null, ledger: row() }, 'missing', 'missing'],
    ['skipped', { source: at('e'), destination: null, ledger: row({ outcome: 'skipped', reason: 'archived', proof: null }) }, 'left-out', 'left-out'],
    ['failed', { source: at('e'), destination: null, ledger: row({ outcome: 'failed', reason: 'throttled', proof: null }) }, 'failed', 'failed'],
    [
      'failed, but an equal object is there',
      { source: at('e'), destination: at('e'), ledger: row({ outcome: 'failed', reason: 'throttled', proof: null }) },
      'equal-etag',
      'equal-etag',
    ],
    ['only at the destination', { source: null, destination: at('e'), ledger: null }, 'extra', 'extra'],
    ['only in the ledger', { source: null, destination: null, ledger: row() }, 'unlisted', 'unlisted'],
  ])('%s', (_, object, byEtag, bySize) => {
    expect(judge(object, 'etag')).toMatchObject({ verdict: byEtag });
    expect(judge(object, 'size')).toMatchObject({ verdict: bySize });
  });
});

describe('where checksums are compared', () => {
  test.each<readonly [string, VerifiedObject, string]>([
    ['another ETag', { source: at('e'), destination: at('f'), ledger: null }, 'look'],
    ['a copy that the ledger proves by size only', { source: at('e'), destination: at('kms'), ledger: BY_SIZE }, 'look'],
    ['a copy that was written over since', { source: at('e'), destination: at('other'), ledger: BY_SIZE }, 'look'],
    ['a copy that the ledger proves by checksum', { source: at('e'), destination: at('kms'), ledger: { ...BY_SIZE, proof: 'checksum' } }, 'equal-checksum'],
    ['the same ETag', { source: at('e'), destination: at('e'), ledger: null }, 'equal-etag'],
    ['another size', { source: at('e'), destination: at('f', 9), ledger: null }, 'size'],
  ])('%s is settled by what is known, or needs a look', (_, object, verdict) => {
    const judged = judge(object, 'checksum');
    expect(judged === LOOK ? LOOK : judged.verdict).toBe(verdict);
  });
});

const listed = (key: string, etag: string, size = 10): string =>
  objectRecord.encode({ ...objectRecord.decode(`k\t${etag}\t${size}\t2026-11-20 12:00:00`), key });

/** What Hadoop does between mapper and reducer, in one batch a key as runReducer gives it. */
async function run(sides: Partial<Record<Side, readonly string[]>>, options: Partial<VerifyOptions> = {}): Promise<readonly string[]> {
  const lines = (['source', 'destination', 'ledger'] as const).flatMap((side) => (sides[side] ?? []).map(reconcileMapper(side)));
  const columns = (line: string): Buffer => Buffer.from(line.split('\t').slice(0, 2).join('\t'));
  const groups = [
    ...Map.groupBy(
      lines.toSorted((a, b) => Buffer.compare(columns(a), columns(b))),
      (line) => line.slice(0, line.indexOf('\t')),
    ).values(),
  ];
  async function* batches(): AsyncGenerator<readonly string[]> {
    for (const group of groups) yield group;
  }
  const out: string[] = [];
  for await (const batch of verify({ emit: 'differences', compare: 'etag', extras: false, ...options })(batches(), fakeContext())) out.push(...batch);
  return out;
}

describe('verify', () => {
  const sides = {
    source: [listed('same', 'e'), listed(' odd\t%', 'e'), listed('gone', 'e', 7), listed('cold', 'e', 3), listed('twice', 'e'), listed('twice', 'e')],
    destination: [listed('same', 'e'), listed(' odd\t%', 'f'), listed('twice', 'e'), listed('more', 'e', 99)],
    ledger: [
      ledgerRow.encode(row({ key: 'gone', outcome: 'failed', reason: 'throttled', proof: null, time: '2026-11-20 12:00:00' })),
      ledgerRow.encode(row({ key: 'gone', round: 2 })),
      ledgerRow.encode(row({ key: 'cold', outcome: 'skipped', reason: 'archived', proof: null })),
    ],
  };

  test('writes a row for each object that differs, with both sides and the best row of the ledger', async () => {
    const rows = (await run(sides)).map(difference.decode);
    expect(rows.map(({ key, kind }) => `${key} ${kind}`).toSorted()).toEqual([' odd\t% etag', 'gone missing', 'twice duplicate']);
    expect(rows.find(({ key }) => key === 'gone')).toMatchObject({ sourceSize: 7, destinationSize: null, outcome: 'copied', reason: null, proof: 'etag' });
    expect(rows.find(({ key }) => key === ' odd\t%')).toMatchObject({ sourceEtag: 'e', destinationEtag: 'f', outcome: null, detail: null });
  });

  test('writes extras where they are asked for', async () => {
    expect((await run(sides, { extras: true })).map(difference.decode)).toContainEqual(
      expect.objectContaining({ key: 'more', kind: 'extra', destinationSize: 99 }),
    );
  });

  test('counts each key once and each further line as a duplicate', async () => {
    expect((await run(sides, { emit: 'verdicts' })).map(verdictCount.decode)).toEqual([
      { verdict: 'equal-etag', objects: 2, bytes: 20 },
      { verdict: 'left-out', objects: 1, bytes: 3 },
      { verdict: 'missing', objects: 1, bytes: 7 },
      { verdict: 'etag', objects: 1, bytes: 10 },
      { verdict: 'extra', objects: 1, bytes: 99 },
      { verdict: 'duplicate', objects: 1, bytes: 10 },
    ]);
  });

  test('adds up bytes exactly however many come together', async () => {
    const half = 2 ** 52 + 1;
    const keys = ['a', 'b', 'c', 'd'];
    const sides = { source: keys.map((key, at) => listed(key, 'e', at === 3 ? 3 : half)), destination: [] };
    const [count] = (await run(sides, { emit: 'verdicts' })).map(verdictCount.decode);
    expect(count).toEqual({ verdict: 'missing', objects: 4, bytes: Number(3n * BigInt(half) + 3n) });
  });

  test('has a verdict for every key of any side, whatever its characters', async () => {
    const keys = fc.uniqueArray(fc.string({ unit: 'binary', maxLength: 4 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(keys, keys, keys, async (source, destination, recorded) => {
        const given = {
          source: source.map((key) => listed(key, 'e')),
          destination: destination.map((key) => listed(key, 'e')),
          ledger: recorded.map((key) => ledgerRow.encode(row({ key }))),
        };
        const counts = (await run(given, { emit: 'verdicts' })).map(verdictCount.decode);
        expect(counts.reduce((sum, { objects }) => sum + objects, 0)).toBe(new Set([...source, ...destination, ...recorded]).size);
        const rows = (await run(given, { extras: true })).map(difference.decode);
        expect(
          rows
            .filter(({ kind }) => kind === 'missing')
            .map(({ key }) => key)
            .toSorted(),
        ).toEqual(source.filter((key) => !destination.includes(key)).toSorted());
      }),
    );
  });

  test('looks at both objects where only that can tell, so many at once, and takes their word', async () => {
    const looked: string[] = [];
    const [underWay, most] = [new Set<string>(), { keys: 0 }];
    const look: VerifyOptions['look'] = async (key) => {
      looked.push(key);
      underWay.add(key);
      most.keys = Math.max(most.keys, underWay.size);
      await turn();
      underWay.delete(key);
      return key === 'bad' ? { verdict: 'etag', detail: 'checksums differ' } : { verdict: 'equal-checksum', detail: null };
    };
    const keys = ['bad', 'a%', 'b', 'c', 'd'];
    const given = { source: [...keys, 'same'].map((key) => listed(key, 'e')), destination: [...keys.map((key) => listed(key, 'f')), listed('same', 'e')] };
    const options = { compare: 'checksum', look, concurrency: 2 } as const;
    expect((await run(given, options)).map(difference.decode)).toMatchObject([{ key: 'bad', kind: 'etag', detail: 'checksums differ' }]);
    expect(looked.toSorted()).toEqual(keys.toSorted());
    expect(most.keys).toBe(2);
    expect((await run(given, { ...options, emit: 'verdicts' })).map(verdictCount.decode)).toEqual([
      { verdict: 'equal-etag', objects: 1, bytes: 10 },
      { verdict: 'equal-checksum', objects: 4, bytes: 40 },
      { verdict: 'etag', objects: 1, bytes: 10 },
    ]);
  });

  test('refuses a line of a side that it does not join', async () => {
    await expect(run({ 'to-copy': [] }).then(() => run({ source: ['x'] }))).rejects.toThrow('one column');
  });
});
