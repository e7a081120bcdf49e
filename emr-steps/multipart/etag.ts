/** What the form of an ETag says. ETags stand without quotes everywhere. */
import { MAX_PARTS } from './limits.ts';

/**
 * `digest`: 32 hexadecimal digits, the MD5 of the bytes unless SSE-KMS or SSE-C encrypted them (which the form does not tell);
 * `multipart`: the MD5 of the parts' MD5s and their number, with the same exception; `opaque`: anything else.
 */
export type EtagForm =
  | { readonly kind: 'digest'; readonly md5: string }
  | { readonly kind: 'multipart'; readonly digest: string; readonly parts: number }
  | { readonly kind: 'opaque'; readonly text: string };

const DIGEST = /^[0-9a-f]{32}$/;
const MULTIPART = /^([0-9a-f]{32})-([1-9]\d{0,4})$/;

/** The form of an ETag. */
export function parseEtag(etag: string): EtagForm {
  if (DIGEST.test(etag)) return { kind: 'digest', md5: etag };
  const [, digest, count] = MULTIPART.exec(etag) ?? [];
  if (digest === undefined || Number(count) > MAX_PARTS) return { kind: 'opaque', text: etag };
  return { kind: 'multipart', digest, parts: Number(count) };
}

/** The number of parts that the ETag ends in; null where it names none. */
export function partCountOf(etag: string): number | null {
  const form = etag.charCodeAt(32) === 0x2d ? parseEtag(etag) : null;
  return form?.kind === 'multipart' ? form.parts : null;
}

/** Whether the ETag may be the MD5 of the object's bytes. */
export function isDigest(etag: string | null): etag is string {
  return etag !== null && DIGEST.test(etag);
}
