import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CHECKSUM_ALGORITHMS, checksumOfParts, checksumTypeFor, isChecksum, runningChecksum } from '../../../../infra/local/s3-store/body/checksums.ts';
import { combineCrcs } from '../../../../infra/local/s3-store/body/crc-combine.ts';
import type { ChecksumAlgorithm } from '../../../../infra/local/s3-store/bucket.ts';

function checksum(algorithm: ChecksumAlgorithm, ...pieces: readonly Uint8Array[]): string {
  const running = runningChecksum(algorithm);
  for (const piece of pieces) running.update(piece);
  return running.value();
}

/** The catalogue's check values, of "123456789". */
const CHECK_VALUES = {
  CRC32: 'cbf43926',
  CRC32C: 'e3069283',
  CRC64NVME: 'ae8b14860a799888',
  SHA1: 'f7c3bc1d808e04732adf679965ccc34ca7ae3441',
  SHA256: '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
} as const;

describe('checksums', () => {
  test.each(CHECKSUM_ALGORITHMS)('%s of the digits 1 to 9 is the known value', (algorithm) => {
    expect(Buffer.from(checksum(algorithm, Buffer.from('123456789')), 'base64').toString('hex')).toBe(CHECK_VALUES[algorithm]);
  });

  test.each(CHECKSUM_ALGORITHMS)('%s does not depend on how the bytes are cut', (algorithm) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), fc.nat(70), (bytes, at) => {
        expect(checksum(algorithm, bytes.subarray(0, at), bytes.subarray(at))).toBe(checksum(algorithm, bytes));
      }),
    );
  });

  test.each(['CRC32', 'CRC32C', 'CRC64NVME'] as const)('%s of a whole object comes from those of its parts', (algorithm) => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 5 }), (parts) => {
        const known = parts.map((part) => ({ checksum: checksum(algorithm, part), size: part.length }));
        expect(checksumOfParts(algorithm, 'FULL_OBJECT', known)).toEqual({ algorithm, type: 'FULL_OBJECT', value: checksum(algorithm, Buffer.concat(parts)) });
      }),
    );
  });

  test('combining works for parts as large as they come', () => {
    const [a, b] = [randomBytes(1000), Buffer.alloc(8 * 1024 * 1024 + 1, 7)];
    expect(combineCrcs(BigInt(crc32(a)), BigInt(crc32(b)), b.length, 0xedb88320n, 32)).toBe(BigInt(crc32(Buffer.concat([a, b]))));
  });

  test("a composite checksum is that of the parts' checksums, with their number", () => {
    const parts = ['a', 'b'].map((text) => ({ checksum: checksum('SHA256', Buffer.from(text)), size: 1 }));
    const joined = Buffer.concat(parts.map((part) => Buffer.from(part.checksum, 'base64')));
    expect(checksumOfParts('SHA256', 'COMPOSITE', parts).value).toBe(`${checksum('SHA256', joined)}-2`);
  });

  test.each([
    ['CRC64NVME', undefined, 'FULL_OBJECT'],
    ['CRC32', undefined, 'COMPOSITE'],
    ['CRC32', 'FULL_OBJECT', 'FULL_OBJECT'],
    ['SHA256', undefined, 'COMPOSITE'],
  ] as const)('%s asked for as %s is %s', (algorithm, wanted, type) => {
    expect(checksumTypeFor(algorithm, wanted)).toBe(type);
  });

  test.each([
    ['SHA256', 'FULL_OBJECT'],
    ['CRC64NVME', 'COMPOSITE'],
    ['CRC32', 'HALF'],
  ] as const)('%s cannot be %s', (algorithm, wanted) => {
    expect(() => checksumTypeFor(algorithm, wanted)).toThrow(expect.objectContaining({ code: 'InvalidRequest' }));
  });

  test('values of the wrong length or alphabet are no checksums', () => {
    expect(isChecksum('CRC32', 'AAAAAA==')).toBe(true);
    expect(isChecksum('CRC32', 'AAAAAAA=')).toBe(false);
    expect(isChecksum('CRC32', '!!!!!!==')).toBe(false);
  });
});
