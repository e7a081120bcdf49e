/** The checksums that S3 stores beside objects: their names in headers and in documents. */
import { nextElement } from './xml.ts';

/**
 * As botocore's `ChecksumAlgorithm` has them (2026). Only the first five may be of one part and of the whole object; those after them are of
 * parts alone.
 */
export const CHECKSUM_ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256', 'SHA512', 'MD5', 'XXHASH64', 'XXHASH3', 'XXHASH128'] as const;

/** Suffix of `x-amz-checksum-` (lower case) to value in Base64, with `-<parts>` behind a composite one. */
export type Checksums = Readonly<Record<string, string>>;

/** The header that carries a checksum of this algorithm. */
export function checksumHeader(algorithm: string): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** The element that carries it, such as `ChecksumCRC32C`. */
export function checksumElement(algorithm: string): string {
  return `Checksum${algorithm}`;
}

/** The checksum of an algorithm; null where it is not there. */
export function checksumIn(checksums: Checksums, algorithm: string): string | null {
  return checksums[algorithm.toLowerCase()] ?? null;
}

/** The checksums that a document names. */
export function checksumsIn(xml: string): Checksums {
  const checksums: Record<string, string> = {};
  if (!xml.includes('<Checksum')) return checksums;
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const value = nextElement(xml, checksumElement(algorithm));
    if (value !== null) checksums[algorithm.toLowerCase()] = value.content;
  }
  return checksums;
}
