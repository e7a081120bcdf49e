/** The rows of one object, gathered so that an object of 10,000 parts stays small: of a part that arrived, its ETag and size are kept. */
import type { Drift } from '../books/drift.ts';
import type { CopyMode } from '../books/outcomes.ts';
import type { ReasonCode } from '../books/reasons.ts';
import { rangeSize } from '../multipart/part-map.ts';
import type { ChecksumForm } from '../records/checksum-column.ts';
import type { CopyResult, PartResult, SettledResult, WholeResult } from '../records/copy-result.ts';
import type { PartMapSource } from '../records/copy-task.ts';

/** A part that arrived. */
export interface CopiedPart {
  /** Null only where nothing was sent (dry run). */
  readonly etag: string | null;
  readonly bytes: number;
  /** Base64; null where the completion need not name it, or where the row does not know it. */
  readonly checksum: string | null;
}

/** A part that did not. */
export interface LostPart {
  readonly outcome: 'skipped' | 'failed';
  readonly reason: ReasonCode;
  readonly detail: string | null;
}

/** One multipart upload with what became of its parts, by part number. */
export interface Upload {
  readonly uploadId: string;
  readonly sourceEtag: string | null;
  /** Bytes of the object. */
  readonly size: number;
  readonly partCount: number;
  readonly partMap: PartMapSource;
  /** What the upload was begun with; null: no checksum. */
  readonly checksum: ChecksumForm | null;
  /** What plan knows of the object's drift; null: nothing, or no part arrived that says it. */
  drift: Drift | null;
  readonly copied: Map<number, CopiedPart>;
  readonly lost: Map<number, LostPart>;
  /** Streaming as soon as one part was. */
  mode: CopyMode | null;
  /** The service said of a part that its ETag is no MD5. */
  opaqueEtags: boolean;
  /** Two rows give one part two ETags: only the service knows which one it holds. */
  contradictory: boolean;
  /** When the first part was done, `YYYY-MM-DD HH:MM:SS`. */
  since: string;
}

/** All rows of one object. */
export interface ObjectRows {
  readonly key: string;
  /** Rows that need no completion. */
  readonly direct: (WholeResult | SettledResult)[];
  /** Several only where the object was planned more than once. */
  readonly uploads: Upload[];
}

/** An object without rows. */
export function emptyObject(key: string): ObjectRows {
  return { key, direct: [], uploads: [] };
}

/** Adds a row to its object. */
export function addRow(object: ObjectRows, row: CopyResult): void {
  if (row.kind === 'part') addPart(uploadOf(object, row), row);
  else object.direct.push(row);
}

/** Whether every part of an upload has a row. */
export function hasAllRows(upload: Upload): boolean {
  return upload.copied.size + upload.lost.size === upload.partCount;
}

/** A string of its own: a column cut from a line keeps the whole chunk of input in memory. */
function detached(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

function uploadOf(object: ObjectRows, row: PartResult): Upload {
  const known = object.uploads.find((upload) => upload.uploadId === row.uploadId);
  if (known !== undefined) return known;
  const upload: Upload = {
    uploadId: detached(row.uploadId),
    sourceEtag: row.sourceEtag === null ? null : detached(row.sourceEtag),
    size: row.size,
    partCount: row.partCount,
    partMap: row.partMap,
    checksum: row.checksum === null ? null : { algorithm: detached(row.checksum.algorithm), type: row.checksum.type },
    drift: null,
    copied: new Map(),
    lost: new Map(),
    mode: null,
    opaqueEtags: false,
    contradictory: false,
    since: detached(row.time),
  };
  object.uploads.push(upload);
  return upload;
}

/** A part that arrived once has arrived, whatever another row says. */
function addPart(upload: Upload, row: PartResult): void {
  const { partNumber, etag, mode } = row;
  if (row.outcome !== 'copied') {
    if (!upload.copied.has(partNumber)) upload.lost.set(partNumber, { outcome: row.outcome, reason: row.reason ?? 'unexpected', detail: row.detail });
    return;
  }
  const known = upload.copied.get(partNumber);
  if (known !== undefined && known.etag !== etag) upload.contradictory = true;
  const value = row.checksum?.value ?? null;
  const checksum = value === null ? null : detached(value);
  upload.copied.set(partNumber, { etag: etag === null ? null : detached(etag), bytes: rangeSize(row.range, row.size), checksum });
  upload.lost.delete(partNumber);
  if (upload.drift === null && row.drift !== null) upload.drift = detached(row.drift);
  if (upload.mode !== 'streaming' && mode !== null) upload.mode = mode;
  if (row.proof !== null && row.proof !== 'etag') upload.opaqueEtags = true;
  if (row.time < upload.since) upload.since = detached(row.time);
}
