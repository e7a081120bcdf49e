/**
 * Keys as the store holds them: one character per UTF-8 byte (`latin1`). JavaScript compares such strings in byte order, which is S3's listing order;
 * request targets and response bodies are bytes already, and an ASCII key is the same string either way.
 */

/** A key, prefix, delimiter or marker with one character (U+0000 to U+00FF) per byte of its UTF-8 form. Compare with `<`; cut at any byte. */
export type KeyBytes = string;

/** S3's limit on the length of a key, in bytes. */
export const MAX_KEY_BYTES = 1024;

// biome-ignore lint/suspicious/noControlCharactersInRegex: every ASCII character is meant, control characters too
const BEYOND_ASCII = /[^\x00-\x7f]/;

/** The bytes of a text, one character a byte: the inverse of {@link keyText}. */
export function keyBytes(text: string): KeyBytes {
  return BEYOND_ASCII.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}

/** The text whose UTF-8 form these bytes are; bytes that are not valid UTF-8 become U+FFFD. */
export function keyText(bytes: KeyBytes): string {
  return BEYOND_ASCII.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Whether these bytes are UTF-8 as S3 wants keys to be: no lone continuation bytes, overlong forms or surrogates. */
export function isValidUtf8(bytes: KeyBytes): boolean {
  if (!BEYOND_ASCII.test(bytes)) return true;
  try {
    strictUtf8.decode(Buffer.from(bytes, 'latin1'));
    return true;
  } catch {
    return false;
  }
}

/** The smallest string of bytes above every string that begins with `prefix`; null when there is none (empty, or nothing but 0xFF). */
export function afterPrefix(prefix: KeyBytes): KeyBytes | null {
  for (let at = prefix.length - 1; at >= 0; at--) {
    const byte = prefix.charCodeAt(at);
    if (byte < 0xff) return prefix.slice(0, at) + String.fromCharCode(byte + 1);
  }
  return null;
}

/** The smallest string of bytes above `key`: what "after this key" means as a first key. */
export function justAfter(key: KeyBytes): KeyBytes {
  return `${key}\0`;
}
