/** What the headers of HeadObject and GetObject say about an object. */

/** Raw header name (lower case) to raw value (latin1) of exactly what a copy must keep. */
export type KeptHeaders = Readonly<Record<string, string>>;

/** `customer`: SSE-C, whose key only the client has. `other`: a kind that this program does not know. */
export type EncryptionAlgorithm = 'AES256' | 'aws:kms' | 'aws:kms:dsse' | 'customer' | 'other';

/** How an object is encrypted. Only under `AES256` (SSE-S3) is the ETag an MD5 of the bytes. */
export interface Encryption {
  readonly algorithm: EncryptionAlgorithm;
  readonly kmsKeyId: string | null;
}

/** An object, or one part of it, as its headers describe it. */
export interface ObjectHead {
  /** Bytes of the object, or of the part or range that was asked for (`content-length`). */
  readonly size: number;
  /** Bytes of the whole object where only a piece was asked for (`content-range`); else null. */
  readonly objectSize: number | null;
  /** Without quotes. */
  readonly etag: string | null;
  readonly lastModified: Date | null;
  /** `STANDARD` where the header is absent. */
  readonly storageClass: string;
  /** Of INTELLIGENT_TIERING: `ARCHIVE_ACCESS` or `DEEP_ARCHIVE_ACCESS`, which cannot be read. */
  readonly archiveStatus: string | null;
  /** `x-amz-restore` as it is. */
  readonly restore: string | null;
  /** Parts of the upload; null means unknown, never one. */
  readonly partsCount: number | null;
  readonly tagCount: number;
  readonly kept: KeptHeaders;
  readonly encryption: Encryption | null;
  /** Suffix of `x-amz-checksum-` to value, such as `crc64nvme`. */
  readonly checksums: Readonly<Record<string, string>>;
  /** `FULL_OBJECT` or `COMPOSITE`. */
  readonly checksumType: string | null;
  readonly versionId: string | null;
  /** Whether the headers show a retention or a legal hold; they do so only to who may read them. */
  readonly isLocked: boolean;
}

/** Headers of an answer: lower-case names. */
export type AnswerHeaders = Readonly<Record<string, string>>;

const KEPT = new Set([
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
  'x-amz-website-redirect-location',
]);
const METADATA = 'x-amz-meta-';
const CHECKSUM = 'x-amz-checksum-';
const NO_CHECKSUM = new Set([`${CHECKSUM}type`, `${CHECKSUM}algorithm`]);
const ALGORITHMS: readonly string[] = ['AES256', 'aws:kms', 'aws:kms:dsse'] satisfies readonly EncryptionAlgorithm[];

/** The headers that a copy must keep, as they are. */
export function keptHeaders(headers: AnswerHeaders): KeptHeaders {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (KEPT.has(name) || name.startsWith(METADATA)) kept[name] = value;
  }
  return kept;
}

/** The checksums that S3 stored, by algorithm. */
export function checksumsOf(headers: AnswerHeaders): Record<string, string> {
  const checksums: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(CHECKSUM) && !NO_CHECKSUM.has(name)) checksums[name.slice(CHECKSUM.length)] = value;
  }
  return checksums;
}

/** How the object of an answer is encrypted; null when no header says so. */
export function encryptionOf(headers: AnswerHeaders): Encryption | null {
  if (headers['x-amz-server-side-encryption-customer-algorithm'] !== undefined) return { algorithm: 'customer', kmsKeyId: null };
  const algorithm = headers['x-amz-server-side-encryption'];
  if (algorithm === undefined) return null;
  const known = ALGORITHMS.includes(algorithm) ? (algorithm as EncryptionAlgorithm) : 'other';
  return { algorithm: known, kmsKeyId: headers['x-amz-server-side-encryption-aws-kms-key-id'] ?? null };
}

/** An ETag without its quotes. */
export function unquoted(etag: string): string {
  return etag.replace(/^"|"$/g, '');
}

/** An ETag in quotes, as `If-Match` wants it. */
export function quoted(etag: string): string {
  return `"${unquoted(etag)}"`;
}

function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^[0-9]+$/.test(text) ? Number(text) : null;
}

function dateOf(text: string | undefined): Date | null {
  const date = new Date(text ?? '');
  return Number.isNaN(date.getTime()) ? null : date;
}

/** Reads the headers of HeadObject and GetObject. */
export function objectHead(headers: AnswerHeaders): ObjectHead {
  const etag = headers.etag;
  return {
    size: numberOf(headers['content-length']) ?? 0,
    objectSize: numberOf(/\/([0-9]+)$/.exec(headers['content-range'] ?? '')?.[1]),
    etag: etag === undefined ? null : unquoted(etag),
    lastModified: dateOf(headers['last-modified']),
    storageClass: headers['x-amz-storage-class'] ?? 'STANDARD',
    archiveStatus: headers['x-amz-archive-status'] ?? null,
    restore: headers['x-amz-restore'] ?? null,
    partsCount: numberOf(headers['x-amz-mp-parts-count']),
    tagCount: numberOf(headers['x-amz-tagging-count']) ?? 0,
    kept: keptHeaders(headers),
    encryption: encryptionOf(headers),
    checksums: checksumsOf(headers),
    checksumType: headers[`${CHECKSUM}type`] ?? null,
    versionId: headers['x-amz-version-id'] ?? null,
    isLocked: headers['x-amz-object-lock-mode'] !== undefined || headers['x-amz-object-lock-legal-hold'] === 'ON',
  };
}
