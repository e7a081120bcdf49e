/** The check of two byte strings in a row from their checks alone: what S3 does at CompleteMultipartUpload for FULL_OBJECT checksums. */

/** Multiplies a vector of bits by a matrix whose rows are given lowest bit first. */
function times(matrix: readonly bigint[], vector: bigint): bigint {
  let sum = 0n;
  for (let row = 0, rest = vector; rest !== 0n; row++, rest >>= 1n) if ((rest & 1n) === 1n) sum ^= matrix[row] as bigint;
  return sum;
}

function squared(matrix: readonly bigint[]): bigint[] {
  return matrix.map((row) => times(matrix, row));
}

/** What one zero bit does to the register. */
function oneZeroBit(polynomial: bigint, bits: number): bigint[] {
  return Array.from({ length: bits }, (_, bit) => (bit === 0 ? polynomial : 1n << BigInt(bit - 1)));
}

/**
 * The check of A followed by B.
 * @param a - the check of A.
 * @param b - the check of B.
 * @param sizeOfB - bytes.
 * @param polynomial - reflected.
 */
export function combineCrcs(a: bigint, b: bigint, sizeOfB: number, polynomial: bigint, bits: 32 | 64): bigint {
  let register = a;
  let zeros = squared(squared(squared(oneZeroBit(polynomial, bits))));
  for (let rest = sizeOfB; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) register = times(zeros, register);
    if (rest > 1) zeros = squared(zeros);
  }
  return register ^ b;
}
