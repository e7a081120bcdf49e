import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { collectObjects } from '../../../emr-steps/complete/collect-objects.ts';
import { paidObjects } from '../../../emr-steps/complete/parts-budget.ts';
import { mapConcurrently } from '../../../emr-steps/hadoop/concurrent.ts';
import type { CopyResult } from '../../../emr-steps/records/copy-result.ts';
import { batches, parts, whole } from './rows.ts';

const NEVER = new AbortController().signal;

describe('paidObjects', () => {
  test('hands over what fits, and waits with the next until parts are given back', async () => {
    const rows = [whole('a'), ...parts('b', 3), ...parts('c', 3), ...parts('d', 2), whole('e')];
    const objects = paidObjects(collectObjects(batches(rows)), NEVER, 5);
    const keys: string[] = [];
    for await (const batch of objects) {
      keys.push(batch.map(({ object }) => object.key).join());
      for (const { giveBack } of batch) giveBack?.();
    }
    expect(keys).toEqual(['a,b', 'c,d', 'e']);
  });

  test('never stands still, whatever the objects, the batches and the concurrency', async () => {
    const counts = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        counts,
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 60 }),
        async (all, limit, concurrency, batchSize) => {
          const rows = all.flatMap((count, n): readonly CopyResult[] => (count === 0 ? [whole(`k${n}`)] : parts(`k${n}`, count)));
          let held = 0;
          let most = 0;
          const settle = ({ object, giveBack }: { object: { key: string; uploads: readonly { partCount: number }[] }; giveBack: (() => void) | null }) => {
            const [count = 0] = object.uploads.map((upload) => upload.partCount);
            held += count;
            most = Math.max(most, held);
            const end = (): readonly string[] => {
              held -= count;
              giveBack?.();
              return [object.key];
            };
            return giveBack === null ? end() : new Promise<readonly string[]>((resolve) => setImmediate(() => resolve(end())));
          };
          const keys: string[] = [];
          const paid = paidObjects(collectObjects(batches(rows, batchSize)), NEVER, limit);
          for await (const batch of mapConcurrently(paid, settle, { concurrency, signal: NEVER })) keys.push(...batch);
          expect(keys.toSorted()).toEqual(all.map((_, n) => `k${n}`).toSorted());
          // A larger one than the limit runs alone.
          expect(most).toBeLessThanOrEqual(Math.max(limit, ...all));
        },
      ),
      { numRuns: 200 },
    );
  });
});
