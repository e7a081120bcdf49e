/** Which checksum a copy is asked to store, and what became of the source's. */
import type { Fate } from '../books/drift.ts';
import type { ChecksumForm } from '../records/checksum-column.ts';
import { type Checksums, checksumHeader, checksumIn } from '../s3/checksum-names.ts';
import type { ObjectHead } from '../s3/object-headers.ts';
import { canCompute } from '../s3/running-checksum.ts';
import type { Fidelity } from './fidelity.ts';

/** Algorithms of which S3 makes a checksum of all bytes, whatever they came in ("Full object and composite checksum types"). */
const FULL_OBJECT = new Set(['CRC32', 'CRC32C', 'CRC64NVME']);
/** Algorithms that an object of one part may have. */
const OF_ONE_PART = new Set([...FULL_OBJECT, 'SHA1', 'SHA256']);

type Headers = Readonly<Record<string, string>>;

/**
 * The checksum that a copy in parts is begun with; null where none is carried. COMPOSITE ones need the checksum of every part, which a
 * streamed part gets only where it can be computed here; without a word on the type S3's own default is taken.
 */
export function carriedChecksum(listed: ChecksumForm | null, { checksums }: Fidelity): ChecksumForm | null {
  if (listed === null || checksums === 'ignore') return null;
  const { algorithm } = listed;
  const type = listed.type ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
  const isPossible = type === 'FULL_OBJECT' ? FULL_OBJECT.has(algorithm) : canCompute(algorithm);
  return isPossible ? { algorithm, type } : null;
}

/** Headers of CreateMultipartUpload. */
export function uploadChecksumHeaders(carried: ChecksumForm | null): Headers {
  if (carried === null) return {};
  return { 'x-amz-checksum-algorithm': carried.algorithm, ...(carried.type === null ? {} : { 'x-amz-checksum-type': carried.type }) };
}

/** Headers of CopyObject. AWS takes the source's algorithm unasked; others do it only when asked. */
export function copyChecksumHeaders(listed: ChecksumForm | null, { checksums }: Fidelity): Headers | null {
  return listed === null || checksums === 'ignore' || !OF_ONE_PART.has(listed.algorithm) ? null : { 'x-amz-checksum-algorithm': listed.algorithm };
}

/** Headers of PutObject: the source's own checksum, by which the service judges the bytes. A composite one is not of the bytes. */
export function putChecksumHeaders({ checksums: stored, checksumType }: ObjectHead, { checksums }: Fidelity): Headers {
  if (checksums === 'ignore' || checksumType === 'COMPOSITE') return {};
  const algorithm = [...OF_ONE_PART].find((name) => checksumIn(stored, name) !== null);
  const value = algorithm === undefined ? null : checksumIn(stored, algorithm);
  return algorithm === undefined || value === null || value.includes('-') ? {} : { [checksumHeader(algorithm)]: value };
}

/** What became of the source's checksum. `source`: its algorithms, in any case of letters. */
export function checksumFate(source: readonly string[], copy: Checksums): Fate {
  if (source.length === 0) return 'none';
  return source.every((algorithm) => checksumIn(copy, algorithm) !== null) ? 'kept' : 'lost';
}
