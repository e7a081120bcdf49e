import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_PART_BYTES, MAX_PARTS, MIN_PART_BYTES } from '../../../emr-steps/multipart/limits.ts';
import { CLI_PART_BYTES, cliPartSize } from '../../../emr-steps/multipart/part-size.ts';

const MIB = 1024 * 1024;

test.each([
  [0, 8 * MIB],
  [1, 8 * MIB],
  [20_971_520, 8 * MIB],
  [10_000 * 8 * MIB, 8 * MIB],
  [10_000 * 8 * MIB + 1, 16 * MIB],
  [5 * 1024 * 1024 * MIB, 1024 * MIB],
  [MAX_PARTS * MAX_PART_BYTES, MAX_PART_BYTES],
])('the AWS CLI uploads %d bytes in parts of %d', (size, partSize) => {
  expect(cliPartSize(size)).toBe(partSize);
});

test('a preferred size below the least is raised to it', () => {
  expect(cliPartSize(100 * MIB, MIB)).toBe(MIN_PART_BYTES);
});

test('what 10,000 parts do not hold is refused with both numbers', () => {
  expect(() => cliPartSize(MAX_PARTS * MAX_PART_BYTES + 1)).toThrow(/53687091200001 bytes .*10000 parts of 5368709120/);
});

test('at most 10,000 parts, and half the size would be too many or below the preferred one', () => {
  fc.assert(
    fc.property(
      fc.maxSafeNat().filter((size) => size <= MAX_PARTS * MAX_PART_BYTES),
      (size) => {
        const partSize = cliPartSize(size);
        expect(Math.ceil(size / partSize)).toBeLessThanOrEqual(MAX_PARTS);
        expect(partSize === CLI_PART_BYTES || partSize === MAX_PART_BYTES || Math.ceil(size / (partSize / 2)) > MAX_PARTS).toBe(true);
      },
    ),
  );
});
