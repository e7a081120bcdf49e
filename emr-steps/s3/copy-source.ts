/** What a server-side copy reads. */
import { quoted } from './object-headers.ts';
import { encodeKey, encodeValue } from './uri.ts';

/** The object that is copied. */
export interface CopySource {
  readonly bucket: string;
  /** The whole key. */
  readonly key: string;
  /** The copy fails with 412 unless the source still has this ETag; null: whatever is there. */
  readonly etag: string | null;
}

/** A range of bytes, both ends included. */
export interface ByteRange {
  readonly firstByte: number;
  readonly lastByte: number;
}

/** The headers that name the source. */
export function copySourceHeaders(source: CopySource): Record<string, string> {
  const headers: Record<string, string> = { 'x-amz-copy-source': `/${encodeValue(source.bucket)}/${encodeKey(source.key)}` };
  if (source.etag !== null) headers['x-amz-copy-source-if-match'] = quoted(source.etag);
  return headers;
}

/** `bytes=0-9`. */
export function rangeHeader(range: ByteRange): string {
  return `bytes=${range.firstByte}-${range.lastByte}`;
}

/** Bytes in a range. */
export function rangeLength(range: ByteRange): number {
  return range.lastByte - range.firstByte + 1;
}
