import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawUpBooks, type OutcomeCount } from '../../../../emr-steps/books/books.ts';
import { addBooks } from '../../../../workflows/events/fan-out-output.ts';

const counts = fc.array(
  fc.record({
    outcome: fc.constantFrom('copied', 'skipped', 'failed', 'unlisted', 'duplicate'),
    reason: fc.constantFrom(null, 'throttled', 'access-denied'),
    objects: fc.nat(1000),
    bytes: fc.nat(1_000_000),
  }),
) as fc.Arbitrary<OutcomeCount[]>;
const tally = fc.record({ objects: fc.nat(5000), bytes: fc.nat(5_000_000) });

describe('addBooks', () => {
  it('gives what one run over both would have counted, but for two wrongs that make a right', () => {
    fc.assert(
      fc.property(tally, tally, counts, counts, (listedA, listedB, a, b) => {
        const sum = addBooks(drawUpBooks(listedA, { objects: 0, bytes: 0 }, a), drawUpBooks(listedB, { objects: 0, bytes: 0 }, b));
        const listed = { objects: listedA.objects + listedB.objects, bytes: listedA.bytes + listedB.bytes };
        const together = drawUpBooks(listed, { objects: 0, bytes: 0 }, [...a, ...b]);
        expect({ ...sum, balanced: null }).toEqual({ ...together, balanced: null });
        if (sum.balanced) expect(together.balanced).toBe(true);
      }),
    );
  });
});
