/** Checksums that are computed here: of the parts of an upload whose checksum is COMPOSITE. All others S3 computes by itself. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { crc32c } from './crc32c.ts';

/** A checksum that is fed bytes. */
export interface RunningChecksum {
  readonly algorithm: string;
  update(bytes: Uint8Array): void;
  /** Base64. Asked for once. */
  value(): string;
}

const CRCS: Readonly<Record<string, (bytes: Uint8Array, before: number) => number>> = { CRC32: crc32, CRC32C: crc32c };
const DIGESTS: Readonly<Record<string, string>> = { SHA1: 'sha1', SHA256: 'sha256', SHA512: 'sha512', MD5: 'md5' };

function crcOf(algorithm: string, step: (bytes: Uint8Array, before: number) => number): RunningChecksum {
  let register = 0;
  return {
    algorithm,
    update: (bytes) => {
      register = step(bytes, register);
    },
    value: () => Buffer.from(register.toString(16).padStart(8, '0'), 'hex').toString('base64'),
  };
}

function digestOf(algorithm: string, name: string): RunningChecksum {
  const hash = createHash(name);
  return { algorithm, update: (bytes) => void hash.update(bytes), value: () => hash.digest('base64') };
}

/** Whether parts with this checksum can be uploaded from here. */
export function canCompute(algorithm: string): boolean {
  return Object.hasOwn(CRCS, algorithm) || Object.hasOwn(DIGESTS, algorithm);
}

/** Begins a checksum. @throws TypeError for an algorithm that {@link canCompute} denies */
export function runningChecksum(algorithm: string): RunningChecksum {
  const [crc, digest] = canCompute(algorithm) ? [CRCS[algorithm], DIGESTS[algorithm]] : [];
  if (crc !== undefined) return crcOf(algorithm, crc);
  if (digest === undefined) throw new TypeError(`the checksum ${algorithm} is not computed here; ask canCompute first`);
  return digestOf(algorithm, digest);
}
