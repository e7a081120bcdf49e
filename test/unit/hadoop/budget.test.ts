import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Budget } from '../../../emr-steps/hadoop/budget.ts';

describe('Budget', () => {
  test('never lets more in than its capacity, lets everybody in at last, and holds all of it again at the end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.record({ amount: fc.nat(80), turns: fc.nat(3) }), { maxLength: 30 }),
        async (capacity, claims) => {
          const budget = new Budget(capacity);
          let held = 0;
          let most = 0;
          const entered: number[] = [];
          await Promise.all(
            claims.map(async (claim, n) => {
              const giveBack = await budget.take(claim.amount);
              entered.push(n);
              const share = Math.min(claim.amount, capacity);
              held += share;
              most = Math.max(most, held);
              for (let left = claim.turns; left > 0; left -= 1) await turn();
              held -= share;
              giveBack();
              giveBack();
            }),
          );
          expect(most).toBeLessThanOrEqual(capacity);
          expect(entered).toEqual(claims.map((_, n) => n));
          expect(budget.free).toBe(capacity);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('a large claim is not overtaken by small ones', async () => {
    const budget = new Budget(10);
    const first = await budget.take(5);
    const order: string[] = [];
    const large = budget.take(8).then((giveBack) => {
      order.push('large');
      giveBack();
    });
    const small = budget.take(1).then((giveBack) => {
      order.push('small');
      giveBack();
    });
    await turn();
    expect(order).toEqual([]);
    first();
    await Promise.all([large, small]);
    expect(order).toEqual(['large', 'small']);
  });

  test('an aborted claim leaves the queue, and those behind it enter', async () => {
    const budget = new Budget(10);
    const first = await budget.take(5);
    const abort = new AbortController();
    const large = budget.take(10, abort.signal);
    const small = budget.take(5);
    abort.abort(new Error('no longer needed'));
    await expect(large).rejects.toThrow('no longer needed');
    (await small)();
    first();
    expect(budget.free).toBe(10);
    await expect(budget.take(1, abort.signal)).rejects.toThrow('no longer needed');
  });

  test('refuses a capacity that would let nothing in', () => {
    expect(() => new Budget(0)).toThrow('above 0');
    expect(() => new Budget(Number.NaN)).toThrow('above 0');
  });
});
