/** The ledger row of an object, from its rows or from the end of its upload. */
import { type Drift, fateIn, withFates } from '../books/drift.ts';
import type { StepContext } from '../hadoop/step-context.ts';
import type { SettledResult, WholeResult } from '../records/copy-result.ts';
import type { LedgerRow } from '../records/ledger-row.ts';
import { encodeTime } from '../records/time.ts';
import { checksumIn } from '../s3/checksum-names.ts';
import { type CompletedUpload, isBetter, type UploadEnd } from './upload-end.ts';
import type { Upload } from './upload-rows.ts';

/** A whole or settled object passes through. */
export function ledgerOfRow(row: WholeResult | SettledResult, destinationPrefix: string, round: number): LedgerRow {
  const { key, size, sourceEtag, outcome, reason, mode, attempt, time, detail, drift } = row;
  const proof = outcome !== 'copied' ? null : (row.proof ?? (row.etag !== null && row.etag === sourceEtag ? 'etag' : 'size'));
  const destinationKey = destinationPrefix + key;
  return { key, destinationKey, size, sourceEtag, destinationEtag: row.etag, parts: 0, outcome, reason, proof, mode, round, attempt, time, detail, drift };
}

/** The best of several rows of one object: an object that was listed twice was copied twice. */
export function bestRow<T extends WholeResult | SettledResult>(rows: readonly T[]): T | null {
  let best: T | null = null;
  for (const row of rows) if (best === null || isBetter(row, best) || (!isBetter(best, row) && row.time > best.time)) best = row;
  return best;
}

/** An upload that was completed, or was not. */
export function ledgerOfUpload(key: string, upload: Upload, end: UploadEnd, destinationPrefix: string, context: StepContext): LedgerRow {
  const copied = end.outcome === 'copied';
  return {
    key,
    destinationKey: destinationPrefix + key,
    size: upload.size,
    sourceEtag: upload.sourceEtag,
    destinationEtag: end.etag,
    parts: copied ? upload.partCount : 0,
    outcome: end.outcome,
    reason: copied ? null : end.reason,
    proof: copied ? end.proof : null,
    mode: upload.mode,
    round: context.round,
    attempt: context.taskAttempt.number,
    time: encodeTime(context.now()),
    detail: copied ? null : end.detail,
    drift: copied ? driftOf(upload, end) : null,
  };
}

/** What plan knew, and what the completion showed: the ETag, and whether the checksum that was asked for is there. */
function driftOf({ drift, sourceEtag, checksum }: Upload, { etag, checksums }: CompletedUpload): Drift | null {
  if (drift === null) return null;
  const ofEtag = etag !== null && etag === sourceEtag ? ({ etag: 'kept' } as const) : {};
  if (checksum === null || fateIn(drift, 'checksum') !== 'kept') return withFates(ofEtag, drift);
  const isThere = checksums === null ? null : checksumIn(checksums, checksum.algorithm) !== null;
  return withFates({ ...ofEtag, checksum: isThere === null ? 'unseen' : isThere ? 'kept' : 'lost' }, drift);
}
