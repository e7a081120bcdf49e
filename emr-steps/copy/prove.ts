/** What proves that a copy is the source: equal ETags where both are MD5s, else equal checksums, else the service's word. */
import type { CopyMode, Proof } from '../books/outcomes.ts';
import type { WholeTask } from '../records/copy-task.ts';
import { headObject } from '../s3/head-object.ts';
import type { Encryption } from '../s3/object-headers.ts';
import { type CopyEnding, copied, failed } from './ending.ts';
import { copySource, type Sides } from './sides.ts';

/** What the service says of what it wrote. */
export interface Written {
  /** Without quotes. */
  readonly etag: string;
  readonly encryption: Encryption | null;
  /** Algorithm to value, such as `crc64nvme`. */
  readonly checksums?: Readonly<Record<string, string>> | undefined;
}

/** Whether the ETag of an object with this encryption is made of MD5s. Under SSE-KMS and SSE-C it is not ("Checking object integrity"). */
export function hasMd5Etag(encryption: Encryption | null): boolean {
  return encryption === null || encryption.algorithm === 'AES256';
}

/** The proof of a part: none is needed where its ETag is an MD5, because complete computes the object's ETag from it. */
export function proofOfPart(written: Written): Proof | null {
  return hasMd5Etag(written.encryption) ? null : 'size';
}

/**
 * The ending of a whole object by what was written. Another ETag than the source's is right where the destination encrypts with KMS, or
 * where the source does: then one HEAD of it tells, and whether both store the same checksum.
 */
export async function proveWhole(task: WholeTask, written: Written, mode: CopyMode, sides: Sides, signal: AbortSignal): Promise<CopyEnding> {
  if (written.etag === task.etag) return copied(written.etag, 'etag', mode);
  if (task.etag === null || !hasMd5Etag(written.encryption)) return copied(written.etag, 'size', mode);
  const head = await headObject(sides.source, { key: copySource(sides, task).key, checksumMode: true, ifMatch: task.etag }, signal);
  const checksums = compareChecksums(head.checksums, written.checksums ?? {});
  if (hasMd5Etag(head.encryption) || checksums === 'different') {
    return failed('etag-mismatch', `the copy has ETag ${written.etag}, the source ${task.etag}`, mode, written.etag);
  }
  return copied(written.etag, checksums === 'equal' ? 'checksum' : 'size', mode);
}

/** Compares the checksums that both sides have. */
export function compareChecksums(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): 'equal' | 'different' | 'none' {
  const common = Object.keys(a).filter((algorithm) => Object.hasOwn(b, algorithm));
  if (common.length === 0) return 'none';
  return common.every((algorithm) => a[algorithm] === b[algorithm]) ? 'equal' : 'different';
}
