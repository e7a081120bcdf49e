/** How an upload ends, and which end is an object's where it has several. */
import type { Proof } from '../books/outcomes.ts';
import { type ReasonCode, reasonClass } from '../books/reasons.ts';
import type { Checksums } from '../s3/checksum-names.ts';
import type { LostPart, Upload } from './upload-rows.ts';

/** It was completed, and this proves it. */
export interface CompletedUpload {
  readonly outcome: 'copied';
  readonly etag: string | null;
  readonly proof: Proof;
  /** The checksums that the destination stores; null where nobody looked. */
  readonly checksums: Checksums | null;
}

/** It was not, for this reason. */
export interface FailedUpload {
  readonly outcome: 'skipped' | 'failed';
  readonly reason: ReasonCode;
  readonly detail: string | null;
  /** The ETag that was refused; null where there was none. */
  readonly etag: string | null;
}

/** The end of one upload. */
export type UploadEnd = CompletedUpload | FailedUpload;

/** A failed end. */
export function failed(reason: ReasonCode, detail: string | null, etag: string | null = null): FailedUpload {
  return { outcome: 'failed', reason, detail, etag };
}

/**
 * Which lost part speaks for its object, the least first:
 *
 * | rank | part | why |
 * |---|---|---|
 * | 0 | skipped (archived) | nobody's fault, and no other part will fare better |
 * | 1 | source vanished or changed | what was listed is gone: another round would plan something else |
 * | 2 | any retryable reason | another round may settle it, and meets the final one again if it stays |
 * | 3 | any other final reason | |
 */
function rank(part: LostPart): number {
  if (part.outcome === 'skipped') return 0;
  if (part.reason === 'source-vanished' || part.reason === 'source-changed') return 1;
  return reasonClass(part.reason) === 'retryable' ? 2 : 3;
}

/** Part numbers that a message names; the rest are counted. */
const NAMED_PARTS = 5;

function numbersWithoutRow(upload: Upload): readonly number[] {
  const numbers: number[] = [];
  for (let n = 1; n <= upload.partCount; n += 1) if (!upload.copied.has(n) && !upload.lost.has(n)) numbers.push(n);
  return numbers;
}

function firstLost(upload: Upload): readonly [number, LostPart] | null {
  const all = [...upload.lost].sort(([a, left], [b, right]) => rank(left) - rank(right) || a - b);
  return all[0] ?? null;
}

function missingParts(numbers: readonly number[], partCount: number): FailedUpload {
  const named = numbers.slice(0, NAMED_PARTS).join(', ');
  const further = numbers.length > NAMED_PARTS ? ` and ${numbers.length - NAMED_PARTS} more` : '';
  return failed('part-missing', `no result of part ${named}${further} of ${partCount}`);
}

/** The end of an upload whose parts did not all arrive; null where they did. */
export function endOfLostParts(upload: Upload): FailedUpload | null {
  const lost = firstLost(upload);
  if (lost !== null) {
    const [number, part] = lost;
    const others = upload.lost.size > 1 ? ` (and ${upload.lost.size - 1} further parts)` : '';
    return { outcome: part.outcome, reason: part.reason, detail: `part ${number} of ${upload.partCount}${others}: ${part.detail ?? part.reason}`, etag: null };
  }
  return upload.copied.size === upload.partCount ? null : missingParts(numbersWithoutRow(upload), upload.partCount);
}

const ORDER = { copied: 0, skipped: 1, failed: 2 } as const;

/** Whether `a` is a better end of an object than `b`: copied before skipped before failed. */
export function isBetter(a: { readonly outcome: keyof typeof ORDER }, b: { readonly outcome: keyof typeof ORDER }): boolean {
  return ORDER[a.outcome] < ORDER[b.outcome];
}
