/** CRC-32C (Castagnoli), as `x-amz-checksum-crc32c` wants it. */
import { crcTables } from './crc-tables.ts';

/** The reflected polynomial. */
export const CRC32C_POLYNOMIAL = 0x82f63b78n;

const { low: T } = crcTables(CRC32C_POLYNOMIAL, 32);

function at(index: number): number {
  return T[index] as number;
}

/** The check of `bytes`, going on from the check of what came before them (0 at the start). */
export function crc32c(bytes: Uint8Array, before = 0): number {
  let register = ~before;
  let index = 0;
  const eights = bytes.length - (bytes.length % 8);
  for (; index < eights; index += 8) {
    const a =
      register ^ ((bytes[index] as number) | ((bytes[index + 1] as number) << 8) | ((bytes[index + 2] as number) << 16) | ((bytes[index + 3] as number) << 24));
    register =
      at(1792 + (a & 0xff)) ^
      at(1536 + ((a >>> 8) & 0xff)) ^
      at(1280 + ((a >>> 16) & 0xff)) ^
      at(1024 + (a >>> 24)) ^
      at(768 + (bytes[index + 4] as number)) ^
      at(512 + (bytes[index + 5] as number)) ^
      at(256 + (bytes[index + 6] as number)) ^
      at(bytes[index + 7] as number);
  }
  for (; index < bytes.length; index++) register = at((register ^ (bytes[index] as number)) & 0xff) ^ (register >>> 8);
  return ~register >>> 0;
}
