/** What the destination's default encryption means for comparing: under SSE-KMS an ETag is no MD5, so every copy has another one. */
import type { Comparison as DiffComparison } from '../diff/diff-select.ts';
import type { RunRequest } from './run-request.ts';

type Comparison = RunRequest['diff']['compare'];

/** What a diff of two listings compares; checksums stand in no listing, and a request for them is a verification's. */
export function diffComparison({ diff }: Pick<RunRequest, 'diff'>): DiffComparison {
  return diff.compare === 'size' ? 'size' : 'etag';
}

/** Whether ETags of what is written under this default encryption say nothing of the bytes. @param algorithm - null: none, or not known */
export function hidesEtags(algorithm: string | null): boolean {
  return algorithm?.startsWith('aws:kms') ?? false;
}

/** Why the request's comparison would find everything different, and what to ask for instead; null where it can be done. */
export function comparisonProblem({ diff, destination, copy }: RunRequest, algorithm: string | null): string | null {
  const written = writtenWith(copy, algorithm);
  if (diff.engine === 'none' || diff.compare !== 'etag' || !hidesEtags(written)) return null;
  const because = written === algorithm ? `its default encryption is ${algorithm}` : `copies are encrypted by ${written}`;
  return `diff.compare (etag) cannot tell what is different in s3://${destination.bucket}: ${because}, where every copy gets another ETag, so all of it would be copied each time; compare by size instead (diff.compare size, --compare size), or verify against the ledger of the run (carillon verify --run)`;
}

/** What copies are encrypted with, as far as it is the same for all of them. */
function writtenWith({ encryption: { kind, keyMap } }: RunRequest['copy'], algorithm: string | null): string | null {
  if (keyMap !== undefined) return 'aws:kms';
  return kind === 'bucket-default' || kind === 'keep' ? algorithm : kind;
}

/** What a verification compares where no ledger proves a copy. @param asked - null: nobody has said */
export function verifyComparison(asked: Comparison | null, algorithm: string | null): Comparison {
  return asked ?? (hidesEtags(algorithm) ? 'checksum' : 'etag');
}
