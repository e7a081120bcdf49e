import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHECKSUM_ALGORITHMS, checksumElement, checksumHeader, checksumIn, checksumsIn } from '../../../emr-steps/s3/checksum-names.ts';
import { crc32c } from '../../../emr-steps/s3/crc32c.ts';
import { canCompute, runningChecksum } from '../../../emr-steps/s3/running-checksum.ts';

function checksumOf(algorithm: string, chunks: readonly Uint8Array[]): string {
  const running = runningChecksum(algorithm);
  for (const chunk of chunks) running.update(chunk);
  return running.value();
}

/** Bit by bit. */
function plainCrc32c(bytes: Uint8Array): number {
  let register = 0xffffffff;
  for (const byte of bytes) {
    register ^= byte;
    for (let bit = 0; bit < 8; bit += 1) register = register & 1 ? (register >>> 1) ^ 0x82f63b78 : register >>> 1;
  }
  return ~register >>> 0;
}

describe('a checksum that is computed here', () => {
  const digits = Buffer.from('123456789');

  it.each([
    ['CRC32', 'cbf43926'],
    ['CRC32C', 'e3069283'],
    ['SHA1', hash('sha1', digits)],
    ['SHA256', hash('sha256', digits)],
    ['SHA512', hash('sha512', digits)],
    ['MD5', hash('md5', digits)],
  ])('%s of the digits is the known one', (algorithm, hex) => {
    expect(canCompute(algorithm)).toBe(true);
    expect(Buffer.from(checksumOf(algorithm, [digits]), 'base64').toString('hex')).toBe(hex);
  });

  it('is the same in whatever pieces the bytes come', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 6 }), fc.constantFrom('CRC32', 'CRC32C', 'SHA256'), (chunks, algorithm) => {
        expect(checksumOf(algorithm, chunks)).toBe(checksumOf(algorithm, [Buffer.concat(chunks)]));
        expect(crc32c(Buffer.concat(chunks))).toBe(plainCrc32c(Buffer.concat(chunks)));
      }),
    );
  });

  it('has its leading zeros', () => {
    const small = Array.from({ length: 5000 }, (_, at) => Buffer.from(String(at))).find((bytes) => crc32c(bytes) < 0x1000000) as Buffer;
    expect(Buffer.from(checksumOf('CRC32C', [small]), 'base64')).toHaveLength(4);
  });

  it.each(['CRC64NVME', 'XXHASH3', 'toString', ''])('is not %j', (algorithm) => {
    expect(canCompute(algorithm)).toBe(false);
    expect(() => runningChecksum(algorithm)).toThrow('is not computed here');
  });
});

describe('the names of checksums', () => {
  it('stand in headers and elements', () => {
    expect([checksumHeader('CRC64NVME'), checksumElement('CRC64NVME')]).toEqual(['x-amz-checksum-crc64nvme', 'ChecksumCRC64NVME']);
  });

  it('are found in a document, each for itself', () => {
    const xml = CHECKSUM_ALGORITHMS.map((algorithm) => `<Checksum${algorithm}>of ${algorithm}</Checksum${algorithm}>`).join('');
    const checksums = checksumsIn(`<R>${xml}<ChecksumType>COMPOSITE</ChecksumType></R>`);
    expect(Object.keys(checksums)).toHaveLength(CHECKSUM_ALGORITHMS.length);
    for (const algorithm of CHECKSUM_ALGORITHMS) expect(checksumIn(checksums, algorithm)).toBe(`of ${algorithm}`);
    expect([checksumsIn('<R/>'), checksumsIn('<R><ChecksumType>COMPOSITE</ChecksumType></R>'), checksumIn({}, 'SHA1')]).toEqual([{}, {}, null]);
  });
});
