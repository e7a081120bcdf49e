/** CRC-64/NVME, as `x-amz-checksum-crc64nvme` wants it. */
import { crcTables } from './crc-tables.ts';

/** The reflected polynomial. */
export const CRC64NVME_POLYNOMIAL = 0x9a6c9329ac4bc9b5n;

const tables = crcTables(CRC64NVME_POLYNOMIAL, 64);
const LOW = tables.low;
const HIGH = tables.high as Uint32Array;

/** A running check: its register in two halves, so that no big integers are made on the way. */
export class Crc64Nvme {
  #low = 0xffffffff;
  #high = 0xffffffff;

  update(bytes: Uint8Array): void {
    let low = this.#low;
    let high = this.#high;
    let index = 0;
    const eights = bytes.length - (bytes.length % 8);
    for (; index < eights; index += 8) {
      const a = low ^ word(bytes, index);
      const b = high ^ word(bytes, index + 4);
      low = folded(LOW, a, b);
      high = folded(HIGH, a, b);
    }
    for (; index < bytes.length; index++) {
      const entry = (low ^ (bytes[index] as number)) & 0xff;
      low = (LOW[entry] as number) ^ ((low >>> 8) | (high << 24));
      high = (HIGH[entry] as number) ^ (high >>> 8);
    }
    this.#low = low;
    this.#high = high;
  }

  /** The check of all bytes so far. */
  value(): bigint {
    return (BigInt(~this.#high >>> 0) << 32n) | BigInt(~this.#low >>> 0);
  }
}

function word(bytes: Uint8Array, index: number): number {
  return (bytes[index] as number) | ((bytes[index + 1] as number) << 8) | ((bytes[index + 2] as number) << 16) | ((bytes[index + 3] as number) << 24);
}

function folded(table: Uint32Array, a: number, b: number): number {
  return (
    (table[1792 + (a & 0xff)] as number) ^
    (table[1536 + ((a >>> 8) & 0xff)] as number) ^
    (table[1280 + ((a >>> 16) & 0xff)] as number) ^
    (table[1024 + (a >>> 24)] as number) ^
    (table[768 + (b & 0xff)] as number) ^
    (table[512 + ((b >>> 8) & 0xff)] as number) ^
    (table[256 + ((b >>> 16) & 0xff)] as number) ^
    (table[b >>> 24] as number)
  );
}
