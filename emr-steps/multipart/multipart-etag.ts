/** The ETag of a multipart upload, computed from its parts. */
import { hash } from 'node:crypto';

const DIGEST = /^[0-9a-f]{32}$/;

/** The lower-case hexadecimal MD5 of some bytes: the ETag of a part or of an object of one part. */
export function md5Hex(bytes: Uint8Array): string {
  return hash('md5', bytes, 'hex');
}

/**
 * The ETag that CompleteMultipartUpload gives: the MD5 of the concatenated binary MD5s, a dash, the number of parts.
 *
 * @param partEtags - the parts' ETags in part order, without quotes; each the MD5 of its part
 * @returns null where an ETag is no MD5 (a part under SSE-KMS or SSE-C): nothing can be computed then
 */
export function multipartEtag(partEtags: readonly string[]): string | null {
  if (partEtags.length === 0 || !partEtags.every((etag) => DIGEST.test(etag))) return null;
  return `${hash('md5', Buffer.from(partEtags.join(''), 'hex'), 'hex')}-${partEtags.length}`;
}
