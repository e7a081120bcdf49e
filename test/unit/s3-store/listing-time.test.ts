import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listingTime } from '../../../infra/local/s3-store/operations/listing-time.ts';

test('a time in a listing is what Date would write', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e12, max: 4e12 }), fc.integer({ min: 0, max: 1e9 }), (at, later) => {
      expect([listingTime(at), listingTime(at + later)]).toEqual([new Date(at).toISOString(), new Date(at + later).toISOString()]);
    }),
  );
});
