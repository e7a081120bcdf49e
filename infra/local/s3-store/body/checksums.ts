/** The five checksums that S3 keeps beside objects: computing, naming and combining them. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { ChecksumAlgorithm, StoredChecksum } from '../bucket.ts';
import type { Content } from '../content.ts';
import { ServiceError } from '../service-error.ts';
import { combineCrcs } from './crc-combine.ts';
import { CRC32C_POLYNOMIAL, crc32c } from './crc32c.ts';
import { CRC64NVME_POLYNOMIAL, Crc64Nvme } from './crc64nvme.ts';

/** All algorithms, in the order in which answers list them. */
export const CHECKSUM_ALGORITHMS: readonly ChecksumAlgorithm[] = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'];

/** A checksum that is fed bytes. */
export interface RunningChecksum {
  readonly algorithm: ChecksumAlgorithm;
  update(bytes: Uint8Array): void;
  /** Base64. */
  value(): string;
}

const BYTES: Readonly<Record<ChecksumAlgorithm, number>> = { CRC32: 4, CRC32C: 4, CRC64NVME: 8, SHA1: 20, SHA256: 32 };

function base64Of(value: bigint, bytes: number): string {
  return Buffer.from(value.toString(16).padStart(bytes * 2, '0'), 'hex').toString('base64');
}

function crc(algorithm: 'CRC32' | 'CRC32C', step: (bytes: Uint8Array, before: number) => number): RunningChecksum {
  let register = 0;
  return {
    algorithm,
    update: (bytes) => {
      register = step(bytes, register);
    },
    value: () => base64Of(BigInt(register), 4),
  };
}

function digest(algorithm: 'SHA1' | 'SHA256'): RunningChecksum {
  const hash = createHash(algorithm);
  return { algorithm, update: (bytes) => hash.update(bytes), value: () => hash.digest('base64') };
}

function crc64(): RunningChecksum {
  const register = new Crc64Nvme();
  return { algorithm: 'CRC64NVME', update: (bytes) => register.update(bytes), value: () => base64Of(register.value(), 8) };
}

/** Begins a checksum. */
export function runningChecksum(algorithm: ChecksumAlgorithm): RunningChecksum {
  if (algorithm === 'CRC32') return crc('CRC32', crc32);
  if (algorithm === 'CRC32C') return crc('CRC32C', crc32c);
  return algorithm === 'CRC64NVME' ? crc64() : digest(algorithm);
}

/** The checksum of a content, by reading it. */
export async function checksumOf(content: Content, algorithm: ChecksumAlgorithm): Promise<string> {
  const running = runningChecksum(algorithm);
  for await (const chunk of content.read(0, content.size)) running.update(chunk);
  return running.value();
}

/** The header that carries a checksum, such as `x-amz-checksum-crc32`. */
export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** The element that carries it, such as `ChecksumCRC32`. */
export function checksumElement(algorithm: ChecksumAlgorithm): string {
  return `Checksum${algorithm}`;
}

/** An algorithm by the name that a header gives, capitals or not; `InvalidRequest` for others. */
export function algorithmNamed(name: string): ChecksumAlgorithm {
  const algorithm = CHECKSUM_ALGORITHMS.find((known) => known === name.toUpperCase());
  if (algorithm === undefined)
    throw new ServiceError('InvalidRequest', {
      message: `Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${CHECKSUM_ALGORITHMS.join(', ')}]`,
    });
  return algorithm;
}

/** Whether a value has the form of a checksum of this algorithm. */
export function isChecksum(algorithm: ChecksumAlgorithm, value: string): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(value) && Buffer.from(value, 'base64').length === BYTES[algorithm];
}

/** A part as the checksum of its object needs it. */
export interface ChecksummedPart {
  readonly checksum: string;
  /** Bytes. */
  readonly size: number;
}

/** The checksum of the parts' checksums, with the number of parts behind it. */
function compositeChecksum(algorithm: ChecksumAlgorithm, parts: readonly ChecksummedPart[]): string {
  const running = runningChecksum(algorithm);
  for (const part of parts) running.update(Buffer.from(part.checksum, 'base64'));
  return `${running.value()}-${parts.length}`;
}

const POLYNOMIALS: Partial<Record<ChecksumAlgorithm, bigint>> = { CRC32: 0xedb88320n, CRC32C: CRC32C_POLYNOMIAL, CRC64NVME: CRC64NVME_POLYNOMIAL };

/** The checksum of the whole object from those of its parts; only cyclic redundancy checks can do that. */
function fullObjectChecksum(algorithm: ChecksumAlgorithm, parts: readonly ChecksummedPart[]): string {
  const bytes = BYTES[algorithm];
  const polynomial = POLYNOMIALS[algorithm] as bigint;
  let whole = 0n;
  for (const part of parts) {
    const own = BigInt(`0x${Buffer.from(part.checksum, 'base64').toString('hex')}`);
    whole = combineCrcs(whole, own, part.size, polynomial, bytes === 8 ? 64 : 32);
  }
  return base64Of(whole, bytes);
}

/** The checksum of a completed upload. */
export function checksumOfParts(algorithm: ChecksumAlgorithm, type: StoredChecksum['type'], parts: readonly ChecksummedPart[]): StoredChecksum {
  const value = type === 'COMPOSITE' ? compositeChecksum(algorithm, parts) : fullObjectChecksum(algorithm, parts);
  return { algorithm, type, value };
}

/** The type that an upload gets when it names none; `InvalidRequest` for a pair that S3 does not have. */
export function checksumTypeFor(algorithm: ChecksumAlgorithm, wanted: string | undefined): StoredChecksum['type'] {
  const type = wanted ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
  const isPossible = type === 'COMPOSITE' ? algorithm !== 'CRC64NVME' : type === 'FULL_OBJECT' && algorithm in POLYNOMIALS;
  if (!isPossible)
    throw new ServiceError('InvalidRequest', { message: `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.` });
  return type as StoredChecksum['type'];
}
