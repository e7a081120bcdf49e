/** What proves that a copy is the source: equal ETags where both are MD5s, else equal checksums, else the service's word. */
import type { CopyMode, Proof } from '../books/outcomes.ts';
import { isStepFailure } from '../plan/reason-of-error.ts';
import type { WholeTask } from '../records/copy-task.ts';
import type { Checksums } from '../s3/checksum-names.ts';
import { headObject } from '../s3/head-object.ts';
import type { Encryption, ObjectHead } from '../s3/object-headers.ts';
import type { CopyRules, WholeSight } from './copy-rules.ts';
import { type CopyEnding, copied, failed } from './ending.ts';
import { copySource, type Sides } from './sides.ts';

/** What the service says of what it wrote. */
export interface Written {
  /** Without quotes. */
  readonly etag: string;
  readonly encryption: Encryption | null;
  readonly checksums: Checksums;
}

/** What is needed for a proof beside task and answer. */
export interface ProofContext {
  readonly sides: Sides;
  readonly rules: CopyRules;
  readonly sight: WholeSight;
}

/** Whether the ETag of an object with this encryption is made of MD5s. Under SSE-KMS and SSE-C it is not ("Checking object integrity"). */
export function hasMd5Etag(encryption: Encryption | null): boolean {
  return encryption === null || encryption.algorithm === 'AES256';
}

/** The proof of a part: none is needed where its ETag is an MD5, because complete computes the object's ETag from it. */
export function proofOfPart(written: Pick<Written, 'encryption'>): Proof | null {
  return hasMd5Etag(written.encryption) ? null : 'size';
}

/**
 * The ending of a whole object by what was written. Another ETag than the source's is right where the destination encrypts with KMS, or
 * where the source does. Then the checksums speak, where both sides store one: for that one HEAD reads the source's, unless it was read before.
 */
export async function proveWhole(task: WholeTask, written: Written, mode: CopyMode, context: ProofContext, signal: AbortSignal): Promise<CopyEnding> {
  const drift = context.rules.drift(task, written, context.sight);
  if (written.etag === task.etag) return copied(written.etag, 'etag', mode, { drift });
  const isOpaque = !hasMd5Etag(written.encryption);
  const head = task.etag === null || (isOpaque && !hasChecksums(task, written, context)) ? null : await sourceHead(task, isOpaque, context, signal);
  if (head === null) return copied(written.etag, 'size', mode, { drift });
  const checksums = compareChecksums(head.checksums, written.checksums);
  if (checksums === 'different' || (!isOpaque && hasMd5Etag(head.encryption))) {
    return failed('etag-mismatch', `the copy has ETag ${written.etag}, the source ${task.etag}${differing(checksums)}`, mode, written.etag);
  }
  return copied(written.etag, checksums === 'equal' ? 'checksum' : 'size', mode, { drift });
}

function differing(checksums: ReturnType<typeof compareChecksums>): string {
  return checksums === 'different' ? ', and their checksums differ' : '';
}

/** Whether both sides are likely to store a checksum. */
function hasChecksums(task: WholeTask, written: Written, { sight }: ProofContext): boolean {
  return Object.keys(written.checksums).length > 0 && (task.checksum !== null || sight.head !== null);
}

/** The source, still as it was copied. Where its ETag proves nothing anyway, one that cannot be read any more leaves the service's word. */
async function sourceHead(task: WholeTask, isOpaque: boolean, { sides, sight }: ProofContext, signal: AbortSignal): Promise<ObjectHead | null> {
  if (sight.head !== null) return sight.head;
  try {
    return await headObject(sides.source, { key: copySource(sides, task).key, checksumMode: true, ...(task.etag !== null && { ifMatch: task.etag }) }, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!isOpaque || isStepFailure(error)) throw error;
    return null;
  }
}

/** Compares the checksums that both sides have. One of all bytes and one of parts say nothing about each other. */
export function compareChecksums(a: Checksums, b: Checksums): 'equal' | 'different' | 'none' {
  const common = Object.keys(a).filter((algorithm) => Object.hasOwn(b, algorithm) && isOfParts(a[algorithm]) === isOfParts(b[algorithm]));
  if (common.length === 0) return 'none';
  return common.every((algorithm) => a[algorithm] === b[algorithm]) ? 'equal' : 'different';
}

function isOfParts(value: string | undefined): boolean {
  return value?.includes('-') === true;
}
