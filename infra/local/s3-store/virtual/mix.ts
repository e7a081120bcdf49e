/** Numbers that look random and are computed: every attribute of a virtual object is a mix of its place in the key order. */

/** The finalizer of MurmurHash3: a bijection on 32-bit integers that spreads every input bit over the whole output. */
export function mix32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** A mix of a value under a salt, so that one index gives many independent numbers. Signed 32-bit. */
export function mixWith(value: number, salt: number): number {
  return mix32(mix32(value ^ salt) + salt);
}

/** A number from 0 up to and not including 1, with 32 bits. */
export function fraction(value: number, salt: number): number {
  return (mixWith(value, salt) >>> 0) / 0x1_0000_0000;
}
