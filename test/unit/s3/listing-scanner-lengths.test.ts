import { expect, test } from 'vitest';
import { ListingScanner } from '../../../emr-steps/s3/listing-scanner.ts';
import { listingXml, objectNamed } from '../list/listing-xml.ts';

test('a short key behind a long one is found, wherever the markup of the later entries stands', () => {
  const scanner = new ListingScanner();
  for (let length = 1; length <= 1024; length += 1) {
    const keys = ['a'.repeat(length), 'b1', 'b2', 'b3', 'b4', 'b5', 'b6', 'b7'];
    expect(scanner.scan(Buffer.from(listingXml({ objects: keys.map(objectNamed) }))).count, `a key of ${length} bytes`).toBe(keys.length);
  }
});
