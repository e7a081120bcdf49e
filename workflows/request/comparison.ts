/** What the destination's default encryption means for comparing: under SSE-KMS an ETag is no MD5, so every copy has another one. */
import type { Comparison } from '../diff/diff-select.ts';
import type { RunRequest } from './run-request.ts';

/** Whether ETags of what is written under this default encryption say nothing of the bytes. @param algorithm - null: none, or not known */
export function hidesEtags(algorithm: string | null): boolean {
  return algorithm?.startsWith('aws:kms') ?? false;
}

/** Why the request's comparison would find everything different, and what to ask for instead; null where it can be done. */
export function comparisonProblem({ diff, destination }: RunRequest, algorithm: string | null): string | null {
  if (diff.engine === 'none' || diff.compare !== 'etag' || !hidesEtags(algorithm)) return null;
  return `diff.compare (etag) cannot tell what is different in s3://${destination.bucket}: its default encryption is ${algorithm}, where every copy gets another ETag, so all of it would be copied each time; compare by size instead (diff.compare size, --compare size), or verify against the ledger of the run (carillon verify --run)`;
}

/** What a verification compares where no ledger proves a copy. @param asked - null: nobody has said */
export function verifyComparison(asked: Comparison | null, algorithm: string | null): Comparison {
  return asked ?? (hidesEtags(algorithm) ? 'size' : 'etag');
}
