import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksumOfShape, KeyChecksum, type KeySum } from '../../../../infra/local/s3-store/virtual/key-checksum.ts';
import { keyShape, SHAPE_NAMES } from '../../../../infra/local/s3-store/virtual/shape-names.ts';

function sumOf(keys: readonly string[]): KeySum {
  const checksum = new KeyChecksum();
  for (const key of keys) checksum.add(Buffer.from(key));
  return checksum.value();
}

const someKeys = fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 30 });

describe('the checksum of a set of keys', () => {
  it('is the same in any order', () => {
    fc.assert(
      fc.property(someKeys, (keys) => {
        expect(sumOf(keys.toReversed())).toEqual(sumOf(keys));
        expect(sumOf(keys.toSorted())).toEqual(sumOf(keys));
      }),
    );
  });

  it('is the sum of the hashes modulo 2^64, so that halves can be added', () => {
    fc.assert(
      fc.property(someKeys, someKeys, (some, others) => {
        const both = new KeyChecksum();
        both.merge(sumOf(some));
        both.merge(sumOf(others));
        expect(both.value()).toEqual(sumOf([...some, ...others]));
        const total = [...some, ...others].reduce((sum, key) => sum + BigInt(`0x${sumOf([key]).sum}`), 0n);
        expect(BigInt(`0x${both.value().sum}`)).toBe(total % 2n ** 64n);
      }),
    );
  });

  it('notices one key lost and another listed twice', () => {
    expect(sumOf(['a', 'b', 'b']).sum).not.toBe(sumOf(['a', 'b', 'c']).sum);
    expect(sumOf(['a', 'a', 'c']).sum).not.toBe(sumOf(['a', 'b', 'c']).sum);
  });

  it('notices any byte of a key', () => {
    const key = Buffer.from('object-000000000042.json');
    const seen = new Set<string>();
    for (let at = 0; at < key.length; at += 1) {
      for (const change of [1, 128]) {
        const changed = Buffer.from(key);
        changed[at] = (changed[at] as number) ^ change;
        seen.add(sumOf([changed.toString('latin1')]).sum);
      }
    }
    expect(seen.size).toBe(2 * key.length);
  });

  it('has no equal hashes among a hundred thousand neighbouring keys', () => {
    const hashes = new Set<string>();
    for (let index = 0; index < 100_000; index += 1) hashes.add(sumOf([`object-${index}`]).sum);
    expect(hashes.size).toBe(100_000);
  });

  it('of a whole shape is the sum of its pieces', () => {
    for (const name of SHAPE_NAMES) {
      const shape = keyShape(name, 10_000);
      const pieces = new KeyChecksum();
      for (let from = 0; from < 10_000; from += 2500) pieces.merge(checksumOfShape(shape, from, from + 2500));
      expect(pieces.value()).toEqual(checksumOfShape(shape));
      expect(pieces.value().keys).toBe(10_000);
    }
  });
});
