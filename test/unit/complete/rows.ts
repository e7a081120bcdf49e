/** Rows of results for the tests of complete. */
import { md5Hex, multipartEtag } from '../../../emr-steps/multipart/multipart-etag.ts';
import type { CopyResult, PartResult, SettledResult, WholeResult } from '../../../emr-steps/records/copy-result.ts';

/** When the first part was done. */
export const SINCE = '2026-11-20 12:00:00';

/** The MD5 of a part's made-up bytes. */
export function partEtag(key: string, partNumber: number): string {
  return md5Hex(Buffer.from(`${key} ${partNumber}`));
}

/** The ETag of an object of so many made-up parts. */
export function sourceEtag(key: string, partCount: number): string {
  return multipartEtag(Array.from({ length: partCount }, (_, n) => partEtag(key, n + 1))) as string;
}

/** Bytes of each part. */
export const PART_BYTES = 10;

/** One part that arrived. */
export function part(key: string, partNumber: number, partCount: number, change: Partial<PartResult> = {}): PartResult {
  return {
    kind: 'part',
    key,
    sourceEtag: sourceEtag(key, partCount),
    size: partCount * PART_BYTES,
    outcome: 'copied',
    etag: partEtag(key, partNumber),
    proof: null,
    reason: null,
    detail: null,
    mode: 'server-side',
    attempt: 0,
    time: SINCE,
    uploadId: `upload of ${key}`,
    partNumber,
    partCount,
    range: partCount === 1 ? null : { firstByte: (partNumber - 1) * PART_BYTES, lastByte: partNumber * PART_BYTES - 1 },
    partMap: 'computed',
    checksum: null,
    drift: null,
    ...change,
  };
}

/** All parts of an object. */
export function parts(key: string, partCount: number, change: Partial<PartResult> = {}): readonly PartResult[] {
  return Array.from({ length: partCount }, (_, n) => part(key, n + 1, partCount, change));
}

/** A part that did not arrive. */
export function lost(row: PartResult, change: Partial<PartResult> = {}): PartResult {
  return { ...row, outcome: 'failed', etag: null, reason: 'throttled', detail: 'SlowDown', mode: null, ...change };
}

/** An object that one request copied. */
export function whole(key: string, change: Partial<WholeResult> = {}): WholeResult {
  return {
    kind: 'whole',
    key,
    sourceEtag: partEtag(key, 1),
    size: 7,
    outcome: 'copied',
    etag: partEtag(key, 1),
    proof: 'etag',
    reason: null,
    detail: null,
    mode: 'server-side',
    attempt: 1,
    time: SINCE,
    drift: null,
    ...change,
  };
}

/** An object that plan settled. */
export function settled(key: string): SettledResult {
  return { ...whole(key), kind: 'settled', outcome: 'skipped', etag: null, proof: null, reason: 'archived', detail: 'GLACIER', mode: null, drift: null };
}

/** The rows as batches of so many. */
export async function* batches(rows: readonly CopyResult[], size = 1000): AsyncGenerator<readonly CopyResult[]> {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
}
