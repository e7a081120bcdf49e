/** Percent-encoding of bytes, as request targets, `x-amz-copy-source`, tag headers, signatures and `encoding-type=url` use it. */
import type { KeyBytes } from './key-bytes.ts';

const ENCODED: readonly string[] = Array.from({ length: 256 }, (_, byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`);

const MALFORMED = /%(?![0-9a-fA-F]{2})/;

/** Undoes percent-encoding; `+` means a space, as S3 reads it in paths and queries alike. Null for a `%` without two hexadecimal digits. */
export function decodePercent(text: string): KeyBytes | null {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  if (MALFORMED.test(spaced)) return null;
  return spaced.replace(/%([0-9a-fA-F]{2})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** RFC 3986, as Signature Version 4 wants query strings: everything but letters, digits and `-._~`. */
export function encodeStrict(bytes: KeyBytes): string {
  return /^[\w.~-]*$/.test(bytes) ? bytes : bytes.replace(/[^\w.~-]/g, (byte) => ENCODED[byte.charCodeAt(0)] as string);
}

/** The same, but slashes stay: the canonical path of Signature Version 4. */
export function encodePath(bytes: KeyBytes): string {
  return /^[\w.~/-]*$/.test(bytes) ? bytes : bytes.replace(/[^\w.~/-]/g, (byte) => ENCODED[byte.charCodeAt(0)] as string);
}

/** What `encoding-type=url` makes of a key: letters, digits and `-._*` and slashes stay, a space becomes `+`. */
export function encodeListed(bytes: KeyBytes): string {
  if (/^[\w.*/-]*$/.test(bytes)) return bytes;
  return bytes.replace(/[^\w.*/-]/g, (byte) => (byte === ' ' ? '+' : (ENCODED[byte.charCodeAt(0)] as string)));
}
