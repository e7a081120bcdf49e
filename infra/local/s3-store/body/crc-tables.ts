/** Reflected cyclic redundancy checks by eight tables at once ("slicing by 8"), for those that Node lacks. Wide ones are kept as two 32-bit halves. */

/** Table `t`, byte `b` stands at `t * 256 + b`: what b does to the register when t more bytes follow it. */
export interface CrcTables {
  readonly low: Uint32Array;
  /** Null for a check of 32 bits. */
  readonly high: Uint32Array | null;
}

const MASK = 0xffffffffn;

function registerAfter(byte: bigint, polynomial: bigint): bigint {
  let register = byte;
  for (let bit = 0; bit < 8; bit++) register = (register & 1n) === 1n ? (register >> 1n) ^ polynomial : register >> 1n;
  return register;
}

/** Tables for a reflected polynomial of up to 64 bits. */
export function crcTables(polynomial: bigint, bits: 32 | 64): CrcTables {
  const low = new Uint32Array(2048);
  const high = bits === 64 ? new Uint32Array(2048) : null;
  const first = Array.from({ length: 256 }, (_, byte) => registerAfter(BigInt(byte), polynomial));
  let previous = first;
  for (let table = 0; table < 8; table++) {
    if (table > 0) previous = previous.map((register) => (first[Number(register & 0xffn)] as bigint) ^ (register >> 8n));
    for (const [byte, register] of previous.entries()) {
      low[table * 256 + byte] = Number(register & MASK);
      if (high !== null) high[table * 256 + byte] = Number(register >> 32n);
    }
  }
  return { low, high };
}
